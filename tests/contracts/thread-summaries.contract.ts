import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { storeSummaries } from "../../atlas/deep/store-summaries.ts";
import { createSummarySource } from "../../atlas/deep/summary-source.ts";
import { ThreadSummary } from "../../atlas/deep/thread-summary.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createRecall } from "../../atlas/recall.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { somebody } from "../support/timeline-samples.ts";
import { until } from "../support/until.ts";

const keep = (database: Database, summaries: readonly ThreadSummary[]) => storeSummaries(database, summaries, "scoped");

/** Summaries of threads and what recall makes of them, on whatever database. */
export const threadSummariesContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const timeline = createTimeline({ database, cipher });
    return {
      database,
      timeline,
      changes: createThreadChanges({ database, cipher }),
      recall: createRecall({ database, cipher, sources: [createSummarySource({ database })] }),
      principal: somebody(),
      async threadOf(principal: Principal, ...contents: string[]) {
        const messages = contents.map((content) => ({ role: "user" as const, author: principal.id, content }));
        return timeline.open({ principal, mode: "open", messages });
      },
    };
  };
  const summaryOf = (threadId: string, summary: string, change: Partial<ThreadSummary> = {}): ThreadSummary =>
    ThreadSummary.parse({ thread_id: threadId, summary, first_position: 1, last_position: 1, ...change });

  describe("summaries of threads", () => {
    test("are recalled by their words, as a layer of their own that names thread and messages", async () => {
      const { database, recall, principal, threadOf } = partsOf();
      const { thread, messages } = await threadOf(principal, "we spoke for hours");
      const sources = messages.map(({ id }) => id);
      const summary = summaryOf(thread.id, "The greenhouse gets automatic irrigation in April.", { sources });
      expect(await keep(database, [summary])).toEqual({ stored: [thread.id], refused: [] });
      const found = await recall({ principal, query: "When was greenhouse irrigation decided?", limit: 5 });
      expect(found).toMatchObject([
        {
          threadId: thread.id,
          content: "The greenhouse gets automatic irrigation in April.",
          layer: "summary",
          summary: { firstPosition: 1, lastPosition: 1, sources },
        },
      ]);
    });

    test("are recalled by their vectors too, of the model that embeds queries, by those who see the thread", async () => {
      const { database, principal, threadOf } = partsOf();
      const embedQuery = async () => ({ vector: [1, 0], model: "model-a", background: 0.2 });
      const source = createSummarySource({ database, embedQuery });
      const recall = createRecall({
        database,
        cipher: createThreadCipher({ masterKey: masterKeyOf() }),
        sources: [source],
      });
      const threads = await Promise.all(["near", "far", "other"].map((text) => threadOf(principal, text)));
      const [near, far, other] = threads.map(({ thread }) => thread.id) as [string, string, string];
      await keep(database, [
        summaryOf(near, "Bananas ripen.", { embedding: [0.9, 0.1], embedding_model: "model-a" }),
        summaryOf(far, "Trains are late.", { embedding: [0.1, 0.9], embedding_model: "model-a" }),
        summaryOf(other, "Snow falls.", { embedding: [1, 0], embedding_model: "model-b" }),
      ]);
      const found = await recall({ principal, query: "tropical fruit", limit: 5 });
      expect(found).toMatchObject([{ threadId: near, layer: "summary", content: "Bananas ripen." }]);
      expect(await recall({ principal: somebody(), query: "tropical fruit", limit: 5 })).toEqual([]);
      const away = createSummarySource({
        database,
        embedQuery: async () => {
          throw new Error("the model is away");
        },
      });
      const ask = { principal, threadId: null, scope: null, withMessages: true, limit: 5 };
      expect(await away.find({ ...ask, query: "bananas ripen" })).toHaveLength(1);
    });

    test("are seen by those who see the thread, and by nobody else", async () => {
      const { database, recall, principal, threadOf } = partsOf();
      const { thread } = await threadOf(principal, "hello");
      await keep(database, [summaryOf(thread.id, "The vault code was changed.")]);
      expect(await recall({ principal: somebody(), query: "vault code", limit: 5 })).toEqual([]);
      expect(await recall({ principal, query: "vault code", limit: 5 })).toHaveLength(1);
    });

    test("replace an earlier one of the same thread, never a newer one", async () => {
      const { database, recall, principal, threadOf } = partsOf();
      const { thread } = await threadOf(principal, "one", "two", "three");
      await keep(database, [summaryOf(thread.id, "Marmots were counted.", { last_position: 2 })]);
      await keep(database, [summaryOf(thread.id, "Ibexes were counted.", { last_position: 3 })]);
      const late = await keep(database, [summaryOf(thread.id, "Chamois were counted.")]);
      expect(late).toEqual({ stored: [], refused: [thread.id] });
      const layers = async (query: string) =>
        (await recall({ principal, query, limit: 5 })).map(({ content }) => content);
      expect(await layers("ibexes counted")).toEqual(["Ibexes were counted."]);
    });

    test("are refused of threads that are unknown, confidential, shorter, or edited since they were read", async () => {
      const { database, timeline, changes, principal, threadOf } = partsOf();
      const secret = await timeline.open({
        principal,
        mode: "confidential",
        messages: [{ role: "user", author: "ada", content: "hidden" }],
      });
      const short = await threadOf(principal, "only one");
      const edited = await threadOf(principal, "wrong number");
      const messageId = edited.messages[0]!.id;
      await changes.edit({ principal, threadId: edited.thread.id, messageId, content: "right number" });
      const threads = [randomUUID(), secret.thread.id];
      const summaries = [
        ...threads.map((id) => summaryOf(id, "something")),
        summaryOf(short.thread.id, "something", { last_position: 2 }),
        summaryOf(edited.thread.id, "wrong number", { revisions: 0 }),
      ];
      const { stored, refused } = await keep(database, summaries);
      expect(stored).toEqual([]);
      expect(refused.toSorted()).toEqual([...threads, short.thread.id, edited.thread.id].toSorted());
      const again = summaryOf(edited.thread.id, "right number", { revisions: 1 });
      expect((await keep(database, [again])).stored).toEqual([edited.thread.id]);
    });

    test("are refused when the message they tell is deleted while they wait for the thread", async () => {
      const { database, principal, threadOf } = partsOf();
      if (database.kind === "embedded") return; // one transaction at a time there
      const { thread, messages } = await threadOf(principal, "the password is kumquat");
      const [deleted, waits] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const removing = database.transaction(async (connection) => {
        const cipher = createThreadCipher({ masterKey: masterKeyOf() });
        const changes = createThreadChanges({ database: connection, cipher });
        await changes.remove({ principal, threadId: thread.id, messageId: messages[0]!.id });
        deleted.resolve();
        await waits.promise;
      });
      await deleted.promise;
      const storing = keep(database, [summaryOf(thread.id, "The password is kumquat.", { revisions: 0 })]);
      await until(async () => {
        const waiting = await database.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
             and query like '%threads%for no key update%'`,
        );
        return waiting.length > 0;
      }, 10_000);
      waits.resolve();
      await removing;
      expect(await storing).toEqual({ stored: [], refused: [thread.id] });
      expect(await database.query("select 1 from thread_summaries where thread_id = $1", [thread.id])).toEqual([]);
    });

    test("leave at once when a message is deleted or the thread turns confidential", async () => {
      const { database, timeline, changes, principal, threadOf } = partsOf();
      const kept = () =>
        database.query("select 1 from thread_summaries where scope_key = $1", [`user:${principal.id}`]);
      const { thread, messages } = await threadOf(principal, "the password is kumquat", "hello");
      await keep(database, [summaryOf(thread.id, "The password is kumquat.")]);
      expect(await kept()).toHaveLength(1);
      await changes.remove({ principal, threadId: thread.id, messageId: messages[0]!.id });
      expect(await kept()).toHaveLength(0);
      await keep(database, [summaryOf(thread.id, "Somebody said hello.", { last_position: 2 })]);
      expect(await kept()).toHaveLength(1);
      await timeline.open({ principal, threadId: thread.id, mode: "confidential", messages: [] });
      expect(await kept()).toHaveLength(0);
    });

    test("keep their vector, and take any text", async () => {
      const { database, principal, threadOf } = partsOf();
      const { thread } = await threadOf(principal, "x");
      const vector = { embedding: [0.25, -0.5], embedding_model: "athena-embed" };
      await keep(database, [summaryOf(thread.id, "a\u0000b \ud800", vector)]);
      const [row] = await database.query("select * from thread_summaries where thread_id = $1", [thread.id]);
      expect(row).toMatchObject({ summary: "a\ufffdb \ufffd", ...vector });
    });

    test("are refused of what may not be indexed in clear, whoever sends them", async () => {
      const { database, principal, threadOf } = partsOf();
      const { thread } = await threadOf(principal, "x");
      const summary = summaryOf(thread.id, "Something personal.");
      expect(await storeSummaries(database, [summary], "public")).toEqual({ stored: [], refused: [thread.id] });
    });
  });
};
