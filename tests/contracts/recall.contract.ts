import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { createIndexer } from "../../atlas/index/create-indexer.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createRecall } from "../../atlas/recall.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { longestPause } from "../support/longest-pause.ts";
import { somebody } from "../support/timeline-samples.ts";

/** Recall by full text, on whatever database. */
export const recallContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => {
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const database = databaseOf();
    const timeline = createTimeline({ database, cipher });
    const say = async (principal: Principal, mode: Mode, ...texts: string[]) =>
      timeline.open({ principal, mode, messages: texts.map((content) => ({ role: "user", author: "ada", content })) });
    return { timeline, recall: createRecall({ database, cipher }), say };
  };

  describe("recall", () => {
    test("finds what was said in any of one's own threads, the best match first", async () => {
      const { recall, say } = partsOf();
      const principal = somebody();
      await say(principal, "open", "My dentist is Dr Nowak on Long Street", "What did I tell you about my holiday?");
      const { thread } = await say(principal, "open", "I like jazz");
      const found = await recall({
        principal,
        query: "What did I tell you about my dentist?",
        threadId: thread.id,
        limit: 5,
      });
      expect(found.map(({ content }) => content)).toEqual(["My dentist is Dr Nowak on Long Street"]);
      expect(found[0]).toMatchObject({ author: "ada", role: "user", score: 1 });
    });

    test("finds inflected words in Polish, Ukrainian and Hebrew", async () => {
      const { recall, say } = partsOf();
      const principal = somebody();
      await say(
        principal,
        "open",
        "Umówiłam wizytę u dentysty w Łodzi",
        "Завтра зустріч у Львові",
        "הפגישה בתל אביב נדחתה",
      );
      const first = async (query: string) => (await recall({ principal, query, limit: 1 }))[0]?.content;
      expect(await first("kiedy jest moja wizyta w ŁODZI?")).toContain("wizytę");
      expect(await first("коли зустрічі?")).toContain("зустріч");
      expect(await first("מתי הפגישה?")).toContain("הפגישה");
    });

    test.each(["recall_not_indexed", "recall_counts"])(
      "finds a message that is indexed while it is looked for, before %s",
      async (statement) => {
        const { say } = partsOf();
        const database = databaseOf();
        const principal = somebody();
        await say(principal, "open", "The wombat digs under the fence");
        const logger = pino({ level: "silent" });
        const racing: Database = {
          ...database,
          async query(sql, values, name) {
            if (name === statement) await createIndexer({ database, rule: "scoped", logger }).catchUp();
            return database.query(sql, values, name);
          },
        };
        const recall = createRecall({ database: racing, cipher: createThreadCipher({ masterKey: masterKeyOf() }) });
        expect(await recall({ principal, query: "wombat", limit: 5 })).toHaveLength(1);
      },
    );

    test("never shows what another principal said", async () => {
      const { recall, say } = partsOf();
      const [ada, eve] = [somebody(), somebody()];
      const { thread } = await say(ada, "open", "the passphrase is xylophone");
      const secret = await say(ada, "confidential", "the xylophone is hidden");
      for (const threadId of [undefined, thread.id, secret.thread.id]) {
        expect(
          await recall({
            principal: eve,
            query: "xylophone",
            ...(threadId === undefined ? {} : { threadId }),
            limit: 5,
          }),
        ).toEqual([]);
      }
    });

    test("leaves out the message that asks, and system messages", async () => {
      const { timeline, recall, say } = partsOf();
      const principal = somebody();
      const { thread } = await say(principal, "open", "zebra facts");
      const asking = await timeline.open({
        principal,
        threadId: thread.id,
        mode: "open",
        messages: [
          { role: "system", author: "client", content: "You love every zebra" },
          { role: "user", author: "ada", content: "zebra?" },
        ],
      });
      const excludeMessageId = asking.messages[1]!.id;
      const found = await recall({ principal, query: "zebra?", threadId: thread.id, excludeMessageId, limit: 5 });
      expect(found.map(({ content }) => content)).toEqual(["zebra facts"]);
    });

    test("opens confidential messages inside their own thread only", async () => {
      const { recall, say, timeline } = partsOf();
      const principal = somebody();
      const own = await say(principal, "confidential", "the quokka lives in the cellar");
      await say(principal, "confidential", "another quokka in another thread");
      const open = await say(principal, "open", "a quokka is an animal");
      const turned = await say(principal, "open", "quokka said in clear, later confidential");
      await timeline.open({
        principal,
        threadId: turned.thread.id,
        mode: "confidential",
        messages: [{ role: "user", author: "ada", content: "now secret" }],
      });
      const contents = async (threadId: string) =>
        (await recall({ principal, query: "quokka", threadId, limit: 9 })).map(({ content }) => content).toSorted();
      expect(await contents(own.thread.id)).toEqual(["a quokka is an animal", "the quokka lives in the cellar"]);
      expect(await contents(open.thread.id)).toEqual(["a quokka is an animal"]);
      expect(await contents(turned.thread.id)).toEqual([
        "a quokka is an animal",
        "quokka said in clear, later confidential",
      ]);
    });

    test("answers nothing to a query without words and takes hostile ones", async () => {
      const { recall, say } = partsOf();
      const principal = somebody();
      await say(principal, "open", "plain text");
      for (const query of ["", "?!…", "' | & ! :* <->", "\u0000 \ud800"]) {
        expect(await recall({ principal, query, limit: 5 })).toEqual([]);
      }
      // Other tests leave public messages.
      const hostile = `plain:* & !'text' ${"\\'".repeat(100)}`;
      expect(await recall({ principal, query: hostile, scope: "personal", limit: 5 })).toHaveLength(1);
      expect(
        await recall({
          principal,
          query: "plain",
          scope: "personal",
          threadId: "none",
          excludeMessageId: "none",
          limit: 5,
        }),
      ).toHaveLength(1);
    });

    test("takes any query, and long ones without holding up the process", async () => {
      const { recall, say } = partsOf();
      const principal = somebody();
      const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index.toString(36)}`).join(" ");
      const { thread } = await say(principal, "confidential", ...Array.from({ length: 8 }, () => words(20_000)));
      await say(principal, "open", ...Array.from({ length: 8 }, () => words(20_000)));
      for (const query of [words(20_000), "a".repeat(100_000), "' ".repeat(50_000)]) {
        const pause = await longestPause(() => recall({ principal, query, threadId: thread.id, limit: 5 }));
        expect(pause, query.slice(0, 10)).toBeLessThan(150);
      }
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "binary" }), async (query) => {
          await recall({ principal, query: `${query} w1`, limit: 1 });
        }),
        { numRuns: 25 },
      );
    });

    test("stops when nobody waits any more", async () => {
      const { recall } = partsOf();
      const signal = AbortSignal.abort(new Error("gone"));
      await expect(recall({ principal: somebody(), query: "plain", limit: 5, signal })).rejects.toThrow("gone");
    });
  });
};
