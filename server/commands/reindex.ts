import { reindexTexts } from "../../atlas/index/reindex-texts.ts";
import { builtInModel } from "../../atlas/vectors/hashed-embedder.ts";
import { reindexVectors } from "../../atlas/vectors/reindex-vectors.ts";
import { createRegistrySource } from "../../platform/config/registry-source.ts";
import { secretValues } from "../../platform/config/secret-values.ts";
import type { Settings } from "../../platform/config/settings.ts";
import type { Database } from "../../platform/db/database.ts";
import { createEgress } from "../../platform/egress/create-egress.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { createModelGateway } from "../../platform/models/create-model-gateway.ts";
import type { ModelGateway } from "../../platform/models/model-gateway.ts";
import { type ComposeVectorsDeps, composeVectors } from "../compose-vectors.ts";
import { createProgressBar } from "./progress-bar.ts";
import { withRegistryDatabase } from "./with-registry-database.ts";

const number = (value: number): string => value.toLocaleString("en");

const noModels: Pick<ModelGateway, "embed"> = {
  embed: () => Promise.reject(new AppError("NOT_CONFIGURED", "No embedding model is configured.")),
};

/** Runs `work` with the gateway to the settings' models; the built-in embedder and a core need none. */
const withModels = async <Result>(
  settings: Settings,
  database: Database,
  work: (parts: Pick<ComposeVectorsDeps, "models" | "egress" | "metrics">) => Promise<Result>,
): Promise<Result> => {
  const metrics = createMetrics();
  const egress = createEgress({ metrics });
  const { ATHENA_VECTOR_EMBEDDER: embedder, ATHENA_EMBEDDING_MODEL: model = builtInModel } = settings;
  if (embedder === "core" || model === builtInModel) return work({ models: noModels, egress, metrics });
  const logger = createLogger({ level: "warn", secrets: secretValues(settings), to: 2 });
  const registry = await createRegistrySource({ database, pollMs: 3_600_000, logger });
  try {
    const models = await createModelGateway({ settings, registry, egress, metrics, logger });
    try {
      return await work({ models, egress, metrics });
    } finally {
      await models.close();
    }
  } finally {
    await registry.stop();
  }
};

/**
 * Makes all vectors anew by the configured model, or with `text` the full-text index; goes on where a killed run was.
 * @throws {AppError} CONFIG_INVALID, DATABASE_UNAVAILABLE, what the model throws: run it again then.
 */
export const reindex = async ({ text }: { readonly text: boolean }): Promise<void> => {
  const bar = createProgressBar(process.stderr);
  const show = ({ done, messages }: { readonly done: number; readonly messages: number }): void =>
    bar.show(messages === 0 ? 1 : done / messages, `${number(done)} of ${number(messages)} messages`);
  const sentence = await withRegistryDatabase(async (database, settings) => {
    const logger = createLogger({ level: "warn", secrets: secretValues(settings), to: 2 });
    if (text) {
      const rule = settings.ATHENA_PLAINTEXT_INDEX;
      const { messages } = await reindexTexts({ database, rule, logger }, show);
      return `${number(messages)} messages and all documents are indexed anew.`;
    }
    return withModels(settings, database, async (parts) => {
      const deps = await composeVectors({ settings, database, logger, ...parts });
      const { model, messages, resumed } = await reindexVectors(deps, show);
      const how = resumed ? ", going on where an earlier run was" : "";
      return `The vectors of ${number(messages)} messages and all documents are made anew by '${model}'${how}.`;
    });
  }).finally(() => bar.clear());
  process.stdout.write(`${sentence}\n`);
};
