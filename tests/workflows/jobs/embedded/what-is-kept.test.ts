import { Writable } from "node:stream";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { createMetrics } from "../../../../platform/metrics/metrics.ts";
import { createEmbeddedEngine } from "../../../../workflows/jobs/embedded/create-embedded-engine.ts";
import { createJobCheckpoints } from "../../../../workflows/jobs/embedded/job-checkpoints.ts";
import { describeOnEachDatabase } from "../../../support/each-database.ts";
import { crewOf, type MakeEngine, onJobBench, owner } from "../../../support/job-bench.ts";
import { memoryJobs } from "../../../support/memory-jobs.ts";
import { echo, untilAborted } from "../../../support/scripted-work.ts";
import { until } from "../../../support/until.ts";

describeOnEachDatabase(
  (database) => {
    const logged: string[] = [];
    const logger = pino(
      new Writable({
        write(line, _encoding, done) {
          logged.push(String(line));
          done();
        },
      }),
    );
    const metrics = createMetrics();
    const make =
      (more: { readonly atOnce?: number } = {}): MakeEngine =>
      ({ records, work, attempts, now }) =>
        createEmbeddedEngine({
          records,
          work,
          database: database(),
          logger,
          metrics,
          attempts,
          now,
          everyMs: 50,
          ...more,
        });
    const openStore = memoryJobs;
    const kept = () => createJobCheckpoints(database(), "embedded_jobs").jobs();

    describe("what the embedded engine keeps", () => {
      test("is gone when its job has ended, however it ended", () =>
        onJobBench(
          {
            make: make(),
            openStore,
            script: (request, { signal }) => (request.task.id === "long" ? untilAborted(signal) : echo(request)),
          },
          async ({ begin, ends, reaches, decide, engine, store, work }) => {
            const completed = await begin(crewOf([{ id: "one" }]));
            expect(await ends(completed)).toMatchObject({ status: "completed" });
            const rejected = await begin(crewOf([{ id: "one", human_approval: "result" }]));
            await reaches(rejected, "waiting_approval");
            expect(await kept()).toContain(rejected);
            await decide(rejected, "reject");
            const cancelled = await begin(crewOf([{ id: "long" }]));
            await until(() => work.began.includes(`${cancelled}/long/1`));
            expect(await kept()).toContain(cancelled);
            await store.jobs.cancel(owner, cancelled);
            await engine.tell(cancelled);
            expect(await ends(rejected)).toMatchObject({ status: "failed" });
            expect(await ends(cancelled)).toMatchObject({ status: "cancelled" });
            await until(async () => (await kept()).length === 0);
          },
        ));

      test("of a job whose process died after its end is removed by the next one", () =>
        onJobBench(
          { make: make(), openStore, script: (_request, { signal }) => untilAborted(signal) },
          async (bench) => {
            const id = await bench.begin(crewOf([{ id: "one" }]));
            await until(() => bench.work.began.length === 1);
            await bench.engine.stop();
            await bench.store.records.finish(id, { status: "cancelled", usage: { tokens: 0, cost: 0 } });
            expect(await kept()).toContain(id);
            const next = await bench.another();
            next.engine.start();
            await until(async () => (await kept()).length === 0);
          },
        ));

      test("is told as a size", () =>
        onJobBench({ make: make(), openStore }, async ({ begin, ends, engine }) => {
          engine.start();
          await ends(await begin(crewOf([{ id: "one" }])));
          await until(async () => (await metrics.jobCheckpointBytes.get()).values[0]!.value > 0);
          await until(async () => (await metrics.jobsHeld.get()).values[0]!.value === 0);
        }));
    });

    describe("the embedded engine", () => {
      test("runs as many jobs at once as it may, and the others after them", () => {
        let underWay = 0;
        let most = 0;
        return onJobBench(
          {
            make: make({ atOnce: 2 }),
            openStore,
            async script(request) {
              underWay += 1;
              most = Math.max(most, underWay);
              await new Promise((next) => setTimeout(next, 20));
              underWay -= 1;
              return echo(request);
            },
          },
          async ({ begin, ends }) => {
            const ids = await Promise.all(
              Array.from({ length: 7 }, () => begin(crewOf([{ id: "one" }, { id: "two" }]))),
            );
            for (const id of ids) expect(await ends(id)).toMatchObject({ status: "completed" });
            expect(most).toBe(2);
          },
        );
      });

      test("finds jobs that it had no room for, though nobody told it of them", () =>
        onJobBench({ make: make({ atOnce: 1 }), openStore }, async ({ begin, ends, engine, another }) => {
          await engine.stop();
          const crew = crewOf([{ id: "one" }]);
          const ids = await Promise.all(Array.from({ length: 4 }, () => begin(crew)));
          (await another()).engine.start();
          for (const id of ids) expect(await ends(id)).toMatchObject({ status: "completed" });
        }));

      test("ends what is cancelled or rejected though there is no room for it", () =>
        onJobBench(
          {
            make: make({ atOnce: 1 }),
            openStore,
            script: (request, { signal }) => (request.task.id === "long" ? untilAborted(signal) : echo(request)),
          },
          async ({ begin, ends, reaches, decide, engine, store, work }) => {
            const crew = crewOf([{ id: "one", human_approval: "result" }]);
            const [cancelled, rejected, erased] = [await begin(crew), await begin(crew), await begin(crew)];
            for (const id of [cancelled, rejected, erased]) await reaches(id, "waiting_approval");
            const long = await begin(crewOf([{ id: "long" }]));
            await until(() => work.began.includes(`${long}/long/1`));
            const queued = await begin(crewOf([{ id: "one" }]));
            const forgotten = await begin(crewOf([{ id: "one" }]));
            for (const id of [cancelled, queued]) {
              await store.jobs.cancel(owner, id);
              await engine.tell(id);
              expect(await ends(id)).toMatchObject({ status: "cancelled" });
            }
            await decide(rejected, "reject");
            expect(await ends(rejected)).toMatchObject({ status: "failed" });
            // Nobody tells of these; who looks for jobs sees it.
            await store.jobs.cancel(owner, forgotten);
            await store.erase(owner, (await store.jobs.get(owner, erased))!.threadId);
            engine.start();
            for (const id of [forgotten, erased]) expect(await ends(id)).toMatchObject({ status: "cancelled" });
            await until(async () => (await kept()).join() === long);
            expect(work.began).toHaveLength(4);
            expect(work.aborted).toEqual([]);
          },
        ));

      test("has room for others while a job waits for somebody", () =>
        onJobBench({ make: make({ atOnce: 1 }), openStore }, async ({ begin, reaches, ends, decide }) => {
          const waiting = await begin(crewOf([{ id: "act", human_approval: "before" }]));
          await reaches(waiting, "waiting_approval");
          expect(await ends(await begin(crewOf([{ id: "one" }])))).toMatchObject({ status: "completed" });
          await decide(waiting, "approve");
          expect(await ends(waiting)).toMatchObject({ status: "completed" });
        }));

      test("does not count an attempt that was cut off by the end of its process", () =>
        onJobBench(
          { make: make(), openStore, attempts: { most: 1 }, script: (_request, { signal }) => untilAborted(signal) },
          async ({ begin, ends, engine, another, work }) => {
            const id = await begin(crewOf([{ id: "one" }]));
            await until(() => work.began.length === 1);
            await engine.stop();
            const next = await another();
            next.engine.start();
            expect(await ends(id)).toMatchObject({ status: "completed" });
          },
        ));

      test("does not log what a confidential job's task failed with", () =>
        onJobBench(
          {
            make: make(),
            openStore,
            script() {
              throw new TypeError("a most private sentence");
            },
          },
          async ({ engine, ends, store }) => {
            const of = { crew: crewOf([{ id: "one" }]), input: {}, threadId: "t", principal: { id: owner, roles: [] } };
            for (const mode of ["confidential", "open"] as const) {
              const id = crypto.randomUUID();
              await store.jobs.create({ ...of, id, mode });
              await engine.run(id);
              expect(await ends(id)).toMatchObject({ status: "failed", error: { code: "INTERNAL" } });
              const lines = logged.filter((line) => line.includes(id));
              expect(lines).toHaveLength(1);
              expect(lines[0]!.includes("private")).toBe(mode === "open");
            }
          },
        ));
    });
  },
  { schema: "none" },
);
