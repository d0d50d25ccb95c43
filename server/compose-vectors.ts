import type { Logger } from "pino";
import type { VectorsDeps } from "../atlas/vectors/create-vectors.ts";
import { builtInModel } from "../atlas/vectors/hashed-embedder.ts";
import { createPostgresVectorStore } from "../atlas/vectors/postgres-vector-store.ts";
import type { VectorStore } from "../atlas/vectors/vector-store.ts";
import type { Settings } from "../platform/config/settings.ts";
import type { Database } from "../platform/db/database.ts";
import type { ModelGateway } from "../platform/models/model-gateway.ts";

export interface ComposeVectorsDeps {
  readonly settings: Pick<Settings, "ATHENA_EMBEDDING_MODEL" | "ATHENA_PLAINTEXT_INDEX" | "ATHENA_VECTOR_DAYS">;
  readonly database: Database;
  readonly models: Pick<ModelGateway, "embed">;
  readonly logger: Pick<Logger, "warn">;
}

/** Messages embedded in one transaction: in the embedded database, whose one session waits, about a tenth of a second. */
const embeddedBatch = 16;

/** What the settings say of vectors, for a server and for `athena atlas reindex`. */
export const composeVectors = ({ settings, database, models, logger }: ComposeVectorsDeps): VectorsDeps => {
  const stores: readonly VectorStore[] = [createPostgresVectorStore({ database })];
  return {
    database,
    logger,
    models,
    stores,
    store: "postgres",
    rule: settings.ATHENA_PLAINTEXT_INDEX,
    model: settings.ATHENA_EMBEDDING_MODEL ?? builtInModel,
    hotDays: settings.ATHENA_VECTOR_DAYS,
    ...(database.kind === "embedded" && { batch: embeddedBatch }),
  };
};
