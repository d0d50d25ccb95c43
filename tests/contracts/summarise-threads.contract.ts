import { describe, expect, test } from "vitest";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { type SummariseThreadsDeps, summariseThreads } from "../../atlas/summaries/summarise-threads.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { NewMessage } from "../../atlas/timeline.ts";
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

    test("what may not be indexed in clear has no summary", async () => {
      const { open } = partsOf();
      const { thread } = await open(turns(24));
      await run({ rule: "public" });
      expect(await summaryOf(thread.id)).toBeUndefined();
    });
  });
};
