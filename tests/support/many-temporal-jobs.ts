import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { createTemporalEngine } from "../../workflows/jobs/temporal/create-temporal-engine.ts";
import { createTemporalWorker } from "../../workflows/jobs/temporal/create-temporal-worker.ts";
import { createDataConverter } from "../../workflows/jobs/temporal/data-converter.ts";
import { openJobParts } from "./job-parts.ts";
import { createLoggedWork, loggedCrew } from "./logged-work.ts";
import { startPostgres } from "./postgres.ts";
import { startTemporal } from "./temporal.ts";
import { testBundle, testPayloadKey } from "./temporal-parts.ts";
import { somebody } from "./timeline-samples.ts";
import { until } from "./until.ts";

export interface ManyJobsOutcome {
  readonly jobs: number;
  readonly begunSeconds: number;
  readonly endedSeconds: number;
  /** Jobs that did not complete. */
  readonly uncompleted: number;
  /** Tasks whose line is not in the tool's log. */
  readonly lost: number;
  /** Lines beyond one for each task. */
  readonly duplicated: number;
}

const tasks = ["one", "two", "three", "four", "five"];
/** Two busy cores take minutes for a thousand tasks. */
const longestMs = 1_800_000;

/** So many jobs of five tasks, begun at once on Temporal's development server, with one worker in this process, on PostgreSQL. */
export const runManyJobs = async (jobCount: number): Promise<ManyJobsOutcome> => {
  const [server, temporal, home] = await Promise.all([
    startPostgres(),
    startTemporal(),
    mkdtemp(join(tmpdir(), "athena-jobs-")),
  ]);
  const toolLog = join(home, "tool.log");
  await writeFile(toolLog, "");
  const logger = pino({ level: "silent" });
  const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: server.url }, logger });
  await migrate(database);
  const parts = await openJobParts(database);
  const { jobs, records, threadChanges } = parts;
  const dataConverter = createDataConverter([await testPayloadKey()]);
  const at = { address: temporal.address, namespace: "default", taskQueue: "many", dataConverter, records, logger };
  const engine = createTemporalEngine(at);
  const work = createLoggedWork({ records: parts.tasks, toolLog, slowestMs: 50 });
  const worker = createTemporalWorker({ ...at, bundle: await testBundle(), work });
  const principal = somebody();
  const crew = loggedCrew(tasks.map((id) => ({ id })));

  const store = async (): Promise<string> => {
    const id = randomUUID();
    const { id: threadId } = await threadChanges.create({ principal, mode: "open" });
    await jobs.create({ id, crew, input: {}, principal, threadId, mode: "open" });
    return id;
  };

  try {
    worker.start();
    await until(() => worker.state() === "running");
    const ids: string[] = [];
    while (ids.length < jobCount) ids.push(await store());
    const since = performance.now();
    const passed = () => (performance.now() - since) / 1_000;
    engine.start();
    // What cannot be begun at once is taken up by the engine's next look, as in a server.
    await Promise.all(ids.map((id) => engine.run(id).catch(() => undefined)));
    const begunSeconds = passed();
    await until(async () => (await records.unfinished({ limit: 1 })).length === 0, longestMs);
    const endedSeconds = passed();
    const ended = await Promise.all(ids.map((id) => jobs.get(principal.id, id)));
    const lines = (await readFile(toolLog, "utf8")).split("\n").filter(Boolean);
    const written = new Set(lines);
    return {
      jobs: jobCount,
      begunSeconds,
      endedSeconds,
      uncompleted: ended.filter((job) => job?.status !== "completed").length,
      lost: ids.flatMap((id) => tasks.map((task) => `${id}/${task}`)).filter((line) => !written.has(line)).length,
      duplicated: lines.length - written.size,
    };
  } finally {
    await worker.stop();
    await engine.stop();
    await database.close();
    await Promise.all([server.stop(), temporal.stop()]);
    await rm(home, { recursive: true, force: true });
  }
};
