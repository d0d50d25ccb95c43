import { z } from "zod";
import type { Queryable } from "../../platform/db/database.ts";
import { findLongThreads, type LongThreadsAsk, readLongThread } from "../summaries/long-threads.ts";

/** Long threads that wait for a summary, with what is to be summed up of them. */
export const LongThreadsPage = z
  .object({
    threads: z.array(
      z.object({
        thread_id: z.uuid(),
        first_position: z.int().min(1),
        last_position: z.int().min(1),
        revisions: z.int().min(0).describe("To be sent back with the summary."),
        messages: z.array(z.object({ id: z.uuid(), role: z.string(), content: z.string() })),
      }),
    ),
    next: z.uuid().nullable().describe("`after` of the next page; null: that was all."),
  })
  .meta({ id: "LongThreadsPage" });
export type LongThreadsPage = z.infer<typeof LongThreadsPage>;

/** A page of them, read as they are now; nothing confidential, nothing that may not be indexed. */
export const readLongThreadsPage = async (database: Queryable, ask: LongThreadsAsk): Promise<LongThreadsPage> => {
  const { threads, next } = await findLongThreads(database, ask);
  const page: LongThreadsPage["threads"][number][] = [];
  for (const thread of threads) {
    const { firstPosition, messages } = await readLongThread(database, thread);
    const { id, lastPosition, revisions } = thread;
    if (messages.length === 0) continue;
    const positions = { first_position: firstPosition, last_position: lastPosition };
    page.push({ thread_id: id, ...positions, revisions, messages: [...messages] });
  }
  return { threads: page, next: next ?? null };
};
