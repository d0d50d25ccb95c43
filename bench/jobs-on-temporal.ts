import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { migrate } from "../platform/db/migrate.ts";
import { openDatabase } from "../platform/db/open-database.ts";
import { openJobParts } from "../tests/support/job-parts.ts";
import { journalledWork } from "../tests/support/journalled-work.ts";
import { startPostgres } from "../tests/support/postgres.ts";
import { sampleCrew } from "../tests/support/sample-crew.ts";
import { startTemporal } from "../tests/support/temporal.ts";
import { testBundle, testPayloadKey } from "../tests/support/temporal-parts.ts";
import { somebody } from "../tests/support/timeline-samples.ts";
import { until } from "../tests/support/until.ts";
import { endStatuses } from "../workflows/jobs/job.ts";
import { createTemporalEngine } from "../workflows/jobs/temporal/create-temporal-engine.ts";
import { createTemporalWorker } from "../workflows/jobs/temporal/create-temporal-worker.ts";
import { createDataConverter } from "../workflows/jobs/temporal/data-converter.ts";

// Many jobs at once on Temporal's development server, one worker in this process, PostgreSQL. An argument says how many.
const jobCount = Number(process.argv[2] ?? 200);
const names = ["one", "two", "three", "four", "five"];

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
const { jobs, records, tasks, threadChanges } = await openJobParts(database);
const dataConverter = createDataConverter([await testPayloadKey()]);
const at = { address: temporal.address, namespace: "default", taskQueue: "many", dataConverter, records, logger };
const engine = createTemporalEngine(at);
const bundle = await testBundle();
const worker = createTemporalWorker({ ...at, bundle, work: journalledWork(tasks, toolLog, 50) });
const principal = somebody();
let clean = false;

try {
  worker.start();
  await until(() => worker.state() === "running");
  const crew = sampleCrew(names, { process: "graph" });
  const since = performance.now();
  const ids = await Promise.all(
    Array.from({ length: jobCount }, async () => {
      const id = randomUUID();
      const { id: threadId } = await threadChanges.create({ principal, mode: "open" });
      await jobs.create({ id, crew, input: {}, principal, threadId, mode: "open" });
      await engine.run(id);
      return id;
    }),
  );
  const begunSeconds = (performance.now() - since) / 1_000;
  const statuses = async () =>
    (await Promise.all(ids.map((id) => jobs.get(principal.id, id)))).map((job) => job!.status);
  await until(async () => (await records.unfinished({ limit: 1 })).length === 0, 600_000);
  const endedSeconds = (performance.now() - since) / 1_000;
  const ended = await statuses();
  const completed = ended.filter((status) => status === "completed").length;
  const lines = (await readFile(toolLog, "utf8")).split("\n").filter(Boolean);
  const once = new Set(lines).size === lines.length && lines.length === jobCount * names.length;
  clean = completed === jobCount && once && ended.every((status) => endStatuses.has(status));
  console.log(
    [
      "| jobs at once, 5 tasks each, Temporal's development server, one worker, PostgreSQL | begun | all ended | completed | effects once each |",
      "| --- | --- | --- | --- | --- |",
      `| ${jobCount} | ${begunSeconds.toFixed(1)} s | ${endedSeconds.toFixed(1)} s | ${completed} | ${once ? "yes" : "no"} |`,
    ].join("\n"),
  );
} finally {
  await worker.stop();
  await engine.stop();
  await database.close();
  await Promise.all([server.stop(), temporal.stop()]);
  await rm(home, { recursive: true, force: true });
}
if (!clean) process.exitCode = 1;
