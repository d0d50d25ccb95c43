import { z } from "zod";

/** What an engine asks its core: only of scopes that it has decided the caller may see. */
export const DeepSearchRequest = z
  .object({
    query: z.string().min(1).max(20_000),
    scope_keys: z.array(z.string().min(1).max(512)).min(1).max(1_000),
    kinds: z
      .array(z.enum(["message", "chunk"]))
      .min(1)
      .default(["message", "chunk"]),
    service: z
      .string()
      .min(1)
      .max(256)
      .nullish()
      .describe("Chunks of this service's documents instead of everybody's."),
    limit: z.int().min(1).max(500).default(50),
  })
  .meta({ id: "DeepSearchRequest" });

/** Ids and scores only: content is read by the engine, under its own rules. */
export const DeepSearchReply = z
  .object({
    results: z.array(z.object({ id: z.uuid(), score: z.number().min(-1.01).max(1.01) })).max(500),
    model: z.string().max(256),
  })
  .meta({ id: "DeepSearchReply" });
export type DeepSearchReply = z.infer<typeof DeepSearchReply>;
