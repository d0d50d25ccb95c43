import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Client, Connection } from "@temporalio/client";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "../../../../platform/errors/app-error.ts";
import { createTemporalEngine } from "../../../../workflows/jobs/temporal/create-temporal-engine.ts";
import { progressQuery } from "../../../../workflows/jobs/temporal/crew-job.ts";
import { createDataConverter } from "../../../../workflows/jobs/temporal/data-converter.ts";
import { crewOf, type JobBench, onJobBench, owner, quickAttempts, type Script } from "../../../support/job-bench.ts";
import { memoryJobs } from "../../../support/memory-jobs.ts";
import { echo, scriptedWork, untilAborted } from "../../../support/scripted-work.ts";
import { describeWithServer } from "../../../support/servers.ts";
import { startTemporal, type TemporalServer } from "../../../support/temporal.ts";
import {
  createTemporalParts,
  type TemporalPartsOptions,
  testBundle,
  testPayloadKey,
} from "../../../support/temporal-parts.ts";
import { until } from "../../../support/until.ts";

describeWithServer("temporal", "jobs on a real Temporal", () => {
  let server: TemporalServer;
  let client: Client;
  beforeAll(async () => {
    server = await startTemporal();
    client = new Client({ connection: Connection.lazy({ address: server.address }) });
  });
  afterAll(async () => {
    await client?.connection.close();
    await server?.stop();
  });

  const partsOf = (options: Omit<TemporalPartsOptions, "address"> = {}) =>
    createTemporalParts({
      address: () => server.address,
      // Versions are of a deployment; each test of them has its own.
      ...(options.worker?.deploymentName === undefined ? { taskQueue: "jobs" } : {}),
      ...options,
    });
  const on = (
    use: (bench: JobBench) => Promise<void>,
    { script, ...options }: Omit<TemporalPartsOptions, "address"> & { readonly script?: Script } = {},
  ): Promise<void> => onJobBench({ make: partsOf(options), openStore: memoryJobs, ...(script ? { script } : {}) }, use);
  const historyOf = async (id: string): Promise<string> =>
    historyToJSON(await client.workflow.getHandle(id).fetchHistory());

  describe("what Temporal keeps", () => {
    test("shows nothing of what was said, done or failed", () => {
      const crew = crewOf([{ id: "draft", description: "Write about the hidden word." }, { id: "broken" }]);
      return on(
        async ({ begin, ends }) => {
          const id = await begin(crew);
          expect(await ends(id)).toMatchObject({ status: "failed", error: { message: "A hidden reason." } });
          await client.workflow
            .getHandle(id)
            .result()
            .catch(() => undefined);
          const history = await historyOf(id);
          const plain = history.replace(/"data":\s*"([^"]*)"/g, (_, data: string) =>
            Buffer.from(data, "base64").toString("latin1"),
          );
          expect(plain).toContain("doTask");
          expect(plain).not.toMatch(/hidden|draft done/i);
        },
        {
          script: ({ task }) => {
            if (task.id === "broken") throw new AppError("POLICY_DENIED", "A hidden reason.");
            return { status: "ok", output: { text: "draft done", citations: [] }, usage: { tokens: 1, cost: 0 } };
          },
        },
      );
    });

    test("is worth nothing to a worker with another key; the job waits for one that can read it", () =>
      on(
        async ({ begin, job, ends, engine: stranger, work, store }) => {
          const id = await begin(crewOf([{ id: "one" }]));
          await until(async () => (await historyOf(id)).includes("WORKFLOW_TASK_FAILED"));
          expect(await job(id)).toMatchObject({ status: "queued" });
          expect(work.began).toEqual([]);
          await stranger.stop();
          const reader = await partsOf()({ records: store.records, work: scriptedWork(), attempts: quickAttempts });
          try {
            expect(await ends(id)).toMatchObject({ status: "completed" });
          } finally {
            await reader.stop();
          }
        },
        { workerSecret: "0a".repeat(32) },
      ));

    test("begins anew when it gets long, and goes on where it was", () =>
      on(
        async ({ begin, ends, told, work }) => {
          const names = Array.from({ length: 8 }, (_, index) => `task-${index}`);
          const id = await begin(crewOf(names.map((name) => ({ id: name }))));
          expect(await ends(id)).toMatchObject({
            status: "completed",
            result: { text: "task-7" },
            usage: { tokens: 80 },
            progress: { done: 8 },
          });
          expect(work.began).toEqual(names.map((name) => `${id}/${name}/1`));
          expect((await told(id)).filter((event) => event === "started")).toHaveLength(1);
          const { raw } = await client.workflow.getHandle(id).describe();
          expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
        },
        { engine: { eventsPerRun: 25 } },
      ));
  });

  test("a running job tells how far it is", () => {
    const held = Promise.withResolvers<void>();
    return on(
      async ({ begin, reaches, ends, decide, work }) => {
        const tasks = [{ id: "one" }, { id: "two" }, { id: "act", human_approval: "before" }];
        const id = await begin(crewOf(tasks));
        await until(() => work.began.length === 2);
        const dataConverter = createDataConverter([await testPayloadKey()]);
        const reading = new Client({ connection: client.connection as Connection, dataConverter });
        const progress = () => reading.workflow.getHandle(id).query(progressQuery);
        expect(await progress()).toEqual({ done: ["one"], running: ["two"], total: 3, waitingFor: [] });
        held.resolve();
        await reaches(id, "waiting_approval");
        expect(await progress()).toMatchObject({ done: ["one", "two"], waitingFor: [`${id}/act/begin`] });
        await decide(id, "approve");
        await ends(id);
      },
      {
        script: async (request) => {
          if (request.task.id === "two") await held.promise;
          return echo(request);
        },
      },
    );
  });

  test("a job that no worker takes up is begun once, however long it waits and however often it is told", async () => {
    const { jobs, records, newThread } = memoryJobs();
    const engine = createTemporalEngine({
      ...{
        address: server.address,
        namespace: "default",
        taskQueue: "nobody",
        records,
        logger: pino({ level: "silent" }),
      },
      dataConverter: createDataConverter([await testPayloadKey()]),
      pollMs: 10,
    });
    try {
      const id = randomUUID();
      const crew = crewOf([{ id: "one" }]);
      const principal = { id: owner, roles: ["user"] };
      await jobs.create({ id, crew, input: {}, principal, threadId: await newThread(owner), mode: "open" });
      engine.start();
      await until(async () => (await records.untold({ limit: 1 })).length === 0);
      for (let times = 0; times < 5; times += 1) {
        await engine.run(id);
        await engine.tell(id);
        await delay(20);
      }
      const { events } = await client.workflow.getHandle(id).fetchHistory();
      expect(events).toHaveLength(2); // begun, and to be taken up
      await client.workflow.getHandle(id).terminate();
    } finally {
      await engine.stop();
    }
  });

  test("a job whose workflow somebody stopped by hand is cancelled", () =>
    on(
      async ({ begin, ends, engine, work }) => {
        const id = await begin(crewOf([{ id: "one" }]));
        await until(() => work.began.length === 1);
        await client.workflow.getHandle(id).terminate("by hand");
        engine.start();
        expect(await ends(id)).toMatchObject({ status: "cancelled" });
      },
      { script: (_request, { signal }) => untilAborted(signal), engine: { compareMs: 300 } },
    ));

  test("a cancelled job's work hears of it within seconds, with the usual beats of a worker", () =>
    on(
      async ({ begin, ends, engine, store, work }) => {
        const id = await begin(crewOf([{ id: "one" }]));
        await until(() => work.began.length === 1);
        const since = performance.now();
        await store.jobs.cancel(owner, id);
        await engine.tell(id);
        await until(() => work.aborted.length === 1);
        expect(performance.now() - since).toBeLessThan(5_000);
        expect(await ends(id)).toMatchObject({ status: "cancelled" });
        expect(work.ended).toEqual([]);
      },
      { script: (_request, { signal }) => untilAborted(signal), worker: { beatMs: undefined } },
    ));

  test("a job is cancelled also when the worker that did its step is gone", () =>
    on(
      async ({ begin, ends, engine, store, work }) => {
        const id = await begin(crewOf([{ id: "one" }]));
        await until(() => work.began.length === 1);
        await store.jobs.cancel(owner, id);
        await engine.tell(id);
        expect(await ends(id)).toMatchObject({ status: "cancelled" });
        expect(work.aborted).toEqual([]);
      },
      // One that never says that it is alive is dead to Temporal.
      {
        script: (_request, { signal }) => untilAborted(signal),
        engine: { silenceMs: 1_000 },
        worker: { beatMs: 60_000 },
      },
    ));

  // Temporal itself takes seconds to make a version the current one.
  describe("versions of the workflow", { timeout: 40_000 }, () => {
    const bundleOf = async (buildId: string) => ({ ...(await testBundle()), buildId });
    const current = async (deploymentName: string): Promise<string | undefined> => {
      const { workflowService } = client.connection as Connection;
      const found = await workflowService
        .describeWorkerDeployment({ namespace: "default", deploymentName })
        .catch(() => undefined);
      return found?.workerDeploymentInfo?.routingConfig?.currentDeploymentVersion?.buildId ?? undefined;
    };

    test("side by side: a job stays with the one that began it, new ones go to the newest", async () => {
      const deploymentName = "side-by-side";
      const worker = { deploymentName, bundle: await bundleOf("old") };
      await on(
        async ({ begin, reaches, ends, decide, work, store }) => {
          await until(async () => (await current(deploymentName)) === "old");
          const crew = crewOf([{ id: "one", human_approval: "result" }, { id: "two" }]);
          const id = await begin(crew);
          await reaches(id, "waiting_approval");
          const newer = scriptedWork();
          const make = partsOf({ worker: { deploymentName, bundle: await bundleOf("new") } });
          const beside = await make({ records: store.records, work: newer, attempts: quickAttempts });
          try {
            await until(async () => (await current(deploymentName)) === "new");
            await decide(id, "approve");
            expect(await ends(id)).toMatchObject({ status: "completed" });
            expect(newer.began).toEqual([]);
            const next = await begin(crewOf([{ id: "three" }]));
            await ends(next);
            expect(newer.began).toEqual([`${next}/three/1`]);
            expect(work.began).toEqual([`${id}/one/1`, `${id}/two/1`]);
          } finally {
            await beside.stop();
          }
        },
        { worker },
      );
    });

    test("when the old one is gone for good, its jobs begin again on the new one", async () => {
      const deploymentName = "replaced";
      // Compared at the start, when the old one still counts as there, and again only because it has gone.
      const engine = { pollerSilenceMs: 3_000 };
      await on(
        async ({ begin, reaches, ends, engine: old, store }) => {
          await until(async () => (await current(deploymentName)) === "old");
          const id = await begin(crewOf([{ id: "act", human_approval: "before" }]));
          await reaches(id, "waiting_approval");
          await old.stop();
          const newer = scriptedWork();
          const make = partsOf({ engine, worker: { deploymentName, bundle: await bundleOf("new") } });
          const next = await make({ records: store.records, work: newer, attempts: quickAttempts });
          try {
            next.start();
            await store.jobs.decide(owner, id, { decision: "approve", by: owner });
            expect(await ends(id)).toMatchObject({ status: "completed" });
            expect(newer.began).toEqual([`${id}/act/1`]);
          } finally {
            await next.stop();
          }
        },
        { engine, worker: { deploymentName, bundle: await bundleOf("old") } },
      );
    });

    test("when no worker can go on from a job's history, it begins again", async () => {
      const deploymentName = "stuck";
      const engine = { compareMs: 200, mostTries: 3, silenceMs: 1_000 };
      const bundle = await bundleOf("same");
      await on(
        async ({ begin, reaches, ends, engine: old, store }) => {
          await until(async () => (await current(deploymentName)) === "same");
          const id = await begin(crewOf([{ id: "one" }, { id: "act", human_approval: "before" }]));
          await reaches(id, "waiting_approval");
          await old.stop();
          const code = bundle.code.replace(/`\$\{key\} \$\{attempt\}`/, "key + attempt");
          expect(code).not.toBe(bundle.code);
          const newer = scriptedWork();
          const make = partsOf({ engine, worker: { deploymentName, bundle: { ...bundle, code } } });
          const next = await make({ records: store.records, work: newer, attempts: quickAttempts });
          try {
            next.start();
            await store.jobs.decide(owner, id, { decision: "approve", by: owner });
            expect(await ends(id)).toMatchObject({ status: "completed" });
            expect(newer.began).toEqual([`${id}/one/1`, `${id}/act/1`]);
          } finally {
            await next.stop();
          }
        },
        { engine, worker: { deploymentName, bundle } },
      );
    });
  });

  // Last: it takes the server away.
  test("while Temporal is away jobs wait and decisions are kept; when it is back they are acted upon", () =>
    on(
      async ({ begin, reaches, ends, decide, engine, job, store }) => {
        const waiting = await begin(crewOf([{ id: "one" }, { id: "act", human_approval: "before" }]));
        await reaches(waiting, "waiting_approval");
        engine.start();
        await server.crash();
        const id = "5f0c5f0e-7d0a-4c0b-9f59-1d2f3a4b5c6d";
        await expect(begin(crewOf([{ id: "one" }]), { id })).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
        expect(await job(id)).toMatchObject({ status: "queued" });
        await decide(waiting, "approve");
        await expect(engine.ping?.()).rejects.toMatchObject({
          code: "UPSTREAM_UNAVAILABLE",
        });
        await server.restart();
        expect(await ends(waiting)).toMatchObject({ status: "completed" });
        expect(await ends(id)).toMatchObject({ status: "completed" });
        expect((await store.jobs.events(owner, id, { after: 0, limit: 100 }))!.length).toBeGreaterThan(0);
      },
      { engine: { timeoutMs: 500 } },
    ));
});
