import type { SearchableEmbedder } from "../../atlas/vectors/embedder.ts";
import { openGatewayEmbedder } from "../../atlas/vectors/gateway-embedder.ts";
import { builtInModel, createHashedEmbedder } from "../../atlas/vectors/hashed-embedder.ts";
import { createPermit } from "../../platform/egress/create-permit.ts";
import type { ModelGateway } from "../../platform/models/model-gateway.ts";

/**
 * The embedder of a core. Confidential content never comes to a core, so that its texts go under an open permit of its own.
 * @throws {AppError} as `ModelGateway.embed`, when the model cannot be reached to tell its dimension
 */
export const openCoreEmbedder = async (
  models: Pick<ModelGateway, "embed">,
  model: string = builtInModel,
): Promise<SearchableEmbedder> => {
  if (model === builtInModel) return createHashedEmbedder();
  const embedder = await openGatewayEmbedder(models, model);
  const permit = createPermit({ class: "full", confidential: false });
  return { ...embedder, embed: (texts, signal) => embedder.embed(texts, signal, permit) };
};
