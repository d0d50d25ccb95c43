import type { Logger } from "pino";
import { createCoreEmbedding } from "../atlas/vectors/core-embedding.ts";
import type { VectorsDeps } from "../atlas/vectors/create-vectors.ts";
import { builtInModel } from "../atlas/vectors/hashed-embedder.ts";
import { createPostgresVectorStore } from "../atlas/vectors/postgres-vector-store.ts";
import { readSpaces } from "../atlas/vectors/vector-spaces.ts";
import type { VectorStore } from "../atlas/vectors/vector-store.ts";
import type { Settings } from "../platform/config/settings.ts";
import type { Database } from "../platform/db/database.ts";
import type { Egress } from "../platform/egress/egress.ts";
import { AppError } from "../platform/errors/app-error.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { ModelGateway } from "../platform/models/model-gateway.ts";

export interface ComposeVectorsDeps {
  readonly settings: Pick<
    Settings,
    | "ATHENA_EMBEDDING_MODEL"
    | "ATHENA_PLAINTEXT_INDEX"
    | "ATHENA_VECTOR_DAYS"
    | "ATHENA_VECTOR_STORE"
    | "ATHENA_QDRANT_LAYOUT"
    | "QDRANT_URL"
    | "QDRANT_API_KEY"
    | "ATHENA_VECTOR_EMBEDDER"
    | "ATHENA_CORE_URL"
    | "ATHENA_CORE_KEY"
    | "ATHENA_CORE_TIMEOUT_MS"
  >;
  readonly database: Database;
  readonly models: Pick<ModelGateway, "embed">;
  readonly egress: Egress;
  readonly metrics: Pick<Metrics, "breakerOpen">;
  readonly logger: Pick<Logger, "warn">;
}

/** Messages embedded in one transaction: in the embedded database, whose one session waits, about a tenth of a second. */
const embeddedBatch = 16;

const openQdrant = async ({ settings, database }: ComposeVectorsDeps): Promise<VectorStore> => {
  const { QDRANT_URL: url, QDRANT_API_KEY: apiKey, ATHENA_QDRANT_LAYOUT: layout } = settings;
  if (url === undefined) {
    throw new AppError("CONFIG_INVALID", "The vectors are in Qdrant, but QDRANT_URL is not set.");
  }
  const [{ createQdrantStore }, { withPrincipals }] = await Promise.all([
    import("../atlas/core/qdrant-store.ts"),
    import("../atlas/core/scoped-vector-store.ts"),
  ]);
  return withPrincipals(
    createQdrantStore({ url, apiKey, layout, collectionOf: ({ id }) => `messages_edge_${id}` }),
    database,
  );
};

/** The core that makes the vectors, where it is to. */
const openCore = ({ settings, egress, metrics }: ComposeVectorsDeps): Pick<VectorsDeps, "core"> => {
  if (settings.ATHENA_VECTOR_EMBEDDER !== "core") return {};
  const { ATHENA_CORE_URL: url, ATHENA_CORE_KEY: key, ATHENA_CORE_TIMEOUT_MS: timeoutMs } = settings;
  if (url === undefined || key === undefined) {
    throw new AppError(
      "CONFIG_INVALID",
      "ATHENA_VECTOR_EMBEDDER is 'core': the core needs its address and key, ATHENA_CORE_URL and ATHENA_CORE_KEY.",
    );
  }
  return { core: createCoreEmbedding({ url, key, timeoutMs, egress, metrics }) };
};

/**
 * What the settings say of vectors, for a server and for `athena atlas reindex`.
 * @throws {AppError} CONFIG_INVALID when vectors are in Qdrant, or made by a core, and its address is not set;
 *   DATABASE_UNAVAILABLE.
 */
export const composeVectors = async (deps: ComposeVectorsDeps): Promise<VectorsDeps> => {
  const { settings, database, models, logger } = deps;
  const store = settings.ATHENA_VECTOR_STORE;
  // Also after the setting has changed, until a reindex has moved them.
  const usesQdrant = store === "qdrant" || (await readSpaces(database)).some((space) => space.store === "qdrant");
  return {
    database,
    logger,
    models,
    ...openCore(deps),
    stores: [createPostgresVectorStore({ database }), ...(usesQdrant ? [await openQdrant(deps)] : [])],
    store,
    rule: settings.ATHENA_PLAINTEXT_INDEX,
    model: settings.ATHENA_EMBEDDING_MODEL ?? builtInModel,
    hotDays: settings.ATHENA_VECTOR_DAYS,
    ...(database.kind === "embedded" && { batch: embeddedBatch }),
  };
};
