import type { RunChatTurn } from "../chat/chat-turn.ts";
import { createLoggedCalls } from "../chat/create-logged-call.ts";
import { createEmbedTexts } from "../chat/embed-texts.ts";
import { createModelDirectory } from "../chat/model-directory.ts";
import { createRunEngineTurn } from "../chat/run-engine-turn.ts";
import { createRunRawTurn } from "../chat/run-raw-turn.ts";
import { createRunAuxiliaryTurn } from "../clients/run-auxiliary-turn.ts";
import { createRunClientTurn } from "../clients/run-client-turn.ts";
import { defaultStreamLimits, type StreamLimits } from "../http/line-stream.ts";
import type { Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";
import { createAiQueryRoute } from "./ai-query.ts";
import { createAtlasCoreRoutes } from "./atlas-core.ts";
import { createAtlasGraphRoutes } from "./atlas-graph.ts";
import { createAtlasSearchRoute } from "./atlas-search.ts";
import { createAtlasStatusRoute } from "./atlas-status.ts";
import { createChannelsRoutes } from "./channels.ts";
import { createChatSocketRoutes } from "./chat-socket.ts";
import { createDocumentsRoutes } from "./documents.ts";
import { createEventsRoutes } from "./events.ts";
import { createFactsRoutes } from "./facts.ts";
import { createHealthRoutes } from "./health.ts";
import { createJobsRoutes } from "./jobs.ts";
import { createMeRoute } from "./me.ts";
import { createMetricsRoute } from "./metrics.ts";
import { createOllamaChatRoutes } from "./ollama-chat.ts";
import { createOllamaEmbedRoutes } from "./ollama-embed.ts";
import { createOllamaManageRoutes } from "./ollama-manage.ts";
import { createOllamaModelsRoutes } from "./ollama-models.ts";
import { createChatCompletionsRoute } from "./openai-chat-completions.ts";
import { createEmbeddingsRoute } from "./openai-embeddings.ts";
import { createModelsRoutes } from "./openai-models.ts";
import { createUnservedOpenAiRoutes } from "./openai-unserved.ts";
import { createSchedulesRoutes } from "./schedules.ts";
import { createThreadChangesRoutes } from "./thread-changes.ts";
import { createThreadsRoutes } from "./threads.ts";

/** Titles and tags come while somebody reads the answer; later they are of no use. */
const auxiliaryMs = 20_000;

export interface RouteListOptions {
  readonly stream: StreamLimits;
  readonly rawFirstByteMs: number;
}

/** Every route of the server, in order. A new one is a file beside this one and a line here. */
export const createRouteList = (deps: ServerDeps, { stream, rawFirstByteMs }: RouteListOptions): readonly Route[] => {
  const { engine, models, settings } = deps;
  const directory = createModelDirectory(models);
  const beginCall = createLoggedCalls(deps);
  const embedTexts = createEmbedTexts({ models, beginCall });
  const runEngineTurn = createRunEngineTurn({ engine });
  const runRawTurn = createRunRawTurn({
    models,
    beginCall,
    deadlineMs: settings.ATHENA_DEADLINE_SECONDS * 1_000,
    firstByteMs: rawFirstByteMs,
  });
  const runAuxiliaryTurn = createRunAuxiliaryTurn({
    models,
    model: settings.ATHENA_AUXILIARY_MODEL,
    beginCall,
    cache: deps.cache,
    perMinute: settings.ATHENA_AUXILIARY_PER_MINUTE,
    timeoutMs: auxiliaryMs,
    topicsOf: deps.topicsOf,
  });
  const runClientTurn = createRunClientTurn({
    profiles: deps.clientProfiles,
    conversations: deps.clientConversations,
    timeline: deps.timeline,
    runEngineTurn,
    runAuxiliaryTurn,
  });
  const runChatTurn: RunChatTurn = (turn, caller, sink) =>
    (turn.model.kind === "raw" ? runRawTurn : runClientTurn)(turn, caller, sink);
  const common = { ...deps, directory, embedTexts, runChatTurn, stream };

  const routes: readonly Route[] = [
    createChatCompletionsRoute(common),
    ...createModelsRoutes(common),
    createEmbeddingsRoute(common),
    ...createUnservedOpenAiRoutes(),
    ...createOllamaChatRoutes(common),
    ...createOllamaModelsRoutes(common),
    ...createOllamaEmbedRoutes(common),
    ...createOllamaManageRoutes(common),
    createAiQueryRoute(common),
    createMeRoute(),
    ...createChannelsRoutes(common),
    ...createChatSocketRoutes(common),
    ...createThreadsRoutes(common),
    ...createThreadChangesRoutes(common),
    createAtlasSearchRoute(common),
    ...createAtlasGraphRoutes(common),
    ...createSchedulesRoutes(common),
    ...createJobsRoutes(common),
    ...createEventsRoutes(common),
    ...createAtlasCoreRoutes(common),
    createAtlasStatusRoute(common),
    ...createFactsRoutes(common),
    ...createHealthRoutes(common),
    createMetricsRoute(common),
    ...createDocumentsRoutes(() => routes),
  ];
  return routes;
};

/** The same routes with nothing behind them, for documents: those only read what routes say of themselves. */
export const describedRoutes = (): readonly Route[] =>
  createRouteList({ settings: { ATHENA_DEADLINE_SECONDS: 0 } } as unknown as ServerDeps, {
    stream: defaultStreamLimits,
    rawFirstByteMs: 0,
  });
