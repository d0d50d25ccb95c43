import type { EgressPermit } from "../../platform/egress/egress.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { ModelGateway } from "../../platform/models/model-gateway.ts";
import { given } from "./given.ts";
import type { ServedModel } from "./model-directory.ts";
import type { QueryControl } from "./query-control.ts";

export type EmbedTexts = (request: {
  readonly model: ServedModel;
  readonly inputs: readonly string[];
  readonly dimensions?: number;
  readonly control: QueryControl;
  readonly signal: AbortSignal;
}) => ReturnType<ModelGateway["embed"]>;

/**
 * Vectors for texts, by the built-in embedder or a provider's model.
 * The returned function throws INVALID_INPUT for a model that only chats and for dimensions it cannot have; else the gateway's errors.
 */
export const createEmbedTexts = ({
  models,
  permitFor,
}: {
  readonly models: Pick<ModelGateway, "embed">;
  readonly permitFor: (mode: Mode, consent: boolean) => EgressPermit;
}): EmbedTexts =>
  async function embedTexts({ model, inputs, dimensions, control, signal }) {
    const knownToChatOnly = model.capabilities.length > 0 && !model.capabilities.includes("embeddings");
    if (knownToChatOnly) {
      throw new AppError("INVALID_INPUT", `The model '${model.id}' does not make embeddings; 'athena-embed' does.`, {
        field: "model",
      });
    }
    const reply = await models.embed({
      model: model.id,
      inputs,
      permit: permitFor(control.mode, control.consent),
      signal,
      ...given({ dimensions }),
    });
    if (dimensions !== undefined && reply.vectors.some((vector) => vector.length !== dimensions)) {
      throw new AppError("INVALID_INPUT", `The model '${model.id}' cannot give ${dimensions} dimensions.`, {
        field: "dimensions",
      });
    }
    return reply;
  };
