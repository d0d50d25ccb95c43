import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import type { Database } from "../../platform/db/database.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { dataDirWithCluster } from "./embedded-database.ts";
import { startPostgres } from "./postgres.ts";
import { removeDataDir } from "./server-process.ts";
import { twentyTasks } from "./twenty-tasks.ts";

export interface JobKillsOutcome {
  readonly kills: number;
  readonly jobs: number;
  /** Jobs that did not complete. */
  readonly incomplete: number;
  /** Effects that should be there: one of each task. */
  readonly effects: number;
  /** Effects that are not in the tool's log. */
  readonly lost: number;
  /** Effects that are there more than once. */
  readonly repeated: number;
  /** Times that a job said that it does not know whether an effect happened. */
  readonly unknown: number;
  /** Attempts at tasks beyond the first ones. */
  readonly cutOff: number;
  /** Jobs whose result is not in the thread exactly once. */
  readonly missaid: number;
}

interface Worker {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<unknown>;
}

const program = fileURLToPath(new URL("./jobs-worker.ts", import.meta.url));

/** What became of all jobs, as the database has it. */
const inspect = async (database: Database) => {
  const [row] = await database.query<{ jobs: number; incomplete: number; unknown: number; missaid: number }>(
    `select count(*)::integer as jobs,
       count(*) filter (where status <> 'completed')::integer as incomplete,
       (select count(*)::integer from job_questions where about = 'outcome') as unknown,
       count(*) filter (where 1 <> (
         select count(*) from messages m where m.thread_id = j.thread_id and m.meta -> 'job' ->> 'id' = j.id::text
       ))::integer as missaid
     from jobs j`,
  );
  const ids = await database.query<{ id: string }>("select id from jobs");
  return { ...row!, ids: ids.map(({ id }) => id) };
};

/**
 * Processes work on jobs of twenty tasks; one is killed each time, at random moments, until there were so many kills and the last
 * job is over. On PostgreSQL two processes at once compete for the job, the embedded database belongs to one.
 */
export const killJobs = async ({
  kills,
  on,
}: {
  readonly kills: number;
  readonly on: "embedded" | "external";
}): Promise<JobKillsOutcome> => {
  const home = await mkdtemp(join(tmpdir(), "athena-jobs-"));
  const log = join(home, "log");
  const server = on === "external" ? await startPostgres() : undefined;
  const dataDir = on === "embedded" ? await dataDirWithCluster() : "";
  const workers: Worker[] = [];
  const printed: string[] = [];
  let job = 0;

  const start = (): void => {
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", program, dataDir, server?.url ?? "", log, `${job}`],
      { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, LANGSMITH_TRACING: "false" } },
    );
    const lines: string[] = [];
    let rest = "";
    child.stdout!.setEncoding("utf8").on("data", (piece: string) => {
      const parts = `${rest}${piece}`.split("\n");
      rest = parts.pop() ?? "";
      lines.push(...parts);
    });
    workers.push({ child, lines, ended: once(child, "close") });
  };
  const isOver = ({ lines }: Worker): boolean => lines.includes("ended");
  const remove = async (worker: Worker, signal?: "SIGKILL"): Promise<void> => {
    workers.splice(workers.indexOf(worker), 1);
    if (signal) worker.child.kill(signal);
    await worker.ended;
    if (!isOver(worker) && !signal) throw new Error(`a worker ended by itself: ${worker.lines.join(", ")}`);
    printed.push(...worker.lines);
  };
  const startMissing = (): void => {
    while (workers.length < (on === "external" ? 2 : 1)) start();
  };
  /** Waits until a worker does something more: begins a round, or writes; undefined when the job is over. */
  const atWork = async (what: "begins" | "writes"): Promise<Worker | undefined> => {
    const seen = new Map(workers.map((worker) => [worker, worker.lines.length]));
    for (;;) {
      if (workers.some(isOver)) return undefined;
      const ended = workers.find(({ child }) => child.exitCode !== null);
      if (ended) throw new Error(`a worker ended by itself: ${ended.lines.join(", ")}`);
      const busy = workers.find((worker) =>
        worker.lines.slice(seen.get(worker) ?? 0).some((line) => line.startsWith(what)),
      );
      if (busy) return busy;
      await delay(2);
    }
  };

  try {
    for (let done = 0; done < kills; ) {
      startMissing();
      // At once: in the middle of a call. Later: wherever it is then.
      const worker = await atWork(done % 2 === 0 ? "writes" : "begins");
      if (worker) {
        if (done % 2 === 1) await delay(Math.random() * 60);
        await remove(worker, "SIGKILL");
        done += 1;
      } else {
        await Promise.all([...workers].map((each) => remove(each)));
        job += 1;
      }
    }
    startMissing();
    while (await atWork("begins"));
    await Promise.all([...workers].map((each) => remove(each)));

    const logger = pino({ level: "silent" });
    const settings = { ATHENA_DATA_DIR: dataDir, DATABASE_URL: server?.url };
    const database = await openDatabase({ settings, logger });
    const { ids, ...found } = await inspect(database).finally(() => database.close());
    const effects = ids.flatMap((id) => twentyTasks().tasks.map((task) => `${id}/${task.id}`));
    const happened = existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(0, -1) : [];
    const timesOf = (effect: string) => happened.filter((line) => line === effect).length;
    return {
      kills,
      ...found,
      effects: effects.length,
      lost: effects.filter((effect) => timesOf(effect) === 0).length,
      repeated: effects.filter((effect) => timesOf(effect) > 1).length,
      cutOff: printed.filter((line) => line.startsWith("begins")).length - effects.length,
    };
  } finally {
    await Promise.all([...workers].map((worker) => remove(worker, "SIGKILL")));
    await server?.stop();
    if (dataDir) await removeDataDir(dataDir);
    await rm(home, { recursive: true, force: true });
  }
};
