import { AppError } from "../../platform/errors/app-error.ts";
import type { ModelGateway } from "../../platform/models/model-gateway.ts";
import type { BeginLoggedCall } from "./create-logged-call.ts";
import { given } from "./given.ts";
import type { ServedModel } from "./model-directory.ts";
import type { QueryControl } from "./query-control.ts";

export type EmbedTexts = (request: {
  readonly model: ServedModel;
  readonly inputs: readonly string[];
  readonly dimensions?: number;
  readonly control: QueryControl;
  readonly principal: string;
  readonly surface: "openai" | "ollama";
  readonly signal: AbortSignal;
}) => ReturnType<ModelGateway["embed"]>;

/**
 * Vectors for texts, by the built-in embedder or a provider's model.
 * The returned function throws INVALID_INPUT for a model that only chats and for dimensions it cannot have; else the gateway's errors.
 */
export const createEmbedTexts = ({
  models,
  beginCall,
}: {
  readonly models: Pick<ModelGateway, "embed">;
  readonly beginCall: BeginLoggedCall;
}): EmbedTexts =>
  async function embedTexts({ model, inputs, dimensions, control, principal, surface, signal }) {
    const knownToChatOnly = model.capabilities.length > 0 && !model.capabilities.includes("embeddings");
    if (knownToChatOnly) {
      throw new AppError("INVALID_INPUT", `The model '${model.id}' does not make embeddings; 'athena-embed' does.`, {
        field: "model",
      });
    }
    const call = beginCall({ control, principal, surface, agent: "embeddings" });
    let reply: Awaited<ReturnType<ModelGateway["embed"]>> | undefined;
    try {
      reply = await models.embed({ model: model.id, inputs, permit: call.permit, signal, ...given({ dimensions }) });
    } finally {
      await call.end({ model: model.id, ...given({ usage: reply?.usage }) });
    }
    if (dimensions !== undefined && reply.vectors.some((vector) => vector.length !== dimensions)) {
      throw new AppError("INVALID_INPUT", `The model '${model.id}' cannot give ${dimensions} dimensions.`, {
        field: "dimensions",
      });
    }
    return reply;
  };
