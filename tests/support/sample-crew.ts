import type { Crew } from "../../workflows/crews/crew.ts";
import { crewSchema } from "../../workflows/crews/crew-schema.ts";

/** A crew of one agent with these tasks, one after the other. */
export const sampleCrew = (tasks: readonly string[] = ["find", "write"], change: object = {}): Crew =>
  crewSchema.parse({
    id: "research",
    description: "Finds and writes.",
    agents: [{ id: "worker", role: "Worker", goal: "Work" }],
    tasks: tasks.map((id) => ({ id, description: "Do it.", expected_output: "Done.", without_model: "extract" })),
    ...change,
  });
