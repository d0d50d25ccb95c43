import type { Crew } from "../crews/crew.ts";

/**
 * The parts of a crew that decide what is done when, without a word of what its agents are told: all that a workflow's history
 * holds of it, and that lies in clear of a confidential job's. The same as `job_crew_outline` in the database.
 */
export const outlineOf = (crew: Crew): Crew => ({
  ...crew,
  description: "",
  input: {},
  agents: crew.agents.map(({ id }) => ({ id, role: "", goal: "", tools: [] })),
  tasks: crew.tasks.map((task) => ({ ...task, description: "", expectedOutput: "", guardrails: [] })),
});
