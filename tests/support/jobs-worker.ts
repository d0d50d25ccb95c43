import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { createEmbeddedEngine } from "../../workflows/jobs/embedded/create-embedded-engine.ts";
import { endStatuses } from "../../workflows/jobs/job.ts";
import { createLoggedWork } from "./logged-work.ts";
import { storedJobs } from "./stored-jobs.ts";
import { twentyTasks } from "./twenty-tasks.ts";

// Run as a process of its own until somebody kills it: works on one job of twenty tasks, each of which has an effect that shows in
// a file, the tool's own log. Answers the job's questions as a person would who can read that log. Prints what it begins, and
// `ended` when the job is over. Arguments: a data folder, a database's address or nothing, the log, the job's number.
const [dataDir = "", databaseUrl = "", log = "", number = "0"] = process.argv.slice(2);
// Whoever started it may die before it is killed.
process.stdin.on("close", () => process.exit()).resume();
const logger = pino({ level: process.env.LOG_LEVEL ?? "silent" });
const settings = { ATHENA_DATA_DIR: dataDir, DATABASE_URL: databaseUrl || undefined };
const database = await openDatabase({ settings, logger });
await migrate(database);
const principal = "ada";
const { jobs, records, tasks, newThread } = await storedJobs(database);
const happened = (): readonly string[] => (existsSync(log) ? readFileSync(log, "utf8").split("\n") : []);

const work = createLoggedWork({
  records: tasks,
  toolLog: log,
  slowestMs: 20,
  onMove: (what, key) => process.stdout.write(`${what} ${key}\n`),
});

const engine = createEmbeddedEngine({ records, work, database, logger, everyMs: 50, leaseMs: 1_000 });
const known = await jobs.list(principal, { limit: 100 });
const idempotencyKey = `job ${number}`;
const threads = new Set(known.map(({ threadId }) => threadId));
const threadId = [...threads][0] ?? (await newThread(principal));
const { job } = await jobs.create({
  id: crypto.randomUUID(),
  crew: twentyTasks(),
  input: {},
  principal: { id: principal, roles: ["user"] },
  threadId,
  mode: "open",
  idempotencyKey,
});
engine.start();
for (;;) {
  const { status, question } = (await jobs.get(principal, job.id))!;
  if (endStatuses.has(status)) break;
  if (question?.question.about === "outcome") {
    const { task } = question.question;
    const decision = happened().includes(`${job.id}/${task}`) ? "approve" : "repeat";
    // Another worker's person may have been quicker.
    await jobs.decide(principal, job.id, { decision, by: principal }, question.key).catch(() => undefined);
    await engine.tell(job.id);
  }
  await delay(10);
}
process.stdout.write("ended\n");
await engine.stop();
await database.close();
process.exit(0);
