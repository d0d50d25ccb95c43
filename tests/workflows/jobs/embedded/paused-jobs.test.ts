import { pino } from "pino";
import { expect, test } from "vitest";
import { createMetrics } from "../../../../platform/metrics/metrics.ts";
import { createEmbeddedEngine } from "../../../../workflows/jobs/embedded/create-embedded-engine.ts";
import { sweepJobs } from "../../../../workflows/jobs/sweep-jobs.ts";
import { countedDatabase } from "../../../support/counted-database.ts";
import { describeOnEachDatabase } from "../../../support/each-database.ts";
import { everythingStored } from "../../../support/everything-stored.ts";
import { crewOf, type MakeEngine, onJobBench, owner } from "../../../support/job-bench.ts";
import { type StoredJobs, storedJobs } from "../../../support/stored-jobs.ts";
import { until } from "../../../support/until.ts";

const logger = pino({ level: "silent" });
const dayMs = 86_400_000;
/** All kinds of looks are among so many. */
const looksOfARound = 30;

describeOnEachDatabase((databaseOf) => {
  /** Of these jobs only: what is left of others goes at its own time. */
  const keptRows = async (...ids: string[]): Promise<number> => {
    const of = (table: string) => `(select count(*) from embedded_jobs.${table} where thread_id = any($1))`;
    const [row] = await databaseOf().query<{ rows: number }>(
      `select (${["checkpoints", "checkpoint_blobs", "checkpoint_writes"].map(of).join(" + ")})::integer as rows`,
      [ids],
    );
    return row!.rows;
  };

  test("jobs that wait for people for days cost nothing: they are in no process, are not asked for, and nothing grows", async () => {
    const { database, asked } = countedDatabase(databaseOf());
    const metrics = createMetrics();
    let looks = 0;
    const make: MakeEngine = ({ records, work, attempts, now }) => {
      const watched = {
        ...records,
        due(ask: Parameters<typeof records.due>[0]) {
          looks += 1;
          return records.due(ask);
        },
      };
      return createEmbeddedEngine({
        ...{ database, records: watched, work, logger, metrics, attempts, now },
        ...{ everyMs: 5, leaseMs: 300 },
      });
    };
    /** What a round of looks asks of the database. */
    const askedByLooks = async (): Promise<number> => {
      const [from, askedBefore] = [looks, asked()];
      await until(() => looks >= from + looksOfARound);
      return (asked() - askedBefore) / (looks - from);
    };
    await onJobBench({ make, openStore: () => storedJobs(database) }, async (bench) => {
      const { begin, decide, ends, engine, job, pass, reaches, work } = bench;
      const crew = crewOf([{ id: "one" }, { id: "two", human_approval: "before" }, { id: "three" }], {
        limits: { wall_seconds: 60 },
      });
      engine.start();
      const rest = async (): Promise<void> =>
        until(async () => {
          const [held] = (await metrics.jobsHeld.get()).values;
          return held?.value === 0 && looks > 1;
        });
      const first = await begin(crew);
      await reaches(first, "waiting_approval");
      await rest();
      const withOne = await askedByLooks();
      const ids = [first];
      for (let more = 0; more < 12; more += 1) ids.push(await begin(crew));
      for (const id of ids) await reaches(id, "waiting_approval");
      await rest();
      const rows = await keptRows(...ids);
      pass(3 * dayMs);
      expect(Math.abs((await askedByLooks()) - withOne)).toBeLessThan(0.5);
      expect(await keptRows(...ids)).toBe(rows);
      expect(work.began).toHaveLength(ids.length);
      await decide(first, "approve");
      expect(await ends(first)).toMatchObject({ status: "completed", result: { text: "three" } });
      expect(await job(ids[1]!)).toMatchObject({ status: "waiting_approval" });
    });
  });

  test("what people say is not among a job's steps, and a conversation that turned confidential makes its tasks so", async () => {
    let store!: StoredJobs;
    const make: MakeEngine = ({ records, work, attempts, now }) =>
      createEmbeddedEngine({ database: databaseOf(), records, work, logger, attempts, now, everyMs: 50 });
    const openStore = async () => {
      store = await storedJobs(databaseOf());
      return store;
    };
    await onJobBench({ make, openStore }, async ({ begin, decide, ends, reaches, work }) => {
      const threadId = await store.newThread(owner);
      const id = await begin(crewOf([{ id: "one", human_approval: "result", max_rounds: 3 }, { id: "two" }]), {
        threadId,
      });
      await reaches(id, "waiting_approval");
      await store.makeConfidential(owner, threadId);
      await decide(id, "repeat", { reason: "it names my landlord" });
      await until(async () => work.ended.length === 2 && (await store.jobs.get(owner, id))?.question !== undefined);
      const steps = await everythingStored(databaseOf(), "embedded_jobs");
      expect(steps).toContain("usage");
      expect(steps).not.toContain("landlord");
      await decide(id, "approve");
      expect(await ends(id)).toMatchObject({ status: "completed" });
      expect(work.modes).toEqual(["open", "confidential", "confidential"]);
    });
  });

  test("what is kept of them goes when another engine runs jobs, but not from under a process that has one in hand", async () => {
    const make: MakeEngine = ({ records, work, attempts, now }) =>
      createEmbeddedEngine({ database: databaseOf(), records, work, logger, attempts, now, everyMs: 50 });
    const sweep = (isEmbedded: boolean) => sweepJobs(databaseOf(), { retentionMs: dayMs, isEmbedded });
    await onJobBench({ make, openStore: () => storedJobs(databaseOf()) }, async ({ begin, engine, reaches }) => {
      const id = await begin(crewOf([{ id: "one" }, { id: "act", human_approval: "before" }]));
      await reaches(id, "waiting_approval");
      await engine.stop();
      const setLease = (until: string) =>
        databaseOf().query("update embedded_jobs.leases set until = $2 where job_id = $1", [id, until]);
      const rows = await keptRows(id);
      expect(rows).toBeGreaterThan(0);
      await sweep(true);
      await setLease("infinity");
      await sweep(false);
      expect(await keptRows(id)).toBe(rows);
      await setLease("-infinity");
      await sweep(false);
      expect(await everythingStored(databaseOf(), "embedded_jobs")).not.toContain(id);
    });
  });
});
