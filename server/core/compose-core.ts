import { join } from "node:path";
import type { Logger } from "pino";
import { createDeepIndex } from "../../atlas/core/deep-index.ts";
import { createEdgeClient } from "../../atlas/core/edge-client.ts";
import { createEdgeFollower } from "../../atlas/core/follow-edge.ts";
import type { ScopedVectorStore } from "../../atlas/core/scoped-vector-store.ts";
import { createEdgeSummariser } from "../../atlas/core/summarise-for-edge.ts";
import type { Settings } from "../../platform/config/settings.ts";
import { createEgress } from "../../platform/egress/create-egress.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { createModelGateway } from "../../platform/models/create-model-gateway.ts";
import { type Listening, listen } from "../listen.ts";
import { createStopList } from "../stop-list.ts";
import { createCoreApp } from "./core-app.ts";
import { openCoreEmbedder } from "./core-embedder.ts";
import { openCoreWriter } from "./core-writer.ts";

export interface CoreOptions {
  readonly host: string;
  readonly port: number;
}

export interface RunningCore extends Pick<Listening, "url" | "port"> {
  readonly store: ScopedVectorStore["name"];
  readonly model: string;
  close(): Promise<void>;
}

const noProviders = { OPENAI_API_KEY: undefined, OPENAI_BASE_URL: undefined, OLLAMA_BASE_URL: undefined };

/** Qdrant where it is set, else pgvector: in a database of its own, or embedded. */
const openStore = async (settings: Settings, logger: Logger): Promise<ScopedVectorStore> => {
  const { QDRANT_URL: url, QDRANT_API_KEY: apiKey, ATHENA_QDRANT_LAYOUT: layout } = settings;
  if (url !== undefined) {
    const { createQdrantStore } = await import("../../atlas/core/qdrant-store.ts");
    return createQdrantStore({ url, apiKey, layout, collectionOf: () => "atlas_deep" });
  }
  const [{ openDatabase }, { createCorePostgresStore }] = await Promise.all([
    import("../../platform/db/open-database.ts"),
    import("../../atlas/core/postgres-store.ts"),
  ]);
  const own = {
    ATHENA_DATA_DIR: join(settings.ATHENA_DATA_DIR, "core"),
    DATABASE_URL: settings.CORE_DATABASE_URL,
  };
  return createCorePostgresStore({ database: await openDatabase({ settings: own, logger }) });
};

/**
 * Starts a deep core: its store, its API, and the following of the engine.
 * @throws {AppError} CONFIG_INVALID without ATHENA_CORE_KEY, or when address, data folder or model cannot be used.
 */
export const composeCore = async (
  settings: Settings,
  logger: Logger,
  { host, port }: CoreOptions,
): Promise<RunningCore> => {
  const key = settings.ATHENA_CORE_KEY;
  if (key === undefined) {
    throw new AppError("CONFIG_INVALID", "ATHENA_CORE_KEY is not set: the core and the engine need the same key.");
  }
  const stopList = createStopList(logger);
  try {
    const metrics = createMetrics();
    const egress = createEgress({ metrics });
    // A core writes no answers: the model that is to be found is the one that embeds.
    const model = settings.ATHENA_EMBEDDING_MODEL;
    const { OPENAI_API_KEY, OPENAI_BASE_URL, OLLAMA_BASE_URL } = model === undefined ? noProviders : settings;
    const providers = { OPENAI_API_KEY, OPENAI_BASE_URL, OLLAMA_BASE_URL };
    const models = await createModelGateway({
      settings: { ...settings, ...providers, ATHENA_MODEL: model },
      egress,
      metrics,
      logger,
    });
    stopList.add("models", () => models.close());
    const store = await openStore(settings, logger);
    stopList.add("vectors", () => store.close());
    const embedder = await openCoreEmbedder(models, model);
    const index = createDeepIndex({ store, embedder });
    const edge = createEdgeClient({ url: settings.ATHENA_EDGE_URL, key, reader: settings.ATHENA_CORE_NAME });
    const follower = createEdgeFollower({ edge, index, notes: store, logger });
    const app = createCoreApp({ settings, logger, metrics, index, embedder, follower });
    const listening = await listen(app, { host, port }).catch((cause: unknown) => {
      throw new AppError("CONFIG_INVALID", `The core cannot listen on ${host}:${port}; try another --port.`, { cause });
    });
    stopList.add("server", () => listening.close(5_000));
    follower.start();
    stopList.add("following", () => follower.stop());
    const writer = await openCoreWriter({ settings, egress, metrics, logger, stopList });
    const summariser = createEdgeSummariser({ edge, embedder, follower, logger, writer });
    summariser.start();
    stopList.add("summaries", () => summariser.stop());
    const { url } = listening;
    return { url, port: listening.port, store: store.name, model: index.model, close: () => stopList.stop() };
  } catch (error) {
    await stopList.stop();
    throw error;
  }
};
