import { describe, expect, test } from "vitest";
import { summariseForEdge } from "../../atlas/core/summarise-for-edge.ts";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { createDeepEdge } from "../../atlas/deep/deep-edge.ts";
import type { LongThreadsPage } from "../../atlas/deep/long-threads-page.ts";
import type { ThreadSummary } from "../../atlas/deep/thread-summary.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { type SummariseThreadsDeps, summariseThreads } from "../../atlas/summaries/summarise-threads.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { NewMessage } from "../../atlas/timeline.ts";
import { createHashedEmbedder } from "../../atlas/vectors/hashed-embedder.ts";
import type { Database } from "../../platform/db/database.ts";
import { somebody } from "../support/timeline-samples.ts";

const turns = (count: number, about = "the backup of the database server"): NewMessage[] =>
  Array.from({ length: count }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    author: index % 2 === 0 ? "ada" : "athena",
    content: `Turn ${index} says that ${about} wrote ${index * 7} files to disk number ${index % 5}.`,
  }));

/** Summaries of long threads, made at night, on whatever database. */
export const summariseThreadsContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const { signal } = new AbortController();
  const run = (deps: Partial<SummariseThreadsDeps> = {}) =>
    summariseThreads({ database: databaseOf(), rule: "scoped", ...deps }, signal);
  const partsOf = () => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const principal = somebody();
    const timeline = createTimeline({ database, cipher });
    const open = (messages: readonly NewMessage[], more: { threadId?: string; mode?: "open" | "confidential" } = {}) =>
      timeline.open({ principal, mode: "open", ...more, messages });
    return { principal, timeline, open, changes: createThreadChanges({ database, cipher }) };
  };
  const summaryOf = async (threadId: string) => {
    const [row] = await databaseOf().query<{
      summary: string;
      last_position: number;
      written_by: string | null;
      id: string;
    }>("select id, summary, last_position, written_by, scope_key from thread_summaries where thread_id = $1", [
      threadId,
    ]);
    return row;
  };

  describe("summaries of long threads", () => {
    test("long open threads get one of their own sentences; short and confidential ones get none", async () => {
      const { principal, open } = partsOf();
      const long = await open(turns(24));
      const short = await open(turns(6));
      const secret = await open(turns(24), { mode: "confidential" });
      await run();
      expect(await summaryOf(long.thread.id)).toMatchObject({
        last_position: 24,
        written_by: null,
        scope_key: `user:${principal.id}`,
        summary: expect.stringContaining("backup of the database server"),
      });
      expect(await summaryOf(short.thread.id)).toBeUndefined();
      expect(await summaryOf(secret.thread.id)).toBeUndefined();
    });

    test("again nothing is done, until a thread has grown", async () => {
      const { open } = partsOf();
      const { thread } = await open(turns(24));
      await run();
      const before = await summaryOf(thread.id);
      expect(await run()).toEqual({ threads: 0, written: 0, refused: 0 });
      await open(turns(4), { threadId: thread.id });
      expect(await run()).toMatchObject({ threads: 0 });
      await open(turns(8, "the printer in the cellar"), { threadId: thread.id });
      expect(await run()).toMatchObject({ threads: 1 });
      const after = await summaryOf(thread.id);
      expect(after).toMatchObject({ last_position: 36 });
      expect(after?.id).not.toBe(before?.id);
    });

    test("what was edited, deleted or turned confidential is in no summary any more, the next one neither", async () => {
      const { principal, open, changes } = partsOf();
      const { thread, messages } = await open([
        {
          role: "user",
          author: principal.id,
          content: "The vault takes the code xylophone. The xylophone code opens the archive.",
        },
        ...turns(24, "the vault of the archive"),
      ]);
      await run();
      expect((await summaryOf(thread.id))?.summary).toContain("xylophone");
      await changes.remove({ principal, threadId: thread.id, messageId: messages[0]!.id });
      expect(await summaryOf(thread.id)).toBeUndefined();
      await run();
      expect((await summaryOf(thread.id))?.summary).not.toContain("xylophone");
      await open([], { threadId: thread.id, mode: "confidential" });
      await run();
      expect(await summaryOf(thread.id)).toBeUndefined();
    });

    test("a model writes them where one is given; where it fails the thread's own sentences stand", async () => {
      const { open } = partsOf();
      const [told, silent] = [await open(turns(24, "the tulip order")), await open(turns(24, "the ferry ticket"))];
      const shown: string[] = [];
      const write = async (text: string) => {
        shown.push(text);
        return text.includes("tulip") ? "Somebody ordered tulips." : undefined;
      };
      expect(await run({ writer: { model: "test/writer", write } })).toMatchObject({ threads: 2, written: 1 });
      expect(await summaryOf(told.thread.id)).toMatchObject({
        summary: "Somebody ordered tulips.",
        written_by: "test/writer",
      });
      expect(await summaryOf(silent.thread.id)).toMatchObject({
        summary: expect.stringContaining("ferry"),
        written_by: null,
      });
      expect(shown).toHaveLength(2);
    });

    test("a thread that turns confidential while its summary is written gets none", async () => {
      const { open } = partsOf();
      const { thread } = await open(turns(24));
      const write = async () => {
        await open([], { threadId: thread.id, mode: "confidential" });
        return "What was said.";
      };
      expect(await run({ writer: { model: "test/writer", write } })).toMatchObject({ threads: 0, refused: 1 });
      expect(await summaryOf(thread.id)).toBeUndefined();
    });

    test("a core is shown long open threads that wait, with their texts, and what it sends the engine leaves alone", async () => {
      const { principal, open, changes } = partsOf();
      const edge = createDeepEdge({ database: databaseOf(), rule: "scoped" });
      const all = async (embeddingModel?: string, rule: "scoped" | "public" = "scoped") => {
        const asked = createDeepEdge({ database: databaseOf(), rule });
        const threads: LongThreadsPage["threads"] = [];
        let after: string | undefined;
        do {
          const page = await asked.longThreads({ after, limit: 2, embeddingModel });
          threads.push(...page.threads);
          after = page.next ?? undefined;
        } while (after !== undefined);
        return threads;
      };
      const long = await open([{ role: "user", author: principal.id, content: "Secret word." }, ...turns(24)]);
      const id = long.thread.id;
      const secret = await open(turns(24), { mode: "confidential" });
      const short = await open(turns(6));
      await changes.remove({ principal, threadId: id, messageId: long.messages[0]!.id });
      const waiting = await all();
      const own = waiting.find(({ thread_id }) => thread_id === id);
      expect(own).toMatchObject({ first_position: 2, last_position: 25, revisions: 1 });
      expect(own?.messages).toHaveLength(24);
      expect(JSON.stringify(waiting)).not.toContain("Secret word");
      const ids = waiting.map(({ thread_id }) => thread_id);
      expect(ids).not.toContain(secret.thread.id);
      expect(ids).not.toContain(short.thread.id);
      expect((await all(undefined, "public")).map(({ thread_id }) => thread_id)).not.toContain(id);

      const client = {
        longThreads: async (ask: { after: string | undefined; embeddingModel: string }) =>
          edge.longThreads({ ...ask, limit: 2 }),
        sendSummaries: (summaries: readonly ThreadSummary[]) => edge.keep(summaries),
      };
      const write = async () => "A core wrote this.";
      const writer = { model: "test/core", write };
      await summariseForEdge({ edge: client, embedder: createHashedEmbedder(), writer }, signal);
      const [kept] = await databaseOf().query(
        "select summary, embedding_model, cardinality(embedding) as length from thread_summaries where thread_id = $1",
        [id],
      );
      expect(kept).toEqual({ summary: "A core wrote this.", embedding_model: "athena-embed", length: 480 });
      await run();
      expect((await summaryOf(id))?.summary).toBe("A core wrote this.");
      const waits = async (model?: string) => (await all(model)).some(({ thread_id }) => thread_id === id);
      expect(await waits("athena-embed")).toBe(false);
      await open(turns(12, "the printer in the cellar"), { threadId: id });
      expect(await waits("athena-embed")).toBe(true);
      await run();
      expect((await summaryOf(id))?.summary).not.toBe("A core wrote this.");
      // The engine's own has no vector: a core makes one, and nobody else waits for it.
      expect([await waits(), await waits("athena-embed")]).toEqual([false, true]);
    });

    test("what may not be indexed in clear has no summary", async () => {
      const { open } = partsOf();
      const { thread } = await open(turns(24));
      await run({ rule: "public" });
      expect(await summaryOf(thread.id)).toBeUndefined();
    });
  });
};
