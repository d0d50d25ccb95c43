import { z } from "zod";
import type { ModelDirectory, ServedModel } from "../chat/model-directory.ts";
import {
  OllamaPs,
  OllamaShow,
  OllamaTags,
  toDetails,
  toModelEntry,
  toOllamaCapabilities,
} from "../ollama/model-entry.ts";
import { ollamaModelNotFound } from "../ollama/model-not-found.ts";
import { OllamaShowRequest } from "../ollama/requests.ts";
import { defineRoute, type Route } from "../route.ts";

/** The version of Ollama whose API this is; some clients switch features on by it. Athena's own is in `X-Athena-Version`. */
const ollamaVersion = "0.12.6";

const json = (description: string, schema: z.ZodType) => ({
  200: { description, content: { "application/json": schema } },
});

const toShow = (model: ServedModel, modified_at: string): z.infer<typeof OllamaShow> => ({
  details: toDetails(model),
  model_info: { "general.architecture": model.owner },
  capabilities: [...toOllamaCapabilities(model)],
  template: "",
  modelfile: "",
  parameters: "",
  modified_at,
});

/** GET /, /api/version, /api/tags, /api/ps and POST /api/show: what Ollama's clients ask before they chat. */
export const createOllamaModelsRoutes = ({ directory }: { readonly directory: ModelDirectory }): readonly Route[] => {
  const startedAt = new Date().toISOString();
  const isOwn = ({ kind }: ServedModel): boolean => kind !== "raw";
  const common = { method: "get", surface: "ollama" } as const;
  return [
    defineRoute({
      ...common,
      path: "/",
      access: "public",
      summary: "Ollama's greeting.",
      replies: { 200: { description: "The greeting.", content: { "text/plain": z.string() } } },
      handle({ response }) {
        response.type("text/plain").send("Ollama is running");
      },
    }),
    defineRoute({
      ...common,
      path: "/api/version",
      access: "public",
      summary: "The version of Ollama whose API this is.",
      replies: json("The version.", z.object({ version: z.string() })),
      handle({ response }) {
        response.json({ version: ollamaVersion });
      },
    }),
    defineRoute({
      ...common,
      path: "/api/tags",
      access: "key",
      summary: "Lists the models.",
      replies: json("Athena's own first.", OllamaTags),
      async handle({ response }) {
        const models = await directory.list();
        response.json({ models: models.map((model) => ({ ...toModelEntry(model), modified_at: startedAt })) });
      },
    }),
    defineRoute({
      ...common,
      path: "/api/ps",
      access: "key",
      summary: "Lists the models that are loaded: Athena's own always are.",
      replies: json("The loaded models.", OllamaPs),
      async handle({ response }) {
        const expires_at = new Date(Date.now() + 24 * 3_600_000).toISOString();
        const loaded = (await directory.list()).filter(isOwn);
        response.json({
          models: loaded.map((model) => ({ ...toModelEntry(model), expires_at, size_vram: 0, context_length: 0 })),
        });
      },
    }),
    defineRoute({
      method: "post",
      surface: "ollama",
      path: "/api/show",
      access: "key",
      summary: "What a model is and can do.",
      body: OllamaShowRequest,
      replies: json("The model.", OllamaShow),
      async handle({ response, body }) {
        const name = body.model || body.name || "";
        const model = await directory.find(name);
        if (model === undefined) throw ollamaModelNotFound(name);
        response.json(toShow(model, startedAt));
      },
    }),
  ];
};
