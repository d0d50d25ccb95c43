import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { createImportTarget } from "../../atlas/import/import-target.ts";
import { listImportFiles } from "../../atlas/import/list-files.ts";
import { runImport } from "../../atlas/import/run-import.ts";
import { createIndexer } from "../../atlas/index/create-indexer.ts";
import { createItemsSeen } from "../../atlas/items-seen.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createRecall } from "../../atlas/recall.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { IntentRow, Registry, RegistrySource } from "../../platform/config/registry.ts";
import type { Settings } from "../../platform/config/settings.ts";
import type { Database } from "../../platform/db/database.ts";
import { createAudit } from "../../platform/events/audit.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import type { ModelGateway } from "../../platform/models/model-gateway.ts";
import { createIdempotencyStore } from "../../platform/policy/idempotency.ts";
import { createGazetteer } from "../../rag-services/places/create-gazetteer.ts";
import type { RagService } from "../../rag-services/rag-service.ts";
import { composeCrews, composeCrewTools } from "../../server/crews/compose-crews.ts";
import { createSayInThread } from "../../server/jobs/say-in-thread.ts";
import { createExecuteTool } from "../../tools/create-execute-tool.ts";
import { createTools } from "../../tools/tool-list.ts";
import { runCrew } from "../../workflows/crews/run-crew.ts";
import type { Decision, TaskOutput } from "../../workflows/crews/steps.ts";
import { createJobStore } from "../../workflows/jobs/create-job-store.ts";
import { wholeOutput } from "../../workflows/jobs/whole-output.ts";
import { crewModel } from "../support/crew-model.ts";
import { gatewayOn, openPermit } from "../support/gateway.ts";
import { startModelServer } from "../support/model-server.ts";
import { recordedSteps } from "../support/recorded-steps.ts";
import { stubService } from "../support/stub-engine.ts";
import { freely, shippedCrews } from "../support/task-work.ts";

const rows = <Row>(name: string): Row[] =>
  parse(readFileSync(new URL(`../../migrations/defaults/${name}.yaml`, import.meta.url), "utf8"));

const handbook = `# Handbook

## Boiler

The boiler in the cellar was bought in 2019. The boiler must be serviced every May by a plumber.

## Garden

The apple tree is watered on Fridays.
`;

const noModels = { configured: false, answerModel: undefined } as ModelGateway;

/** The crews that ship, through the true work of their tasks, on whatever database. */
export const shippedCrewsContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const close: (() => Promise<unknown>)[] = [];
  let folder: string;
  let stubModel: ModelGateway;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "athena-crews-"));
    await writeFile(join(folder, "handbook.md"), handbook);
    const server = await startModelServer({ reply: crewModel });
    stubModel = await gatewayOn({ OPENAI_BASE_URL: server.openaiUrl, ATHENA_MODEL: "openai/stand-in" });
    close.push(
      () => stubModel.close(),
      () => server.close(),
      () => rm(folder, { recursive: true, force: true }),
    );
  });
  afterAll(async () => {
    for (const each of close) await each();
  });

  const search: RagService = {
    ...stubService("search", () => "A boiler lasts for about fifteen years. A boiler needs water."),
    providers: ["stub"],
  };

  /** Somebody with a key, with all that jobs stand on. */
  const partsOf = (models: ModelGateway, services: readonly RagService[] = [search]) => {
    const database = databaseOf();
    const name = `k${randomUUID().slice(0, 8)}`;
    const principal = { id: `key:${name}`, roles: ["user", "admin"], profile: "openai" };
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const timeline = createTimeline({ database, cipher });
    const threadChanges = createThreadChanges({ database, cipher });
    const store = createJobStore({ database, cipher, say: createSayInThread({ timeline, threadChanges }) });
    const tools = [
      ...createTools({
        ...{ places: createGazetteer(), recall: createRecall({ database, cipher }) },
        jobs: {
          get: async () => undefined,
          list: async () => [],
          cancel: async () => undefined,
          threadMode: async () => "open",
        },
      }),
      ...composeCrewTools({
        database,
        checkReadiness: async () => ({
          status: "degraded",
          dependencies: [
            { name: "database", kind: "embedded", state: "up" },
            { name: "cache", kind: "embedded", state: "down" },
          ],
        }),
      }),
    ];
    const logger = pino({ level: "silent" });
    const { executeTool, close: flush } = createExecuteTool({
      tools,
      idempotency: createIdempotencyStore({
        database,
        box: masterKeyOf().box("idempotency"),
        mac: masterKeyOf().mac("idempotency"),
      }),
      audit: createAudit({ database }),
      metrics: createMetrics(),
      logger,
    });
    const registry = {
      current: () =>
        ({ intents: rows<IntentRow>("intents"), services: [], modelAliases: [], crews: [] }) as unknown as Registry,
    } as RegistrySource;
    const { work } = composeCrews({
      settings: {
        ATHENA_API_KEYS: `${name}=a-long-secret:admin`,
        ATHENA_STEP_TIMEOUT_SECONDS: 5,
        ATHENA_TOOL_ROUNDS: 4,
        ATHENA_TOOL_CALLS: 8,
        ATHENA_LOCALE: "en",
        ATHENA_TIMEZONE: "Europe/Warsaw",
      } as Settings,
      database,
      registry,
      models,
      permitFor: (mode) => openPermit(mode === "open" ? {} : { class: "blocked", confidential: true }),
      tools,
      executeTool,
      services: new Map(services.map((service) => [service.id, service])),
      records: store.tasks,
      logger,
    });
    const remember = async (content: string) =>
      timeline.open({ principal, mode: "open", messages: [{ role: "user", author: "ada", content }] });
    const importHandbook = async () => {
      await runImport({
        files: await listImportFiles(folder, undefined),
        target: createImportTarget({ database, cipher }, { principal: principal.id, scope: "personal" }),
      });
      await createIndexer({ database, rule: "scoped", logger }).catchUp();
    };
    return { database, principal, timeline, threadChanges, store, work, remember, importHandbook, flush };
  };
  type Parts = ReturnType<typeof partsOf>;

  /** Makes a job of a crew and runs it to its end, the way an engine does. */
  const runJob = async (
    { principal, threadChanges, store, work, flush }: Parts,
    id: string,
    input: Record<string, unknown>,
    { mode = "open", decide }: { mode?: "open" | "confidential"; decide?: (key: string) => Decision } = {},
  ) => {
    const crew = shippedCrews().get(id)!;
    const threadId = (await threadChanges.create({ principal, mode })).id;
    const made = { id: randomUUID(), crew, input, principal, threadId, mode };
    await store.jobs.create({ ...made, principal: { id: principal.id, roles: principal.roles } });
    const job = (await store.records.work(made.id))!;
    const histories: unknown[] = [];
    const { steps, asked, ran } = recordedSteps({
      async run(request) {
        const result = await work.doTask(job, request, freely());
        histories.push(result);
        return result;
      },
      ...(decide ? { decide } : {}),
    });
    const result = await runCrew({ jobId: job.id, crew }, steps);
    await store.records.finish(job.id, { status: "completed", result, usage: { tokens: 0, cost: 0 } });
    await flush();
    return { job, threadId, asked, ran, histories, result: await wholeOutput(store.tasks, job.id, result) };
  };

  /** Every citation of a result is there, is seen by who asked, and is in the text. */
  const expectResolved = async ({ database, principal }: Parts, threadId: string, { text, citations }: TaskOutput) => {
    const seen = createItemsSeen({ database });
    for (const { id, itemId, url } of citations) {
      expect(text).toContain(`[${id}]`);
      if (itemId === undefined) expect(url).toBe("https://stub.example");
      else {
        expect(await seen(principal.id, threadId, [itemId])).toEqual(new Set([itemId]));
        expect(await seen("key:somebody-else", threadId, [itemId])).toEqual(new Set());
      }
    }
    const marks = [...text.matchAll(/\[(\d+)\]/g)].map(([, mark]) => mark);
    expect(new Set(marks)).toEqual(new Set(citations.map(({ id }) => id)));
  };

  describe.each([
    ["without a model", () => noModels],
    ["with a model", () => stubModel],
  ])("crews that ship, %s", (_name, models) => {
    test("deep-research reports what documents, conversations and the web say, and its citations resolve", async () => {
      const parts = partsOf(models());
      await parts.importHandbook();
      await parts.remember("The plumber said that the boiler loses water at the valve.");
      const { result, threadId, ran } = await runJob(parts, "deep-research", { topic: "the boiler in the cellar" });
      await expectResolved(parts, threadId, result);
      expect(result.citations.filter(({ itemId }) => itemId).length).toBeGreaterThan(1);
      expect(result.citations.some(({ url }) => url === "https://stub.example")).toBe(true);
      expect(result.citations.map(({ title }) => title).join("\n")).toContain("Handbook › Boiler");
      expect(ran).toHaveLength(6);
      const { messages } = await parts.timeline.messages(parts.principal, threadId, { after: 0, limit: 10 });
      expect(messages).toHaveLength(1);
      expect(messages[0]!.content).toContain("## Sources");
      expect(messages[0]!.meta).toMatchObject({ citations: result.citations });
    });

    test("report tells the figures and the timeline of a period", async () => {
      const parts = partsOf(models());
      await parts.remember("We moved the boiler.");
      await parts.remember("We painted the wall.");
      const { result, threadId } = await runJob(parts, "report", { period: "week" });
      await expectResolved(parts, threadId, result);
      expect(result.citations).toHaveLength(2);
    });

    test("triage checks, proposes, asks, and raises the alert once somebody agreed", async () => {
      const parts = partsOf(models());
      await parts.database.query("delete from open_alerts");
      const { asked, job } = await runJob(parts, "triage", { incident: "The cache is down and nothing answers." });
      expect(asked).toEqual([`${job.id}/proposal/1/result`]);
      expect(await parts.database.query("select id, severity from open_alerts")).toEqual([
        { id: "incident:cache", severity: "critical" },
      ]);
      const calls = await parts.database.query(
        "select tool, done_at is not null as done from job_calls where job_id = $1",
        [job.id],
      );
      expect(calls).toEqual([{ tool: "raise_alert", done: true }]);
    });
  });

  test("a triage whose proposal is rejected raises nothing", async () => {
    const parts = partsOf(noModels);
    await parts.database.query("delete from open_alerts");
    const rejected = runJob(
      parts,
      "triage",
      { incident: "The cache is down." },
      { decide: () => ({ decision: "reject", by: "ada", reason: "known" }) },
    );
    await expect(rejected).rejects.toMatchObject({ reason: "rejected" });
    expect(await parts.database.query("select 1 from open_alerts")).toEqual([]);
  });

  test("deep-research without a web search or anything to recall says that it found nothing", async () => {
    const parts = partsOf(noModels, []);
    const { result } = await runJob(parts, "deep-research", { topic: "zeppelins over Mars" });
    expect(result.citations).toEqual([]);
    expect(result.text).toContain("Nothing was found about this.");
  });

  test("a confidential job completes, and neither a history nor the database holds its words", async () => {
    const parts = partsOf(noModels);
    await parts.remember("The boiler was open for everybody to see.");
    const { result, histories, threadId } = await runJob(
      parts,
      "deep-research",
      { topic: "the secret boiler" },
      { mode: "confidential" },
    );
    expect(JSON.stringify(histories)).not.toContain("boiler");
    expect(result.text).toContain("everybody");
    const stored = await parts.database.query("select result from job_results where result is not null");
    expect(JSON.stringify(stored)).not.toContain("secret boiler");
    const { messages } = await parts.timeline.messages(parts.principal, threadId, { after: 0, limit: 10 });
    expect(messages[0]!.content).toContain("secret boiler");
  });

  test("what was deleted meanwhile is not cited any more", async () => {
    const parts = partsOf(noModels, []);
    const { thread, messages } = await parts.remember("The boiler has a golden valve.");
    const crew = shippedCrews().get("deep-research")!;
    const threadId = (await parts.threadChanges.create({ principal: parts.principal, mode: "open" })).id;
    const id = randomUUID();
    const principal = { id: parts.principal.id, roles: parts.principal.roles };
    await parts.store.jobs.create({ id, crew, input: { topic: "the boiler" }, principal, threadId, mode: "open" });
    const job = (await parts.store.records.work(id))!;
    const { steps } = recordedSteps({
      async run(request) {
        if (request.task.id === "draft") {
          await parts.database.query(
            `insert into message_revisions (id, message_id, revision, thread_id, scope_key, kind, actor)
             values ($1, $2, 1, $3, $4, 'tombstone', 'ada')`,
            [randomUUID(), messages[0]!.id, thread.id, `user:${parts.principal.id}`],
          );
        }
        return parts.work.doTask(job, request, freely());
      },
    });
    const result = await wholeOutput(parts.store.tasks, id, await runCrew({ jobId: id, crew }, steps));
    expect(result.citations).toEqual([]);
    expect(result.text).not.toContain("golden");
  });
};
