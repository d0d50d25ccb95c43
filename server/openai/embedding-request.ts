import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";

const Tokens = z.array(z.int());

/** `POST /v1/embeddings`. Token ids are recognised in order to say what to do about them. */
export const EmbeddingRequest = z
  .object({
    model: z.string().min(1),
    input: z.union([z.string(), z.array(z.string()), Tokens, z.array(Tokens)]),
    encoding_format: z.enum(["float", "base64"]).nullish(),
    dimensions: z.int().min(1).nullish(),
  })
  .meta({ id: "EmbeddingRequest" });
export type EmbeddingRequest = z.infer<typeof EmbeddingRequest>;

export const EmbeddingReply = z.object({
  object: z.literal("list"),
  data: z.array(
    z.object({ object: z.literal("embedding"), index: z.int(), embedding: z.union([z.array(z.number()), z.string()]) }),
  ),
  model: z.string(),
  usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
});

const isText = (item: string | number | readonly number[]): item is string => typeof item === "string";

/**
 * The texts to embed, in order.
 * @throws {AppError} INVALID_INPUT for an empty list and for token ids, whose vocabulary we do not have.
 */
export const toEmbeddingInputs = (input: EmbeddingRequest["input"]): readonly string[] => {
  if (typeof input === "string") return [input];
  const items: readonly (string | number | readonly number[])[] = input;
  if (items.length === 0) throw new AppError("INVALID_INPUT", "'input' is an empty list.", { field: "input" });
  if (items.every(isText)) return items;
  throw new AppError(
    "INVALID_INPUT",
    "'input' holds token ids; send text instead. In LangChain for Python: OpenAIEmbeddings(check_embedding_ctx_length=False).",
    { field: "input" },
  );
};

/** Little-endian float32 bytes in base64, as OpenAI's clients ask for. */
export const toBase64Vector = (vector: Float32Array): string => {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4);
  });
  return bytes.toString("base64");
};
