import { AppError } from "../../platform/errors/app-error.ts";
import type { ModelGateway } from "../../platform/models/model-gateway.ts";
import type { CoreEmbedding } from "./core-embedding.ts";
import type { SearchableEmbedder } from "./embedder.ts";
import { openGatewayEmbedder } from "./gateway-embedder.ts";
import { builtInModel, createHashedEmbedder } from "./hashed-embedder.ts";
import type { VectorSpace } from "./vector-store.ts";

/** Who can make vectors. */
export interface Embedders {
  readonly models: Pick<ModelGateway, "embed">;
  /** The embedding model of this engine: the built-in one, or one of the gateway. */
  readonly model: string;
  /** Makes the vectors from now on instead of this engine's model. */
  readonly core?: CoreEmbedding;
}

export interface OpenedEmbedder {
  readonly embedder: SearchableEmbedder;
  /** The model that all vectors would be of after a reindex. */
  readonly wanted: string;
}

/**
 * The embedder to use from now on, or the one of vectors that are there already. With a core those are its own where its model made
 * them, else this engine's, where it has that model: the core's former model can be asked of nobody.
 *
 * @throws {AppError} as `openGatewayEmbedder` and `CoreEmbedding.open`; CONFLICT for vectors that nobody here can make.
 */
export const openEmbedder = async (
  { models, model: own, core }: Embedders,
  serving?: Pick<VectorSpace, "model" | "dimension">,
  signal?: AbortSignal,
): Promise<OpenedEmbedder> => {
  const openOwn = async (model: string): Promise<SearchableEmbedder> =>
    model === builtInModel ? createHashedEmbedder() : openGatewayEmbedder(models, model, signal);
  if (core === undefined) return { embedder: await openOwn(serving?.model ?? own), wanted: own };

  const embedder = await core.open(signal);
  const { model: wanted, dimension } = embedder;
  if (serving === undefined || (serving.model === wanted && serving.dimension === dimension))
    return { embedder, wanted };
  if (serving.model === builtInModel || serving.model === own)
    return { embedder: await openOwn(serving.model), wanted };
  throw new AppError(
    "CONFLICT",
    "The vectors are of a model that the core has not any more; 'athena atlas reindex' makes all anew.",
  );
};
