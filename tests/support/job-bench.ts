import { randomUUID } from "node:crypto";
import type { Crew } from "../../workflows/crews/crew.ts";
import { crewSchema } from "../../workflows/crews/crew-schema.ts";
import type { TaskRequest, TaskResult } from "../../workflows/crews/steps.ts";
import type { TaskRun } from "../../workflows/jobs/do-task.ts";
import { endStatuses, type Job, type JobStatus } from "../../workflows/jobs/job.ts";
import type { JobEngine } from "../../workflows/jobs/job-engine.ts";
import type { JobRecords } from "../../workflows/jobs/job-store.ts";
import type { TaskAttempts } from "../../workflows/jobs/task-attempts.ts";
import type { JobsUnderTest } from "./memory-jobs.ts";
import { type ScriptedWork, scriptedWork } from "./scripted-work.ts";
import { until } from "./until.ts";

/** What an engine is made of in a test. */
export interface EngineParts {
  readonly records: JobRecords;
  readonly work: ScriptedWork;
  readonly attempts: TaskAttempts;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** An engine of a test; what it has that others can use goes on to the next test unless it was stopped. */
export interface EngineUnderTest extends JobEngine {
  release?(): Promise<void>;
}

export type MakeEngine = (parts: EngineParts) => EngineUnderTest | Promise<EngineUnderTest>;
export type Script = (request: TaskRequest, run: TaskRun) => TaskResult | Promise<TaskResult>;

export interface JobBench {
  readonly engine: JobEngine;
  readonly work: ScriptedWork;
  readonly store: JobsUnderTest;
  /** Stores a job and tells the engine; its id. */
  begin(crew: Crew, more?: { readonly id?: string; readonly threadId?: string }): Promise<string>;
  job(id: string): Promise<Job>;
  /** Waits until a job has one of the statuses. */
  reaches(id: string, ...statuses: readonly JobStatus[]): Promise<Job>;
  /** Waits until it is over. */
  ends(id: string): Promise<Job>;
  /** Kinds and tasks of its events, in order. */
  told(id: string): Promise<readonly string[]>;
  /** Answers the question of that key, or the one that is shown, and tells the engine. */
  decide(
    id: string,
    decision: "approve" | "reject" | "repeat",
    more?: { readonly reason?: string; readonly key?: string | undefined },
  ): Promise<void>;
  /** Another engine on the same store, with work of its own; stopped at the end like the first one. */
  another(script?: Script): Promise<{ readonly engine: JobEngine; readonly work: ScriptedWork }>;
  /** Moves the engines' clocks. */
  pass(ms: number): void;
}

export const owner = "ada";

/** A crew of one worker, with tasks as its YAML has them. */
export const crewOf = (tasks: readonly object[], more: object = {}): Crew =>
  crewSchema.parse({
    id: "team",
    description: "A team.",
    agents: [{ id: "worker", role: "Worker", goal: "Work" }],
    tasks: tasks.map((task) => ({
      description: "Do it.",
      expected_output: "Done.",
      without_model: "extract",
      ...task,
    })),
    ...more,
  });

/** Short pauses, so that tests wait for nobody. */
export const quickAttempts: TaskAttempts = { most: 3, firstPauseMs: 10, longestPauseMs: 40, timeoutMs: 5_000 };

export interface BenchOptions {
  readonly make: MakeEngine;
  readonly openStore: () => JobsUnderTest | Promise<JobsUnderTest>;
  readonly script?: Script;
  readonly attempts?: Partial<TaskAttempts>;
}

/** Runs a test on a bench of its own, with the script of its tasks and what is special about their attempts. */
export type OnBench = (
  use: (bench: JobBench) => Promise<void>,
  script?: Script,
  attempts?: { readonly most?: number; readonly timeoutMs?: number },
) => Promise<void>;

/** Runs `use` with an engine on a store of its own; afterwards no job of the store is left open and no engine works on one. */
export const onJobBench = async (options: BenchOptions, use: (bench: JobBench) => Promise<void>): Promise<void> => {
  const { make, openStore, script, attempts = {} } = options;
  const store = await openStore();
  const engines: EngineUnderTest[] = [];
  const begun: string[] = [];
  let passed = 0;
  const engineWith = async (work: ScriptedWork): Promise<JobEngine> => {
    const now = () => Date.now() + passed;
    const engine = await make({ records: store.records, work, attempts: { ...quickAttempts, ...attempts }, now });
    engines.push(engine);
    return engine;
  };
  const job = async (id: string): Promise<Job> => (await store.jobs.get(owner, id))!;
  const reaches = async (id: string, ...statuses: readonly JobStatus[]): Promise<Job> => {
    let reached: Job | undefined;
    await until(async () => {
      reached = await job(id);
      return statuses.includes(reached.status);
    });
    return reached!;
  };
  const work = scriptedWork(script);
  const engine = await engineWith(work);
  try {
    await use({
      engine,
      work,
      store,
      async begin(crew, { id = randomUUID(), threadId } = {}) {
        await store.jobs.create({
          id,
          crew,
          input: {},
          principal: { id: owner, roles: ["user"] },
          threadId: threadId ?? (await store.newThread(owner)),
          mode: "open",
        });
        begun.push(id);
        await engine.run(id);
        return id;
      },
      job,
      reaches,
      ends: (id) => reaches(id, ...endStatuses),
      async told(id) {
        const events = (await store.jobs.events(owner, id, { after: 0, limit: 1_000 }))!;
        return events.map(({ kind, task, round }) =>
          [kind, task, round].filter((part) => part !== undefined).join(" "),
        );
      },
      async decide(id, decision, { reason, key } = {}) {
        const said = { decision, by: owner, ...(reason === undefined ? {} : { reason }) };
        await store.jobs.decide(owner, id, said, key ?? (await job(id)).question?.key);
        await engine.tell(id);
      },
      async another(other) {
        const own = scriptedWork(other);
        return { engine: await engineWith(own), work: own };
      },
      pass(ms) {
        passed += ms;
      },
    });
  } finally {
    // In a store that others use too, nothing may be left for their engines.
    for (const id of begun) {
      if (!endStatuses.has((await job(id)).status)) {
        await store.jobs.cancel(owner, id);
        await store.records.finish(id, { status: "cancelled", usage: { tokens: 0, cost: 0 } });
      }
    }
    await Promise.all(engines.map((each) => each.release?.() ?? each.stop()));
  }
};
