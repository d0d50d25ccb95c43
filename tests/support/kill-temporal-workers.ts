import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { endStatuses, type Job } from "../../workflows/jobs/job.ts";
import { createTemporalEngine } from "../../workflows/jobs/temporal/create-temporal-engine.ts";
import { createDataConverter } from "../../workflows/jobs/temporal/data-converter.ts";
import { openJobParts } from "./job-parts.ts";
import { loggedCrew } from "./logged-work.ts";
import { startPostgres } from "./postgres.ts";
import { startTemporal } from "./temporal.ts";
import { testBundle, testPayloadKey } from "./temporal-parts.ts";
import { somebody } from "./timeline-samples.ts";
import { until } from "./until.ts";

export interface JobKillsOutcome {
  readonly kills: number;
  readonly jobs: number;
  readonly tasks: number;
  /** Jobs that did not complete. */
  readonly uncompleted: number;
  /** Tasks whose line is not in the tool's log. */
  readonly lost: number;
  /** Lines beyond one for each task. */
  readonly duplicated: number;
  /** Calls of which nobody knew whether they had happened: they were asked about. */
  readonly unknown: number;
  /** Jobs whose result is not in its thread exactly once. */
  readonly mistold: number;
}

const program = fileURLToPath(new URL("./temporal-worker-process.ts", import.meta.url));
const tasksPerJob = 20;
const slowestMs = 400;

/**
 * One worker process that is killed again and again, at random moments while a crew of 20 tasks runs, and is started anew; a
 * new job begins when one has ended. Who is asked whether a call happened looks into the tool's log.
 */
export const killTemporalWorkers = async ({ kills }: { readonly kills: number }): Promise<JobKillsOutcome> => {
  const [server, temporal, home] = await Promise.all([
    startPostgres(),
    startTemporal(),
    mkdtemp(join(tmpdir(), "athena-kills-")),
  ]);
  await testBundle();
  const toolLog = join(home, "tool.log");
  await writeFile(toolLog, "");
  const linesOf = async (): Promise<readonly string[]> => (await readFile(toolLog, "utf8")).split("\n").filter(Boolean);
  const logger = pino({ level: "silent" });
  const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: server.url }, logger });
  await migrate(database);
  const { jobs, records, threadChanges, timeline } = await openJobParts(database);
  const taskQueue = `kills-${randomUUID()}`;
  const engine = createTemporalEngine({
    address: temporal.address,
    namespace: "default",
    taskQueue,
    dataConverter: createDataConverter([await testPayloadKey()]),
    records,
    logger,
    silenceMs: 2_000,
    pollMs: 1_000,
  });
  engine.start();

  const start = async (): Promise<ChildProcess> => {
    const child = spawn(
      process.execPath,
      [
        "--disable-warning=ExperimentalWarning",
        program,
        ...[server.url, temporal.address, taskQueue, toolLog, `${slowestMs}`],
      ],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    await Promise.race([once(child.stdout!, "data"), once(child, "exit")]);
    child.stdout!.resume();
    return child;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };

  const principal = somebody();
  const names = Array.from({ length: tasksPerJob }, (_, index) => `task-${index}`);
  const crew = loggedCrew(names.map((id) => ({ id })));
  const begun: { readonly id: string; readonly threadId: string }[] = [];
  let unknown = 0;

  const begin = async (): Promise<string> => {
    const id = randomUUID();
    const { id: threadId } = await threadChanges.create({ principal, mode: "open" });
    await jobs.create({ id, crew, input: {}, principal, threadId, mode: "open" });
    begun.push({ id, threadId });
    await engine.run(id);
    return id;
  };
  const jobOf = async (id: string): Promise<Job> => (await jobs.get(principal.id, id))!;
  /** Answers what a job asks by what the tool itself knows. */
  const answer = async (id: string): Promise<Job> => {
    const job = await jobOf(id);
    const { key, question } = job.question ?? {};
    if (question?.about !== "outcome") return job;
    unknown += 1;
    const happened = (await linesOf()).includes(`${id}/${question.task}`);
    const decision = happened ? "approve" : "repeat";
    await jobs.decide(principal.id, id, { decision, by: principal.id }, key);
    await engine.tell(id);
    return job;
  };

  let child = await start();
  try {
    let current = await begin();
    for (let done = 0; done < kills; done += 1) {
      const before = (await linesOf()).length;
      // Something must have moved since the last kill, so that each one meets work.
      await until(async () => {
        const { status } = await answer(current);
        if (endStatuses.has(status)) current = await begin();
        return (await linesOf()).length > before;
      }, 60_000);
      await delay(Math.random() * slowestMs);
      await kill(child);
      child = await start();
    }
    for (const { id } of begun) await until(async () => endStatuses.has((await answer(id)).status), 60_000);

    const lines = await linesOf();
    const expected = begun.flatMap(({ id }) => names.map((name) => `${id}/${name}`));
    const ended = await Promise.all(begun.map(({ id }) => jobOf(id)));
    const said = await Promise.all(
      begun.map(({ threadId }) => timeline.messages(principal, threadId, { after: 0, limit: 100 })),
    );
    return {
      kills,
      jobs: begun.length,
      tasks: expected.length,
      uncompleted: ended.filter(({ status }) => status !== "completed").length,
      lost: expected.filter((line) => !lines.includes(line)).length,
      duplicated: lines.length - new Set(lines).size,
      unknown,
      mistold: said.filter(({ messages }) => messages.length !== 1).length,
    };
  } finally {
    await kill(child);
    await engine.stop();
    await database.close();
    await Promise.all([server.stop(), temporal.stop()]);
    await rm(home, { recursive: true, force: true });
  }
};
