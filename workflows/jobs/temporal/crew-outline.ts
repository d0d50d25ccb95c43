import type { Crew } from "../../crews/crew.ts";

/**
 * The parts of a crew that decide what is done when. What its agents are told stays in the jobs table: a workflow's history
 * holds none of it, and stays small.
 */
export const outlineOf = (crew: Crew): Crew => ({
  ...crew,
  description: "",
  input: {},
  agents: crew.agents.map(({ id }) => ({ id, role: "", goal: "", tools: [] })),
  tasks: crew.tasks.map((task) => ({ ...task, description: "", expectedOutput: "", guardrails: [] })),
});
