import { entrypoint, MemorySaver, task } from "@langchain/langgraph";
import { pino } from "pino";
import type { Database } from "../platform/db/database.ts";
import { migrate } from "../platform/db/migrate.ts";
import type { PoolDatabase } from "../platform/db/pool-database.ts";
import { openEmptyExternal } from "../tests/support/each-database.ts";
import { openEmptyEmbedded } from "../tests/support/embedded-database.ts";
import { crewOf } from "../tests/support/job-bench.ts";
import { scriptedWork } from "../tests/support/scripted-work.ts";
import { storedJobs } from "../tests/support/stored-jobs.ts";
import { createEmbeddedEngine } from "../workflows/jobs/embedded/create-embedded-engine.ts";
import { percentiles, timeEach } from "./percentiles.ts";

const taskCount = 20;
const tasks = Array.from({ length: taskCount }, (_, index) => ({ id: `t${index}` }));
const chain = crewOf(tasks);
const wide = crewOf(tasks, { process: "graph" });

export interface JobFigures {
  /** Milliseconds for each task of a job of twenty tasks that do nothing, one job at a time. */
  readonly chain: ReturnType<typeof percentiles>;
  /** The same, four tasks side by side. */
  readonly wide: ReturnType<typeof percentiles>;
  /** Tasks in a second, eight jobs at a time. */
  readonly perSecond: number;
}

/** LangGraph alone: an entrypoint of twenty tasks whose steps are kept in memory; milliseconds for each task. */
export const benchBareTasks = async (): Promise<ReturnType<typeof percentiles>> => {
  const step = task("step", async () => null);
  const checkpointer = new MemorySaver();
  const program = entrypoint({ name: "bare", checkpointer }, async () => {
    for (let done = 0; done < taskCount; done += 1) await step();
    return null;
  });
  let runs = 0;
  const times = await timeEach(50, 10, async () => {
    runs += 1;
    await program.invoke({}, { configurable: { thread_id: `${runs}` } });
    await checkpointer.deleteThread(`${runs}`);
  });
  return percentiles(times.map((time) => time / taskCount));
};

const bench = async (database: PoolDatabase): Promise<JobFigures> => {
  await migrate(database);
  const ended = new Map<string, () => void>();
  const store = await storedJobs(database);
  const records = {
    ...store.records,
    async finish(...[id, ...rest]: Parameters<typeof store.records.finish>) {
      await store.records.finish(id, ...rest);
      ended.get(id)?.();
    },
  };
  const work = scriptedWork();
  const logger = pino({ level: "warn" });
  const engine = createEmbeddedEngine({ records, work, database, logger });
  const threadId = await store.newThread("ada");
  const create = async (crew: typeof chain): Promise<string> => {
    const id = crypto.randomUUID();
    const principal = { id: "ada", roles: ["user"] };
    await store.jobs.create({ id, crew, input: {}, principal, threadId, mode: "open" });
    return id;
  };
  const run = async (id: string): Promise<void> => {
    const over = new Promise<void>((resolve) => ended.set(id, resolve));
    await engine.run(id);
    await over;
    ended.delete(id);
  };
  const measure = async (crew: typeof chain) => {
    const ids: string[] = [];
    for (let made = 0; made < 40; made += 1) ids.push(await create(crew));
    const times = await timeEach(30, 10, () => run(ids.shift()!));
    return percentiles(times.map((time) => time / taskCount));
  };
  try {
    const figures = { chain: await measure(chain), wide: await measure(wide) };
    const ids: string[] = [];
    for (let made = 0; made < 40; made += 1) ids.push(await create(chain));
    const from = performance.now();
    await Promise.all(ids.map(run));
    const perSecond = (ids.length * taskCount * 1_000) / (performance.now() - from);
    await assertCompleted(database);
    return { ...figures, perSecond };
  } finally {
    await engine.stop();
  }
};

const assertCompleted = async (database: Database): Promise<void> => {
  const rows = await database.query<{ status: string }>("select distinct status from jobs");
  const others = rows.filter(({ status }) => status !== "completed");
  if (others.length > 0)
    throw new Error(`jobs that did not complete: ${others.map(({ status }) => status).join(", ")}`);
};

const on = async (open: () => Promise<PoolDatabase>): Promise<JobFigures> => {
  const database = await open();
  return bench(database).finally(() => database.close());
};

export const benchJobsEmbedded = () => on(openEmptyEmbedded);
export const benchJobsOnPostgres = () => on(openEmptyExternal);
