import {
  type Decision,
  type Steps,
  stepNameOf,
  type TaskRequest,
  type TaskResult,
} from "../../workflows/crews/steps.ts";

export interface RecordedSteps {
  readonly steps: Steps;
  /** Rounds that were really run, in order, by key. */
  readonly ran: string[];
  readonly events: string[];
  readonly asked: string[];
  /** Goes on from what is recorded, as an engine does after a crash: the program runs from its start again. */
  replay(): void;
}

/** An engine in memory: what a step gave is recorded by its key and given again in a replay. */
export const recordedSteps = ({
  run,
  decide = () => ({ decision: "approve", by: "ada" }),
  mayRun = () => true,
  tick = 1_000,
}: {
  readonly run: (request: TaskRequest) => TaskResult | Promise<TaskResult>;
  readonly decide?: (key: string) => Decision;
  /** False: the process dies instead of beginning another step. */
  readonly mayRun?: () => boolean;
  /** Milliseconds that a step takes. */
  readonly tick?: number;
}): RecordedSteps => {
  const results = new Map<string, unknown>();
  const ran: string[] = [];
  const events: string[] = [];
  const asked: string[] = [];
  let now = Date.parse("2026-11-21T12:00:00Z");
  const record = async <Result>(key: string, work: () => Result | Promise<Result>): Promise<Result> => {
    await Promise.resolve();
    if (results.has(key)) return results.get(key) as Result;
    if (!mayRun()) return new Promise(() => undefined);
    const working = work();
    now += tick;
    const result = await working;
    results.set(key, result);
    return result;
  };
  return {
    ran,
    events,
    asked,
    replay() {
      now = Date.parse("2026-11-21T12:00:00Z");
    },
    steps: {
      runTask: (request, allowance) =>
        record(stepNameOf(request), () => {
          const { tokens: tokensLeft, seconds: timeoutSeconds } = allowance();
          ran.push(request.key);
          return run({ ...request, tokensLeft, timeoutSeconds });
        }),
      assign: ({ key, agents, tasks }) =>
        record(key, () => ({
          agents: Object.fromEntries(tasks.map(({ id }, index) => [id, agents[index % agents.length]!.id])),
          usage: { tokens: 1, cost: 0 },
        })),
      awaitApproval: (key) =>
        record(key, () => {
          asked.push(key);
          now += 86_400_000;
          return decide(key);
        }),
      async emit({ id }) {
        if (!events.includes(id)) events.push(id);
      },
      now: () => now,
    },
  };
};
