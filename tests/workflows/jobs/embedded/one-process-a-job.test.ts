import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "../../../../platform/db/migrate.ts";
import type { PoolDatabase } from "../../../../platform/db/pool-database.ts";
import { createEmbeddedEngine } from "../../../../workflows/jobs/embedded/create-embedded-engine.ts";
import { createJobCheckpoints } from "../../../../workflows/jobs/embedded/job-checkpoints.ts";
import type { JobRecords } from "../../../../workflows/jobs/job-store.ts";
import { openEmptyExternal } from "../../../support/each-database.ts";
import { freezable } from "../../../support/frozen-database.ts";
import { crewOf, type MakeEngine, onJobBench, owner, quickAttempts } from "../../../support/job-bench.ts";
import { echo, said, scriptedWork, untilAborted } from "../../../support/scripted-work.ts";
import { describeWithServer } from "../../../support/servers.ts";
import { storedJobs } from "../../../support/stored-jobs.ts";
import { until } from "../../../support/until.ts";

const logger = pino({ level: process.env.LOG_LEVEL ?? "silent" });

describeWithServer("postgres", "several processes on one PostgreSQL", () => {
  let database: PoolDatabase;
  beforeAll(async () => {
    database = await openEmptyExternal();
    await migrate(database);
  });
  afterAll(() => database.close());

  const make: MakeEngine = ({ records, work, attempts }) =>
    createEmbeddedEngine({ records, work, database, logger, attempts, everyMs: 20, atOnce: 3 });

  test("may all make the tables", async () => {
    const at = () => createJobCheckpoints(database, "made_at_once");
    await Promise.all([at().setUp(), at().setUp(), at().setUp()]);
    await at().setUp();
    expect(await at().jobs()).toEqual([]);
  });

  test("run each job in one of them", () =>
    onJobBench({ make, openStore: () => storedJobs(database) }, async ({ begin, ends, another, engine, work }) => {
      const other = await another();
      engine.start();
      other.engine.start();
      const crew = crewOf([{ id: "one" }, { id: "two" }, { id: "three" }]);
      const ids = await Promise.all(Array.from({ length: 12 }, () => begin(crew)));
      await Promise.all(ids.map((id) => other.engine.run(id)));
      for (const id of ids) expect(await ends(id)).toMatchObject({ status: "completed", progress: { done: 3 } });
      const began = [...work.began, ...other.work.began];
      expect(began).toHaveLength(36);
      expect(new Set(began).size).toBe(36);
    }));

  test("a decision is heard by the one that has the job, whichever was told", () =>
    onJobBench({ make, openStore: () => storedJobs(database), script: echo }, async (bench) => {
      const { begin, reaches, ends, another, store } = bench;
      const other = await another();
      const id = await begin(crewOf([{ id: "act", human_approval: "before" }]));
      const { question } = await reaches(id, "waiting_approval");
      await store.jobs.decide(owner, id, { decision: "approve", by: owner }, question?.key);
      await until(async () => {
        await other.engine.tell(id);
        return other.work.ended.length + bench.work.ended.length === 1;
      });
      expect(await ends(id)).toMatchObject({ status: "completed" });
    }));

  test("what one leaves undone beside a question is done by another, though the job waits for people", async () => {
    const gone = freezable(database);
    const [store, own] = await Promise.all([storedJobs(database), storedJobs(gone.database)]);
    const common = { logger, attempts: quickAttempts, everyMs: 20, leaseMs: 300 };
    const firstWork = scriptedWork((_request, { signal }) => untilAborted(signal));
    const secondWork = scriptedWork();
    const first = createEmbeddedEngine({
      ...common,
      ...{ records: own.records, work: firstWork, database: gone.database },
    });
    // So that the first is the one that begins it.
    let isBegun = false;
    const records: JobRecords = {
      ...store.records,
      due: async (ask) => (isBegun ? store.records.due(ask) : []),
      unfinished: async (ask) => (isBegun ? store.records.unfinished(ask) : []),
    };
    const second = createEmbeddedEngine({ ...common, records, work: secondWork, database });
    try {
      second.start();
      const tasks = [{ id: "act", human_approval: "before" }, { id: "look" }];
      const id = crypto.randomUUID();
      await store.jobs.create({
        ...{ id, crew: crewOf(tasks, { process: "graph" }), input: {}, mode: "open" },
        ...{ principal: { id: owner, roles: ["user"] }, threadId: await store.newThread(owner) },
      });
      const status = async () => (await store.jobs.get(owner, id))?.status;
      await first.run(id);
      await until(async () => firstWork.began.length === 1 && (await status()) === "waiting_approval");
      gone.freeze();
      isBegun = true;
      await until(() => secondWork.ended.length === 1);
      expect(secondWork.began).toEqual([`${id}/look/1`]);
      expect(await status()).toBe("waiting_approval");
      await store.jobs.decide(owner, id, { decision: "approve", by: owner });
      await until(async () => (await status()) === "completed");
    } finally {
      gone.thaw();
      await Promise.all([first.stop(), second.stop()]);
    }
  });

  test("one that was paused while another took its job neither ends it nor changes what it gives", async () => {
    const paused = freezable(database);
    const [store, own] = await Promise.all([storedJobs(database), storedJobs(paused.database)]);
    const finishes = { first: Promise.withResolvers<void>(), second: Promise.withResolvers<void>() };
    const common = { logger, attempts: quickAttempts, everyMs: 50, leaseMs: 400 };
    const firstWork = scriptedWork(async () => {
      await finishes.first.promise;
      return said("by the first");
    });
    const secondWork = scriptedWork(async () => {
      await finishes.second.promise;
      return said("by the second");
    });
    const first = createEmbeddedEngine({
      ...common,
      records: own.records,
      work: firstWork,
      database: paused.database,
    });
    const second = createEmbeddedEngine({ ...common, records: store.records, work: secondWork, database });
    try {
      const threadId = await store.newThread(owner);
      const id = crypto.randomUUID();
      const principal = { id: owner, roles: ["user"] };
      await store.jobs.create({ id, crew: crewOf([{ id: "one" }]), input: {}, principal, threadId, mode: "open" });
      await first.run(id);
      await until(() => firstWork.began.length === 1);
      paused.freeze();
      second.start();
      await until(() => secondWork.began.length === 1);
      paused.thaw();
      finishes.first.resolve();
      await delay(300);
      expect(await store.jobs.get(owner, id)).toMatchObject({ status: "running" });
      finishes.second.resolve();
      await until(async () => (await store.jobs.get(owner, id))?.status === "completed");
      expect(await store.jobs.get(owner, id)).toMatchObject({ result: { text: "by the second" } });
      expect(await store.saidIn(owner, threadId)).toEqual(["by the second"]);
      expect([...firstWork.began, ...secondWork.began]).toHaveLength(2);
    } finally {
      paused.thaw();
      await Promise.all([first.stop(), second.stop()]);
    }
  });
});
