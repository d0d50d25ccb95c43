import { z } from "zod";

const words = z.string().min(1).max(256);

/** What a core knows of a thread, in short. A second one of the same thread replaces the first. */
export const ThreadSummary = z
  .object({
    thread_id: z.uuid(),
    summary: z.string().min(1).max(20_000),
    first_position: z.int().min(1),
    last_position: z.int().min(1),
    revisions: z
      .int()
      .min(0)
      .nullish()
      .describe("Edits and deletions that the thread had when it was read; with another number now it is refused."),
    sources: z.array(z.uuid()).max(1_000).default([]).describe("Messages that it was made of."),
    model: words.nullish().describe("Who wrote it; absent: it is made of the messages' own sentences."),
    embedding: z.array(z.number()).min(1).max(4_096).nullish().describe("A compact vector of the summary."),
    embedding_model: words.nullish(),
  })
  .refine(({ embedding, embedding_model }) => (embedding == null) === (embedding_model == null), {
    path: ["embedding_model"],
    error: "an embedding and the model that made it come together",
  })
  .refine(({ first_position, last_position }) => first_position <= last_position, {
    path: ["last_position"],
    error: "it lies before first_position",
  });
export type ThreadSummary = z.output<typeof ThreadSummary>;
