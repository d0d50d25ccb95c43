import type { Embedder } from "../../atlas/vectors/embedder.ts";
import { createPermit } from "../../platform/egress/create-permit.ts";
import type { ModelGateway } from "../../platform/models/model-gateway.ts";

/** Made of words and pieces of words, without any model. */
const builtIn = "athena-embed";

/**
 * The embedder of a core. Confidential content never comes to a core, so that its texts go under an open permit of its own.
 * @throws {AppError} as `ModelGateway.embed`
 */
export const createCoreEmbedder = async ({
  models,
  model = builtIn,
}: {
  readonly models: Pick<ModelGateway, "embed">;
  readonly model?: string;
}): Promise<Embedder> => {
  const never = new AbortController().signal;
  const embed: Embedder["embed"] = async (texts, signal = never) => {
    const permit = createPermit({ class: "full", confidential: false });
    return (await models.embed({ model, inputs: texts, permit, signal })).vectors;
  };
  const [probe] = await embed(["dimension"]);
  return { model, dimension: probe?.length ?? 0, embed };
};
