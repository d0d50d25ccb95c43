import { z } from "zod";

/** Texts of one question to the core, and characters of one of them and of all. */
export const mostTexts = 64;
const longestText = 8_000;
const mostCharacters = 200_000;
/** More than any model gives: what is longer is none. */
const longestVector = 16_384;

const charactersOf = (texts: readonly string[]): number => texts.reduce((sum, { length }) => sum + length, 0);

/** What an engine asks a core to embed: nothing confidential. */
export const DeepEmbedRequest = z
  .object({
    texts: z
      .array(z.string().min(1).max(longestText))
      .min(1)
      .max(mostTexts)
      .refine((texts) => charactersOf(texts) <= mostCharacters, `expected ${mostCharacters} characters at most`)
      .describe("All of them together at most 200,000 characters."),
  })
  .meta({ id: "DeepEmbedRequest" });

/** A vector for each text, in order, of the core's own embedding model. */
export const DeepEmbedReply = z
  .object({
    model: z.string().min(1).max(256),
    dimension: z.int().min(1).max(longestVector),
    vectors: z.array(z.array(z.number()).max(longestVector)).max(mostTexts),
  })
  .refine(({ dimension, vectors }) => vectors.every(({ length }) => length === dimension), {
    path: ["vectors"],
    message: "expected vectors of this dimension",
  })
  .meta({ id: "DeepEmbedReply" });
export type DeepEmbedReply = z.infer<typeof DeepEmbedReply>;
