import type { CrewAgent, CrewTask } from "../crews/crew.ts";
import type { AskModel } from "./ask-model.ts";
import { readJson } from "./guardrails/read-json.ts";
import { stemsOf } from "./ways/pick-sentences.ts";

export interface AssignmentQuestion {
  readonly manager: CrewAgent;
  readonly agents: readonly CrewAgent[];
  readonly tasks: readonly CrewTask[];
}

/** The agent whose role, goal and tools share most words with a task; of equals the one that has less to do. */
export const assignByWords = ({ agents, tasks }: AssignmentQuestion): Record<string, string> => {
  const load = new Map(agents.map(({ id }) => [id, 0]));
  const stems = new Map(
    agents.map(({ id, role, goal, tools }) => [id, stemsOf([role, goal, ...tools].join(" ").replaceAll("_", " "))]),
  );
  return Object.fromEntries(
    tasks.map((task) => {
      const wanted = [...stemsOf(`${task.id} ${task.description}`.replaceAll("_", " "))];
      const [best] = agents
        .map(({ id }) => ({ id, score: wanted.filter((stem) => stems.get(id)?.has(stem)).length }))
        .sort((left, right) => right.score - left.score || (load.get(left.id) ?? 0) - (load.get(right.id) ?? 0));
      const agent = best!.id;
      load.set(agent, (load.get(agent) ?? 0) + 1);
      return [task.id, agent];
    }),
  );
};

/** What the manager says: agents by task. What it leaves out, or gives to nobody there, is assigned by words. */
export const assignByModel = async (question: AssignmentQuestion, ask: AskModel) => {
  const { manager, agents, tasks } = question;
  const { text, usage } = await ask([
    {
      role: "system",
      content: `You are ${manager.role}. Your goal: ${manager.goal}\n\n${manager.backstory ?? ""}`.trim(),
    },
    {
      role: "user",
      content: `Who of your team does which task? Answer with one JSON object and nothing else: the id of each task with the id \
of an agent.\n\nAgents:\n${agents.map(({ id, role, goal }) => `- ${id}: ${role}. ${goal}`).join("\n")}\n\nTasks:\n${tasks
        .map(({ id, description }) => `- ${id}: ${description}`)
        .join("\n")}`,
    },
  ]);
  const chosen = readJson(text)?.value;
  const known = new Set(agents.map(({ id }) => id));
  const byModel = typeof chosen === "object" && chosen !== null ? Object.entries(chosen) : [];
  const valid = byModel.filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === "string" && known.has(entry[1]) && tasks.some(({ id }) => id === entry[0]),
  );
  return { agents: { ...assignByWords(question), ...Object.fromEntries(valid) }, usage };
};
