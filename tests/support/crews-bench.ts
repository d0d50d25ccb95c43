import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { pino } from "pino";
import { expect } from "vitest";
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
import type { PoolDatabase } from "../../platform/db/pool-database.ts";
import { createAudit } from "../../platform/events/audit.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import type { ModelGateway } from "../../platform/models/model-gateway.ts";
import { createIdempotencyStore } from "../../platform/policy/idempotency.ts";
import { createGazetteer } from "../../rag-services/places/create-gazetteer.ts";
import type { RagService } from "../../rag-services/rag-service.ts";
import { composeCrews, composeCrewTools } from "../../server/crews/compose-crews.ts";
import { createSayInThread } from "../../server/jobs/say-in-thread.ts";
import { createExecuteTool } from "../../tools/create-execute-tool.ts";
import type { Tool } from "../../tools/tool.ts";
import { createTools } from "../../tools/tool-list.ts";
import type { Decision, TaskOutput, TaskRequest } from "../../workflows/crews/steps.ts";
import { createJobStore } from "../../workflows/jobs/create-job-store.ts";
import type { TaskWork } from "../../workflows/jobs/do-task.ts";
import { endStatuses, type Job, type JobWork } from "../../workflows/jobs/job.ts";
import type { JobRecords } from "../../workflows/jobs/job-store.ts";
import { openPermit } from "./gateway.ts";
import type { EngineUnderTest } from "./job-bench.ts";
import { stubService } from "./stub-engine.ts";
import { shippedCrews } from "./task-work.ts";
import { until } from "./until.ts";

const rows = <Row>(name: string): Row[] =>
  parse(readFileSync(new URL(`../../migrations/defaults/${name}.yaml`, import.meta.url), "utf8"));

// As one process has it: reading it takes a tenth of a second.
const places = createGazetteer();
/** No model is configured. */
export const noModels = { configured: false, answerModel: undefined } as ModelGateway;

/** What an engine is made of. */
export interface CrewEngineParts {
  readonly database: PoolDatabase;
  readonly records: JobRecords;
  readonly work: TaskWork;
}

interface RunOptions {
  readonly mode?: "open" | "confidential";
  readonly decide?: (key: string) => Decision["decision"];
  /** Before each round of a task. */
  readonly before?: (request: TaskRequest, job: JobWork) => Promise<void>;
}

/** A search that finds two sentences about boilers. */
export const search: RagService = {
  ...stubService("search", () => "A boiler lasts for about fifteen years. A boiler needs water."),
  providers: ["stub"],
};

/** Jobs of the crews that ship, through the true work of their tasks, on whatever database and engine. */
export const createCrewsBench = (deps: {
  readonly databaseOf: () => PoolDatabase;
  readonly masterKeyOf: () => MasterKey;
  readonly makeEngine: (parts: CrewEngineParts) => EngineUnderTest | Promise<EngineUnderTest>;
  /** A folder with documents to import. */
  readonly folder: () => string;
}) => {
  const { databaseOf, masterKeyOf, makeEngine, folder } = deps;
  /** Somebody with a key, with all that jobs stand on. */
  const partsOf = (
    models: ModelGateway,
    services: readonly RagService[] = [search],
    change: (tool: Tool) => Tool = (tool) => tool,
  ) => {
    const database = databaseOf();
    const name = `k${randomUUID().slice(0, 8)}`;
    const principal = { id: `key:${name}`, roles: ["user", "admin"], profile: "openai" };
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const timeline = createTimeline({ database, cipher });
    const threadChanges = createThreadChanges({ database, cipher });
    const store = createJobStore({ database, cipher, say: createSayInThread({ timeline, threadChanges }) });
    const tools = [
      ...createTools({
        ...{ places, recall: createRecall({ database, cipher }) },
        jobs: {
          get: async () => undefined,
          list: async () => [],
          cancel: async () => undefined,
          conversation: async () => ({ mode: "open", isPersonal: true }),
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
    ].map(change);
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
      rolesOf: () => ["user", "admin"],
      logger,
    });
    const remember = async (content: string) =>
      timeline.open({ principal, mode: "open", messages: [{ role: "user", author: "ada", content }] });
    const importHandbook = async () => {
      await runImport({
        files: await listImportFiles(folder(), undefined),
        target: createImportTarget({ database, cipher }, { principal: principal.id, scope: "personal" }),
      });
      await createIndexer({ database, rule: "scoped", logger }).catchUp();
    };
    return { database, principal, timeline, threadChanges, store, work, remember, importHandbook, flush };
  };

  /** Has the engine run a job of a crew to its end; whoever is asked says what `decide` gives. */
  const runJob = async (
    { database, principal, threadChanges, store, work, flush }: ReturnType<typeof partsOf>,
    crewId: string,
    input: Record<string, unknown>,
    { mode = "open", decide = () => "approve", before = async () => undefined }: RunOptions = {},
  ) => {
    const crew = shippedCrews().get(crewId)!;
    const threadId = (await threadChanges.create({ principal, mode })).id;
    const id = randomUUID();
    const owner = { id: principal.id, roles: principal.roles };
    await store.jobs.create({ id, crew, input, principal: owner, threadId, mode });
    const histories: unknown[] = [];
    const engine = await makeEngine({
      database,
      // Others run their jobs in the same database.
      records: { ...store.records, unfinished: async () => [] },
      work: {
        ...work,
        async doTask(job, request, run) {
          await before(request, job);
          const result = await work.doTask(job, request, run);
          histories.push(result);
          return result;
        },
      },
    });
    const asked: string[] = [];
    try {
      await engine.run(id);
      const look = async () => (await store.jobs.get(principal.id, id))!;
      await until(async () => {
        const { status, question } = await look();
        if (question && !asked.includes(question.key)) {
          asked.push(question.key);
          await store.jobs.decide(
            principal.id,
            id,
            { decision: decide(question.key), by: "ada", reason: "known" },
            question.key,
          );
          await engine.tell(id);
        }
        return endStatuses.has(status);
      }, 20_000);
      const job = await look();
      const events = (await store.jobs.events(principal.id, id, { after: 0, limit: 500 }))!;
      return { id, threadId, asked, histories, job, kinds: events.map(({ kind }) => kind) };
    } finally {
      await (engine.release?.() ?? engine.stop());
      await flush();
    }
  };
  return { partsOf, runJob };
};
type CrewsParts = ReturnType<ReturnType<typeof createCrewsBench>["partsOf"]>;

/** What came of a job that must have completed. */
export const resultOf = ({ job }: { readonly job: Job }): TaskOutput => {
  expect(job).toMatchObject({ status: "completed", progress: { done: job.progress.total, running: [] } });
  return job.result!;
};

/** Every citation of a result is there, is seen by who asked, and is in the text. */
export const expectResolved = async (
  { database, principal }: Pick<CrewsParts, "database" | "principal">,
  threadId: string,
  { text, citations }: TaskOutput,
) => {
  const seen = createItemsSeen({ database });
  for (const { id, itemId, url } of citations) {
    expect(text).toContain(`[${id}]`);
    if (itemId === undefined) expect(url).toBe("https://stub.example");
    else {
      expect(await seen(principal.id, threadId, [itemId])).toEqual(new Set([itemId]));
    }
  }
  const marks = [...text.matchAll(/\[(\d+)\]/g)].map(([, mark]) => mark);
  expect(new Set(marks)).toEqual(new Set(citations.map(({ id }) => id)));
};
