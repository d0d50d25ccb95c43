import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PoolDatabase } from "../../../../platform/db/pool-database.ts";
import { AppError } from "../../../../platform/errors/app-error.ts";
import { createEmbeddedEngine } from "../../../../workflows/jobs/embedded/create-embedded-engine.ts";
import { openEmptyEmbedded } from "../../../support/embedded-database.ts";
import { crewOf, type MakeEngine, onJobBench, owner, type Script } from "../../../support/job-bench.ts";
import { type JobsUnderTest, memoryJobs } from "../../../support/memory-jobs.ts";
import { echo, untilAborted } from "../../../support/scripted-work.ts";

let database: PoolDatabase;
beforeAll(async () => {
  database = await openEmptyEmbedded();
});
afterAll(() => database.close());

const logger = pino({ level: "silent" });
/** Looks at nothing by itself while a test lasts. */
const make: MakeEngine = ({ records, work, attempts }) =>
  createEmbeddedEngine({ database, records, work, logger, attempts, everyMs: 600_000, leaseMs: 600_000 });

test.each([1, 2, 3, 4])("a decision that is told while the engine asks for the %i. time is not missed", async (nth) => {
  const store = memoryJobs();
  let asked = 0;
  let hear: (jobId: string, key: string) => Promise<void> = async () => undefined;
  const openStore = (): JobsUnderTest => ({
    ...store,
    records: {
      ...store.records,
      async decision(id, key) {
        const known = await store.records.decision(id, key);
        const isPut = (await store.jobs.get(owner, id))?.question !== undefined;
        if (isPut && known === undefined) {
          asked += 1;
          // After it was looked up, and before the engine has the answer.
          if (asked === nth) await hear(id, key);
        }
        return known;
      },
    },
  });
  await onJobBench({ make, openStore }, async ({ begin, ends, engine, reaches, decide }) => {
    let heard = false;
    hear = async (id, key) => {
      heard = true;
      await store.jobs.decide(owner, id, { decision: "approve", by: owner }, key);
      await engine.tell(id);
    };
    const id = await begin(crewOf([{ id: "act", human_approval: "before" }]));
    // The engine may ask less often than that.
    if (nth > 2) {
      await reaches(id, "waiting_approval");
      await new Promise((next) => setTimeout(next, 100));
      if (!heard) await decide(id, "approve");
    }
    expect(await ends(id)).toMatchObject({ status: "completed" });
  });
});

test("a job that breaks is tried again where nobody looks for jobs", async () => {
  const store = memoryJobs();
  let failures = 1;
  const openStore = (): JobsUnderTest => ({
    ...store,
    records: {
      ...store.records,
      async started(id) {
        failures -= 1;
        if (failures >= 0) throw new Error("a row that cannot be read");
        await store.records.started(id);
      },
    },
  });
  const often: MakeEngine = ({ records, work, attempts }) =>
    createEmbeddedEngine({ database, records, work, logger, attempts, everyMs: 20 });
  await onJobBench({ make: often, openStore }, async ({ begin, ends, work }) => {
    const id = await begin(crewOf([{ id: "one" }]));
    expect(await ends(id)).toMatchObject({ status: "completed" });
    expect(work.began).toEqual([`${id}/one/1`]);
  });
});

test("what runs beside a task whose end could not be written is stopped before it is begun again", async () => {
  const store = memoryJobs();
  let isWithDatabase = true;
  const openStore = (): JobsUnderTest => ({
    ...store,
    records: {
      ...store.records,
      async emit(id, event) {
        if (event.kind === "task_done" && isWithDatabase) {
          isWithDatabase = false;
          throw new AppError("DATABASE_UNAVAILABLE", "The database is away.");
        }
        await store.records.emit(id, event);
      },
    },
  });
  const often: MakeEngine = ({ records, work, attempts }) =>
    createEmbeddedEngine({ database, records, work, logger, attempts, everyMs: 20 });
  let mostAtOnce = 0;
  let atOnce = 0;
  const isBegun = Promise.withResolvers<void>();
  const script: Script = async (request, { signal }) => {
    if (request.task.id === "quick") {
      await isBegun.promise;
      return echo(request);
    }
    isBegun.resolve();
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    try {
      // The first attempt has no end of its own.
      if (isWithDatabase) await untilAborted(signal);
      return echo(request);
    } finally {
      atOnce -= 1;
    }
  };
  await onJobBench({ make: often, openStore, script }, async ({ begin, ends, work }) => {
    const id = await begin(crewOf([{ id: "quick" }, { id: "long" }], { process: "graph" }));
    expect(await ends(id)).toMatchObject({ status: "completed" });
    expect(work.aborted).toEqual([`${id}/long/1`]);
    expect(work.began.filter((key) => key === `${id}/long/1`)).toHaveLength(2);
    expect(mostAtOnce).toBe(1);
  });
});

test.each(["open", "confidential"] as const)(
  "of a job that breaks the log tells as much as it may: %s",
  async (mode) => {
    const store = memoryJobs();
    const failures = [Object.assign(new SyntaxError("Unexpected token in 'hidden'"), { code: "22P02" })];
    const openStore = (): JobsUnderTest => ({
      ...store,
      records: {
        ...store.records,
        async work(id) {
          const work = await store.records.work(id);
          return work && { ...work, mode };
        },
        async started(id) {
          const failure = failures.shift();
          if (failure) throw failure;
          await store.records.started(id);
        },
      },
    });
    let log = "";
    const telling: MakeEngine = ({ records, work, attempts }) =>
      createEmbeddedEngine({
        ...{ database, records, work, attempts, everyMs: 20 },
        logger: pino({ level: "warn" }, { write: (line: string) => (log += line) }),
      });
    await onJobBench({ make: telling, openStore }, async ({ begin, ends }) => {
      expect(await ends(await begin(crewOf([{ id: "one" }])))).toMatchObject({ status: "completed" });
    });
    expect(log).toMatch(/SyntaxError.*22P02|22P02.*SyntaxError/s);
    expect(log.includes("hidden")).toBe(mode === "open");
  },
);
