import { z } from "zod";
import type { EmbedTexts } from "../chat/embed-texts.ts";
import { given } from "../chat/given.ts";
import type { ModelDirectory } from "../chat/model-directory.ts";
import { toQueryControl } from "../chat/query-control.ts";
import { hangUpSignal } from "../http/hang-up.ts";
import { createAnswerClock } from "../ollama/answer-clock.ts";
import { ollamaModelNotFound } from "../ollama/model-not-found.ts";
import { OllamaEmbeddingsRequest, OllamaEmbedRequest } from "../ollama/requests.ts";
import { type Call, defineRoute, type Route } from "../route.ts";

export interface OllamaEmbedDeps {
  readonly directory: ModelDirectory;
  readonly embedTexts: EmbedTexts;
}

const EmbedReply = z.object({
  model: z.string(),
  embeddings: z.array(z.array(z.number())),
  total_duration: z.int(),
  load_duration: z.int(),
  prompt_eval_count: z.int(),
});

/** POST /api/embed: a vector for each input; POST /api/embeddings: the older form with one prompt. */
export const createOllamaEmbedRoutes = ({ directory, embedTexts }: OllamaEmbedDeps): readonly Route[] => {
  const embed = async (
    { request, response, principal, body }: Call<{ readonly model: string }>,
    inputs: readonly string[],
    dimensions: number | null | undefined,
  ) => {
    const model = await directory.findCallable(body.model);
    if (model === undefined) throw ollamaModelNotFound(body.model);
    if (inputs.length === 0) return { vectors: [], usage: { promptTokens: 0, completionTokens: 0, estimated: false } };
    const control = toQueryControl(request.headers, {}, model.confidential);
    return embedTexts({
      model,
      inputs,
      control,
      principal: principal.id,
      surface: "ollama",
      signal: hangUpSignal(response),
      ...given({ dimensions }),
    });
  };
  const common = { method: "post", surface: "ollama", access: "key" } as const;
  return [
    defineRoute({
      ...common,
      path: "/api/embed",
      summary: "Turns texts into vectors.",
      body: OllamaEmbedRequest,
      replies: { 200: { description: "One vector for each input.", content: { "application/json": EmbedReply } } },
      async handle(call) {
        const { model, input, dimensions } = call.body;
        const inputs = typeof input === "string" ? [input].filter(Boolean) : (input ?? []);
        const clock = createAnswerClock();
        const { vectors, usage } = await embed(call, inputs, dimensions);
        const { total_duration, load_duration, prompt_eval_count } = clock.metrics(usage);
        const embeddings = vectors.map((vector) => [...vector]);
        call.response.json({ model, embeddings, total_duration, load_duration, prompt_eval_count });
      },
    }),
    defineRoute({
      ...common,
      path: "/api/embeddings",
      summary: "Turns one text into a vector (the older form of /api/embed).",
      body: OllamaEmbeddingsRequest,
      replies: {
        200: {
          description: "The vector.",
          content: { "application/json": z.object({ embedding: z.array(z.number()) }) },
        },
      },
      async handle(call) {
        const { vectors } = await embed(call, [call.body.prompt ?? ""].filter(Boolean), undefined);
        call.response.json({ embedding: [...(vectors[0] ?? [])] });
      },
    }),
  ];
};
