import type { EmbedTexts } from "../chat/embed-texts.ts";
import { given } from "../chat/given.ts";
import type { ModelDirectory } from "../chat/model-directory.ts";
import { toQueryControl } from "../chat/query-control.ts";
import { hangUpSignal } from "../http/hang-up.ts";
import { EmbeddingReply, EmbeddingRequest, toBase64Vector, toEmbeddingInputs } from "../openai/embedding-request.ts";
import { modelNotFound } from "../openai/model-not-found.ts";
import { defineRoute, type Route } from "../route.ts";

export interface EmbeddingsDeps {
  readonly directory: ModelDirectory;
  readonly embedTexts: EmbedTexts;
}

/** POST /v1/embeddings: one vector for each input, as numbers or as base64 of float32. */
export const createEmbeddingsRoute = ({ directory, embedTexts }: EmbeddingsDeps): Route =>
  defineRoute({
    method: "post",
    path: "/v1/embeddings",
    aliases: ["/embeddings"],
    surface: "openai",
    access: "key",
    summary: "Turns texts into vectors.",
    body: EmbeddingRequest,
    replies: { 200: { description: "The vectors.", content: { "application/json": EmbeddingReply } } },
    async handle({ request, response, principal, body }) {
      const model = await directory.findCallable(body.model);
      if (model === undefined) throw modelNotFound(body.model);
      const { vectors, usage } = await embedTexts({
        model,
        inputs: toEmbeddingInputs(body.input),
        control: toQueryControl(request.headers, {}, model.confidential),
        principal: principal.id,
        surface: "openai",
        signal: hangUpSignal(response),
        ...given({ dimensions: body.dimensions }),
      });
      const encode = body.encoding_format === "base64" ? toBase64Vector : (vector: Float32Array) => [...vector];
      response.json({
        object: "list",
        data: vectors.map((vector, index) => ({ object: "embedding", index, embedding: encode(vector) })),
        model: body.model,
        usage: { prompt_tokens: usage.promptTokens, total_tokens: usage.promptTokens },
      });
    },
  });
