import type { Logger } from "pino";
import { createLogCall } from "../atlas/call-log.ts";
import { createChannels } from "../atlas/channels.ts";
import { createClientConversations } from "../atlas/client-conversations.ts";
import { createClientToolTurns } from "../atlas/client-tool-turns.ts";
import { createFactsOf } from "../atlas/facts/fact-fragment.ts";
import { createKeptOfTurn } from "../atlas/facts/kept-of-turn.ts";
import { loadMasterKey } from "../atlas/master-key.ts";
import { createPeopleDirectory } from "../atlas/people-directory.ts";
import { createQueryEngine } from "../graphs/create-query-engine.ts";
import { createQueryGraph } from "../graphs/query.ts";
import { createOwnTools } from "../nodes/answer/own-tools.ts";
import { createEmbedQuery } from "../nodes/embed-query.ts";
import { createHomeParser } from "../nodes/home/home-parser.ts";
import { createModelTier } from "../nodes/model-tier.ts";
import type { UnfinishedTurn } from "../nodes/query.ts";
import { createUnderstanding } from "../nodes/understanding/understand-query.ts";
import { createRulesInForce } from "../nodes/validation/rules-in-force.ts";
import { createSay } from "../nodes/wording.ts";
import { openCache } from "../platform/cache/open-cache.ts";
import { seedRegistry } from "../platform/config/registry-defaults.ts";
import { createRegistrySource } from "../platform/config/registry-source.ts";
import type { Settings } from "../platform/config/settings.ts";
import { migrate } from "../platform/db/migrate.ts";
import type { PoolDatabase } from "../platform/db/pool-database.ts";
import { createQuietTime } from "../platform/db/quiet-time.ts";
import { createEgress } from "../platform/egress/create-egress.ts";
import { createOutbound } from "../platform/egress/create-outbound.ts";
import { announceWrites } from "../platform/events/announce-writes.ts";
import { createAudit } from "../platform/events/audit.ts";
import { createDeadLetters } from "../platform/events/dead-letters.ts";
import { openBroadcast } from "../platform/events/open-broadcast.ts";
import { republish } from "../platform/events/republish.ts";
import { createMetrics } from "../platform/metrics/metrics.ts";
import { createModelGateway } from "../platform/models/create-model-gateway.ts";
import { createLocalSummary } from "../platform/models/summarise-locally.ts";
import { createIdempotencyStore } from "../platform/policy/idempotency.ts";
import { createExecuteTool } from "../tools/create-execute-tool.ts";
import { createTools } from "../tools/tool-list.ts";
import { announcePrivacy } from "./announce-privacy.ts";
import { createApp } from "./app.ts";
import { createServerChat } from "./chat-socket/create-server-chat.ts";
import type { Engine } from "./compose.ts";
import { composeAtlas } from "./compose-atlas.ts";
import { composeEvents } from "./compose-events.ts";
import { composeJobs } from "./compose-jobs.ts";
import { composeSchedules } from "./compose-schedules.ts";
import { composeServices } from "./compose-services.ts";
import { createPermitFor } from "./create-permit-for.ts";
import { composeCrewTools } from "./crews/compose-crews.ts";
import { createExampleEmbedding } from "./example-embedding.ts";
import { createCallersJobs } from "./jobs/create-callers-jobs.ts";
import { createJobDelegate } from "./jobs/create-job-delegate.ts";
import { listen } from "./listen.ts";
import { createCheckReadiness } from "./operations/readiness.ts";
import type { ServerDeps } from "./server-deps.ts";
import { loadServiceTables } from "./service-tables.ts";
import type { StopList } from "./stop-list.ts";

/** Messages of a thread that a native surface's history takes. */
const historyLimit = 20;
/** Fragments of memory that one recall step gives. */
const recallLimit = 8;
/** Longest wait for the model's opinion on an unclear query. */
const modelTierMs = 3_000;
/** Longest wait for vectors of a query that no pattern fits. */
const embedQueryMs = 250;

/** Intents that say nothing about what a conversation is about. */
const hasClientTools = ({ clientTools }: { readonly clientTools?: readonly unknown[] | undefined }): boolean =>
  (clientTools?.length ?? 0) > 0;

const withoutTopic: ReadonlySet<string> = new Set(["chat", "greeting", "help"]);

export interface BuildEngineDeps {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly opening: Promise<PoolDatabase>;
  readonly stopList: StopList;
}

/**
 * Builds everything in order; the only file that does. Each embedded/distributed pair is chosen in its own `open…` by the
 * settings. What is started is noted in `stopList`.
 * @throws {AppError} see `compose`
 */
export const buildEngine = async ({ settings, logger, opening, stopList }: BuildEngineDeps): Promise<Engine> => {
  const metrics = createMetrics();
  const egress = createEgress({ metrics });
  const stepMs = settings.ATHENA_STEP_TIMEOUT_SECONDS * 1_000;

  const tables = loadServiceTables(); // while the database starts in its own thread
  const opened = await opening;
  await migrate(opened);
  await seedRegistry(opened);
  const events = await composeEvents({ settings, database: opened, metrics, logger, stopList });
  const quiet = createQuietTime();
  const database = announceWrites(quiet.watch(opened), events.poke);
  const registry = await createRegistrySource({
    database,
    pollMs: settings.ATHENA_REGISTRY_POLL_SECONDS * 1_000,
    logger,
  });
  stopList.add("registry", () => registry.stop());
  const cache = await openCache({ settings, logger });
  stopList.add("cache", () => cache.close());
  const [masterKey, models] = await Promise.all([
    loadMasterKey({ ATHENA_MASTER_KEY: settings.ATHENA_MASTER_KEY, dataDir: settings.ATHENA_DATA_DIR }),
    createModelGateway({ settings, registry, egress, metrics, logger }),
  ]);
  stopList.add("models", () => models.close());

  const people = createPeopleDirectory({ database, masterKey });
  const permitFor = createPermitFor({ settings, models, people });
  const broadcast = await openBroadcast({ settings, logger });
  stopList.add("broadcast", () => broadcast.close());
  const atlas = await composeAtlas({
    settings,
    database,
    indexDatabase: quiet.yieldTo(opened),
    masterKey,
    broadcast,
    models,
    registry,
    people,
    permitFor,
    places: tables.places,
    egress,
    metrics,
    logger,
    stopList,
  });
  const { timeline, recall, facts, followers, vectors } = atlas;
  const unfinishedTurns = createClientToolTurns<UnfinishedTurn>({ database, masterKey });
  const idempotency = createIdempotencyStore({
    database,
    box: masterKey.box("idempotency"),
    mac: masterKey.mac("idempotency"),
    // A query that still runs must not be taken for dead.
    staleAfterMs: Math.max(600_000, settings.ATHENA_DEADLINE_SECONDS * 2_000),
    isAlone: settings.DATABASE_URL === undefined,
  });
  const outbound = createOutbound({ egress, metrics });
  const services = composeServices({ settings, registry, outbound, egress, metrics, cache, tables, logger });
  const tools = createTools({
    ...{ places: tables.places, recall },
    jobs: createCallersJobs({ desk: () => jobs.desk, timeline }),
  });
  const remoteServices = registry
    .current()
    .services.flatMap(({ id, url }) => (url === null ? [] : [{ name: id, url }]));
  const checkReadiness = createCheckReadiness({
    ...{ database, cache, bus: events.bus, models, remoteServices },
    core: atlas.deep.source,
    temporal:
      settings.TEMPORAL_ADDRESS === undefined
        ? undefined
        : { ping: () => jobs.temporal!.ping(), versionsAtWork: () => jobs.temporal!.versionsAtWork() },
  });
  const toolsOfAll = [...tools, ...composeCrewTools({ database, checkReadiness })];
  const { executeTool, close: flushAudits } = createExecuteTool({
    tools: toolsOfAll,
    idempotency,
    audit: createAudit({ database }),
    metrics,
    logger,
    timeoutMs: stepMs,
  });
  stopList.add("tools", flushAudits);

  const understanding = createUnderstanding({
    registry,
    gazetteer: tables.places,
    classifierCacheDir: settings.ATHENA_DATA_DIR,
    defaultLocale: settings.ATHENA_LOCALE,
    embedding: createExampleEmbedding(settings.ATHENA_EMBEDDING_MODEL, models),
    logger,
  });
  stopList.add("understanding", () => understanding.stop());

  const intents = () => registry.current().intents;
  const say = createSay(() => registry.current().prompts);
  const rules = createRulesInForce(
    registry,
    (error) => logger.error({ err: error }, "the new validation rules cannot be used; the last ones stay"),
    tables.places,
  );
  const embedQuery = createEmbedQuery({ models, model: settings.ATHENA_EMBEDDING_MODEL, timeoutMs: embedQueryMs });
  const modelTier = createModelTier({ models, intents, say, timeoutMs: modelTierMs });
  announcePrivacy(settings, logger);
  const summaryModel = settings.ATHENA_SUMMARY_MODEL;

  const jobs = await composeJobs({
    ...{ settings, database, masterKey, registry, models, permitFor, executeTool, services, broadcast, timeline },
    ...{ metrics, logger, stopList },
    tools: toolsOfAll,
    threadChanges: atlas.threadChanges,
    bus: events.bus,
  });
  const graph = createQueryGraph({
    metrics,
    receive: { timeline, unfinishedTurns, permitFor, historyLimit, defaultTimezone: settings.ATHENA_TIMEZONE },
    classify: {
      understand: (text, context) =>
        understanding.understand(text, { ...context, locale: context.locale ?? undefined }),
      // With the client's tools in hand the answering model chooses for itself, ours among them: one round less. An order to
      // a home waits for no model at all.
      modelTierFor: ({ permit, query }) => (hasClientTools(query) ? undefined : modelTier(permit, query.signal)),
      embedQueryFor: ({ permit, query }) => (hasClientTools(query) ? undefined : embedQuery(permit, query.signal)),
      defaultLocale: settings.ATHENA_LOCALE,
      say,
    },
    privacyGate: summaryModel
      ? { summarise: createLocalSummary({ models, model: summaryModel, timeoutMs: modelTierMs }) }
      : {},
    commandHome: { parser: createHomeParser(), say, hasModel: () => models.configured },
    plan: {
      intents,
      targets: { services: new Set(services.keys()), tools: new Set(tools.map((tool) => tool.name)), jobs: true },
      say,
      hasModel: () => models.configured,
    },
    callService: {
      services,
      timeoutMs: (id) => registry.current().services.find((row) => row.id === id)?.timeoutMs ?? stepMs,
      metrics,
      say,
    },
    callTool: { executeTool, timeoutMs: stepMs, say },
    delegateJob: { delegate: createJobDelegate(jobs), crewForTopics: "deep-research", say },
    syncLimit: { limitMs: settings.ATHENA_SYNC_LIMIT_SECONDS * 1_000, crew: "answer" },
    recall: { recall, factsOf: createFactsOf(facts), limit: recallLimit, timeoutMs: stepMs, say },
    compose: {
      models,
      intents,
      rules,
      composer: settings.ATHENA_COMPOSE,
      say,
      keptOf: createKeptOfTurn({ rule: settings.ATHENA_PLAINTEXT_INDEX }),
    },
    ownTools: {
      list: createOwnTools({ tools, services, intents }),
      maxRounds: settings.ATHENA_TOOL_ROUNDS,
      maxCalls: settings.ATHENA_TOOL_CALLS,
    },
    remember: { timeline, unfinishedTurns, metrics },
  });
  const engine = createQueryEngine({
    graph,
    timeline,
    report: (error) => logger.error({ err: error }, "what was shown of a query that broke off could not be kept"),
    metrics,
    deadlineMs: settings.ATHENA_DEADLINE_SECONDS * 1_000,
    now: () => new Date(),
  });

  const schedules = composeSchedules({
    settings,
    database,
    followers,
    vectors,
    models,
    permitFor,
    metrics,
    logger,
    stopList,
  });

  const deps: ServerDeps = {
    settings,
    logger,
    metrics,
    engine,
    models,
    timeline,
    recall,
    atlasGraph: atlas.graph,
    facts,
    threadChanges: atlas.threadChanges,
    channels: createChannels({ database }),
    idempotency,
    database,
    cache,
    bus: events.bus,
    deadLetters: createDeadLetters(database),
    republish: (options) => republish(database, options),
    schedules,
    jobDesk: jobs.desk,
    temporal: jobs.temporal,
    deep: atlas.deep.edge,
    core: atlas.deep.source,
    atlasStatus: atlas.deep.status,
    permitFor,
    logCall: createLogCall({ database }),
    clientProfiles: () => registry.current().clientProfiles,
    clientConversations: createClientConversations({ database, mac: masterKey.mac("client conversations") }),
    topicsOf: async (text, signal) => {
      const { parts } = await understanding.understand(text, {
        timezone: settings.ATHENA_TIMEZONE,
        now: new Date(),
        signal,
      });
      return parts.map((part) => part.name).filter((name) => !withoutTopic.has(name));
    },
    remoteServices,
  };
  atlas.start();
  return {
    deps,
    database,
    queryGraph: graph,
    jobs: { masterKey, records: jobs.records, work: jobs.work },
    async listen() {
      const listening = await listen(createApp(deps), {
        host: settings.ATHENA_HOST,
        port: settings.ATHENA_PORT,
        upgrades: createServerChat(deps, broadcast),
      });
      events.start();
      schedules.start();
      await jobs.start();
      stopList.add("server", () => listening.close());
      return listening;
    },
    close: () => stopList.stop(),
  };
};
