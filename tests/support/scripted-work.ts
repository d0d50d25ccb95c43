import type { Mode } from "../../platform/egress/egress-class.ts";
import type { TaskRequest, TaskResult } from "../../workflows/crews/steps.ts";
import type { TaskRun, TaskWork } from "../../workflows/jobs/do-task.ts";

export interface ScriptedWork extends TaskWork {
  /** Keys of attempts in the order in which they began. */
  readonly began: readonly string[];
  /** Keys of attempts that gave a result. */
  readonly ended: readonly string[];
  /** Keys of attempts whose signal fired. */
  readonly aborted: readonly string[];
  /** Modes of the jobs of attempts, in the order in which they began. */
  readonly modes: readonly Mode[];
  /** Keys of choices that the manager made. */
  readonly assigned: readonly string[];
}

/** A result with a text. */
export const said = (text: string, tokens = 10): TaskResult => ({
  status: "ok",
  output: { text, citations: [] },
  usage: { tokens, cost: 0.01 },
});

/** The task's id, and the texts of what it was given. */
export const echo = ({ task, context }: TaskRequest): TaskResult =>
  said([task.id, ...Object.values(context).map(({ text }) => text)].join(" < "));

/** Does not end by itself. */
export const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/** The work of tasks as a test says it; keeps nothing by key, so that what an engine runs twice is seen. */
export const scriptedWork = (
  script: (request: TaskRequest, run: TaskRun) => TaskResult | Promise<TaskResult> = echo,
): ScriptedWork => {
  const began: string[] = [];
  const ended: string[] = [];
  const aborted: string[] = [];
  const assigned: string[] = [];
  const modes: Mode[] = [];
  return {
    modes,
    began,
    ended,
    aborted,
    assigned,
    async doTask({ mode }, request, run) {
      began.push(request.key);
      modes.push(mode);
      const note = () => aborted.push(request.key);
      run.signal.addEventListener("abort", note, { once: true });
      try {
        const result = await script(request, run);
        ended.push(request.key);
        return result;
      } finally {
        run.signal.removeEventListener("abort", note);
      }
    },
    async assign(_job, { key, agents, tasks }) {
      assigned.push(key);
      return {
        agents: Object.fromEntries(tasks.map(({ id }, index) => [id, agents[index % agents.length]!.id])),
        usage: { tokens: 1, cost: 0 },
      };
    },
  };
};
