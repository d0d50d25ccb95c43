import type { EmbedTexts } from "../nodes/understanding/example-vectors.ts";
import { createPermit } from "../platform/egress/create-permit.ts";
import type { ModelGateway } from "../platform/models/model-gateway.ts";

/**
 * How the registry's examples are embedded. They are an operator's rows rather than anybody's query, so they go under an
 * open permit of the engine's own.
 */
export const createExampleEmbedding = (
  model: string | undefined,
  models: Pick<ModelGateway, "embed">,
): { readonly model: string; readonly embed: EmbedTexts } | undefined => {
  if (model === undefined) return undefined;
  return {
    model,
    async embed(texts, signal) {
      const permit = createPermit({ class: "full", confidential: false });
      const { vectors } = await models.embed({ model, inputs: texts, permit, signal });
      return vectors;
    },
  };
};
