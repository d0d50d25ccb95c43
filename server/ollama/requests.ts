import { z } from "zod";
import { KeepAlive } from "./keep-alive.ts";

const JsonObject = z.record(z.string(), z.unknown());
const ModelName = z.string().min(1);
const number = z.number().nullish();

/** Of the many options of Ollama the ones that have a meaning here; the others are ignored. */
const Options = z.object({
  temperature: number,
  top_p: number,
  num_predict: number.describe("Most tokens; negative: no limit."),
  num_ctx: number,
  seed: number,
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  presence_penalty: number,
  frequency_penalty: number,
});

const generation = {
  model: ModelName,
  stream: z.boolean().nullish().describe("Absent: true."),
  format: z
    .union([z.literal(""), z.literal("json"), JsonObject])
    .nullish()
    .describe("`json`, or a JSON Schema."),
  options: Options.nullish(),
  keep_alive: KeepAlive.nullish(),
  think: z.union([z.boolean(), z.string()]).nullish(),
};

const Message = z.object({
  role: z
    .string()
    .transform((role) => role.toLowerCase())
    .pipe(z.enum(["system", "user", "assistant", "tool"])),
  content: z.string().nullish(),
  images: z.array(z.string()).nullish(),
  tool_calls: z
    .array(
      z.looseObject({
        id: z.string().nullish(),
        function: z.object({ name: z.string().min(1), arguments: JsonObject.nullish() }),
      }),
    )
    .nullish(),
  tool_name: z.string().nullish(),
  tool_call_id: z.string().nullish(),
});

/** `POST /api/chat`. Without messages it loads, or unloads, the model. */
export const OllamaChatRequest = z
  .object({
    ...generation,
    messages: z.array(Message).nullish(),
    tools: z
      .array(
        z.looseObject({
          function: z.object({
            name: z.string().min(1),
            description: z.string().nullish(),
            parameters: JsonObject.nullish(),
          }),
        }),
      )
      .max(512)
      .nullish(),
  })
  .meta({ id: "OllamaChatRequest" });
export type OllamaChatRequest = z.infer<typeof OllamaChatRequest>;

/** `POST /api/generate`. Without a prompt it loads, or unloads, the model; `context`, `template` and `raw` are ignored. */
export const OllamaGenerateRequest = z
  .object({
    ...generation,
    prompt: z.string().nullish(),
    system: z.string().nullish(),
    images: z.array(z.string()).nullish(),
  })
  .meta({ id: "OllamaGenerateRequest" });
export type OllamaGenerateRequest = z.infer<typeof OllamaGenerateRequest>;

/** What `chat` and `generate` have in common. */
export type OllamaGeneration = Omit<OllamaGenerateRequest, "prompt" | "system" | "images">;

export const OllamaEmbedRequest = z
  .object({
    model: ModelName,
    input: z.union([z.string(), z.array(z.string())]).nullish(),
    dimensions: z.int().min(1).nullish(),
  })
  .meta({ id: "OllamaEmbedRequest" });

export const OllamaEmbeddingsRequest = z
  .object({ model: ModelName, prompt: z.string().nullish() })
  .meta({ id: "OllamaEmbeddingsRequest" });

const named = { model: z.string().nullish(), name: z.string().nullish().describe("The older word for `model`.") };
const isNamed = ({ model, name }: { model?: string | null | undefined; name?: string | null | undefined }): boolean =>
  Boolean(model || name);
const unnamed = { message: "expected the name of a model", path: ["model"] };

export const OllamaShowRequest = z.object(named).refine(isNamed, unnamed).meta({ id: "OllamaShowRequest" });
export const OllamaPullRequest = z
  .object({ ...named, stream: z.boolean().nullish() })
  .refine(isNamed, unnamed)
  .meta({ id: "OllamaPullRequest" });
