import { appendFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Crew } from "../../workflows/crews/crew.ts";
import { crewSchema } from "../../workflows/crews/crew-schema.ts";
import type { TaskWork } from "../../workflows/jobs/do-task.ts";
import type { TaskRecords } from "../../workflows/jobs/job-store.ts";
import { createTaskWork } from "../../workflows/task-work/create-task-work.ts";
import { scriptedModel, toolOf, usualDeps } from "./task-work.ts";

const lineOf = (text: string): string | undefined => /Write the line (\S+)/.exec(text)?.[1];

/** A crew whose every task has one effect; every other task is done by an agent with a model, the rest without one. */
export const loggedCrew = (tasks: readonly { readonly id: string; readonly needs?: readonly string[] }[]): Crew => {
  const agent = { role: "a writer", goal: "Write lines", tools: ["write_line"] };
  return crewSchema.parse({
    id: "log",
    description: "Writes lines.",
    process: "graph",
    agents: [
      { id: "reader", ...agent, model: "openai/stub" },
      { id: "clerk", ...agent },
    ],
    tasks: tasks.map((task, index) => ({
      ...task,
      agent: index % 2 === 0 ? "reader" : "clerk",
      description: `Write the line ${task.id}`,
      expected_output: "A line.",
      without_model: "call_tools",
    })),
    limits: { steps: 1_000 },
  });
};

/** Calls the tool with what the task says, and is content with what it gave. */
const { models } = scriptedModel(({ messages }) => {
  const told = messages.flatMap(({ content }) => lineOf(String(content)) ?? []).at(-1);
  const isDone = messages.some(({ role }) => role === "tool");
  return isDone ? "It is there." : { calls: [{ name: "write_line", arguments: { text: `Write the line ${told}` } }] };
});

export interface LoggedWorkDeps {
  readonly records: TaskRecords;
  readonly toolLog: string;
  /** Longest wait of an attempt before it does anything. */
  readonly slowestMs: number;
  /** Told of each attempt at a round, and of each call that begins to write. */
  readonly onMove?: (what: "begins" | "writes", key: string) => void;
}

/**
 * The product's own work of tasks, with its rounds, its journal and one tool that writes `JOB/TASK` into a log of its own: a process
 * may die before the line, after it, or before it is noted that it is there.
 */
export const createLoggedWork = ({
  records,
  toolLog,
  slowestMs,
  onMove = () => undefined,
}: LoggedWorkDeps): TaskWork => {
  const writeLine = toolOf("write_line", {
    effect: "write",
    description: "Writes a line.",
    parameters: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
    async run({ text }, { job, idempotencyKey, signal }) {
      onMove("writes", idempotencyKey);
      const since = performance.now();
      await delay(Math.random() * 5, undefined, { signal });
      // Who slept longer may have lost the work meanwhile, and hears of it now.
      if (performance.now() - since > 200) await delay(1_000, undefined, { signal });
      appendFileSync(toolLog, `${job.id}/${lineOf(String(text))}\n`);
      await delay(Math.random() * 10);
      return { status: "ok", text: "It is there.", sources: [] };
    },
  });
  const work = createTaskWork({
    ...usualDeps,
    models: { ...models, answerModel: undefined },
    records,
    tools: () => [writeLine],
  });
  return {
    ...work,
    async doTask(job, request, run) {
      onMove("begins", request.key);
      await delay(Math.random() * slowestMs, undefined, { signal: run.signal });
      return work.doTask(job, request, run);
    },
  };
};
