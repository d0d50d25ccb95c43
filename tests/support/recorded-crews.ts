import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Crew } from "../../workflows/crews/crew.ts";
import { crewOf, type JobBench, owner, type Script } from "./job-bench.ts";
import { echo, untilAborted } from "./scripted-work.ts";
import { until } from "./until.ts";

/** A run whose history is kept, so that later versions of the program are tried on it. */
export interface RecordedCrew {
  readonly name: string;
  readonly crew: Crew;
  readonly script?: Script;
  /** Does what people do while it runs, until it is over. */
  readonly drive: (bench: JobBench, id: string) => Promise<unknown>;
  readonly eventsPerRun?: number;
}

const ends: RecordedCrew["drive"] = (bench, id) => bench.ends(id);

/** The first attempt of all fails and may be tried again; the task `two` is denied. */
const failingOnce = (): Script => {
  let attempts = 0;
  return (request) => {
    attempts += 1;
    if (attempts === 1) throw new AppError("PROVIDER_OVERLOADED", "The model is busy.");
    if (request.task.id === "two") throw new AppError("POLICY_DENIED", "This tool is not for you.");
    return echo(request);
  };
};

/** A call of the task `act` is cut off, and known of when somebody has said what became of it. */
const cutOff: Script = (request) =>
  request.task.id === "act" && request.answers === undefined
    ? {
        status: "outcome_unknown",
        call: { tool: "open_ticket", key: `${request.key}/call/1`, summary: "A ticket was to be opened." },
        usage: { tokens: 3, cost: 0 },
      }
    : echo(request);

/** Each way that a workflow can go, once. */
export const recordedCrews: readonly RecordedCrew[] = [
  {
    name: "sequence",
    crew: crewOf([{ id: "one" }, { id: "two", needs: ["one"] }, { id: "three", needs: ["two"] }]),
    drive: ends,
  },
  {
    name: "graph-with-refused-round",
    crew: crewOf([{ id: "left" }, { id: "right" }, { id: "join", needs: ["left", "right"] }], { process: "graph" }),
    script: async (request) => {
      if (request.key.endsWith("right/1")) {
        return { status: "refused", feedback: "too short", usage: { tokens: 5, cost: 0 } };
      }
      await delay(30);
      return echo(request);
    },
    drive: ends,
  },
  {
    name: "hierarchy",
    crew: crewOf([{ id: "one" }, { id: "two", agent: "reader" }], {
      process: "hierarchical",
      manager: "boss",
      agents: ["boss", "reader", "writer"].map((agent) => ({ id: agent, role: agent, goal: "Work" })),
    }),
    drive: ends,
  },
  {
    name: "approvals",
    crew: crewOf([
      { id: "draft", human_approval: "result" },
      { id: "send", human_approval: "before" },
    ]),
    async drive(bench, id) {
      await bench.reaches(id, "waiting_approval");
      await bench.decide(id, "repeat", { reason: "shorter" });
      await until(() => bench.work.ended.length === 2);
      await bench.reaches(id, "waiting_approval");
      await bench.decide(id, "approve");
      await until(async () => (await bench.job(id)).question?.question.about === "task");
      await bench.decide(id, "approve");
      await bench.ends(id);
    },
  },
  {
    name: "cut-off-call",
    crew: crewOf([{ id: "act", max_rounds: 1, human_approval: "result" }, { id: "tell" }]),
    script: cutOff,
    async drive(bench, id) {
      await bench.reaches(id, "outcome_unknown");
      await bench.decide(id, "repeat", { reason: "it is not there" });
      await bench.reaches(id, "waiting_approval");
      await bench.decide(id, "approve");
      await bench.ends(id);
    },
  },
  {
    name: "failure-after-retry",
    crew: crewOf([{ id: "one" }, { id: "two" }]),
    script: failingOnce(),
    drive: ends,
  },
  {
    name: "cancelled",
    crew: crewOf([{ id: "one" }, { id: "two" }], { process: "graph" }),
    script: (_request, { signal }) => untilAborted(signal),
    async drive(bench, id) {
      await until(() => bench.work.began.length === 2);
      await bench.store.jobs.cancel(owner, id);
      await bench.engine.tell(id);
      await bench.ends(id);
    },
  },
  {
    name: "continued-as-new",
    crew: crewOf(Array.from({ length: 6 }, (_, index) => ({ id: `task-${index}` }))),
    eventsPerRun: 30,
    drive: ends,
  },
];
