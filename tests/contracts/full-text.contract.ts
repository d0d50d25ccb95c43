import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { PlaintextRule } from "../../atlas/follow/plaintext-rule.ts";
import { createIndexer } from "../../atlas/index/create-indexer.ts";
import { indexTexts } from "../../atlas/index/index-texts.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import type { CandidateSource } from "../../atlas/recall/candidate-source.ts";
import { createRecall } from "../../atlas/recall.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { RecallRequest } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { somebody } from "../support/timeline-samples.ts";

const logger = pino({ level: "silent" });

/** The full-text index and recall through it, on whatever database. */
export const fullTextContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = (sources: readonly CandidateSource[] = []) => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const timeline = createTimeline({ database, cipher });
    const recall = createRecall({ database, cipher, sources });
    const index = (rule: PlaintextRule = "scoped") => createIndexer({ database, rule, logger }).catchUp();
    return {
      database,
      timeline,
      changes: createThreadChanges({ database, cipher }),
      index,
      recall,
      say: (principal: Principal, mode: Mode, ...texts: string[]) =>
        timeline.open({
          principal,
          mode,
          messages: texts.map((content) => ({ role: "user", author: "ada", content })),
        }),
      contents: async (principal: Principal, query: string, more: Partial<RecallRequest> = {}) =>
        (await recall({ principal, query, limit: 10, ...more })).map(({ content }) => content),
    };
  };

  /** What the index holds of a scope, without the numbers that grow. */
  const indexed = async (database: Database, scopeKey: string) => {
    const inScope = "collection in (select id from text_collections where scope_key = $1)";
    const read = (sql: string) => database.query(sql, [scopeKey]);
    return {
      items: await read(
        `select item, part, parent, position, encode(substring(packed from 9), 'hex') as packed
         from text_items where ${inScope} order by item, part`,
      ),
      postings: await read(
        `select p.term, i.item, i.part, p.frequency, p.length
         from text_postings p left join text_items i on i.seq = p.seq where p.${inScope} order by 1, 2, 3`,
      ),
      vocabulary: await read(`select hash, term, items from text_vocabulary where ${inScope} order by hash`),
      collections: await read(
        "select items, terms, text_terms from text_collections where scope_key = $1 and items > 0",
      ),
    };
  };

  const itemsOf = async (database: Database, threadId: string): Promise<number> =>
    (await database.query("select from text_items where parent = $1", [threadId])).length;

  describe("full text", () => {
    test("finds through the index what was found before it, and misspelled words too", async () => {
      const { say, index, contents, database } = partsOf();
      const principal = somebody();
      const { thread } = await say(
        principal,
        "open",
        "My dentist is Dr Nowak on Long Street",
        "We went camping in the mountains",
        "Umówiłam wizytę u okulisty",
        "Наступна зустріч у Львові",
        "הפגישה בתל אביב נדחתה",
      );
      for (const isIndexed of [false, true]) {
        if (isIndexed) await index();
        expect(await itemsOf(database, thread.id)).toBe(isIndexed ? 5 : 0);
        expect((await contents(principal, "who is my dentist?"))[0]).toContain("Nowak");
        expect((await contents(principal, "kiedy wizyta?"))[0]).toContain("okulisty");
        expect((await contents(principal, "коли зустрічі?"))[0]).toContain("Львові");
        expect((await contents(principal, "מתי פגישה?"))[0]).toContain("נדחתה");
      }
      expect((await contents(principal, "campng trip"))[0]).toContain("camping");
      expect((await contents(principal, "wizyta u okluisty"))[0]).toContain("okulisty");
      expect((await contents(principal, "що про зустрчі"))[0]).toContain("Львові");
    });

    test("the same messages indexed again give the same rows, also by two indexers at once", async () => {
      const { say, index, database } = partsOf();
      const principal = somebody();
      const { thread } = await say(principal, "open", ...Array.from({ length: 120 }, (_, n) => `row ${n} of the boat`));
      await Promise.all([index(), index()]);
      expect(await itemsOf(database, thread.id)).toBe(120);
      const before = await indexed(database, `user:${principal.id}`);
      await database.query("delete from follower_cursors where follower = 'text' and thread_id = $1", [thread.id]);
      await index();
      expect(await indexed(database, `user:${principal.id}`)).toEqual(before);
    });

    test("what comes, changes and goes in any order leaves what indexing the last state leaves", async () => {
      const { database } = partsOf();
      const word = fc.constantFrom("boat", "boats", "łódka", "човен", "סירה", "the", "7");
      const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(" "));
      const step = fc.record({ item: fc.nat(3), text: fc.option(text) });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
          const scopeKey = `user:${randomUUID()}`;
          const [parent, ids] = [randomUUID(), Array.from({ length: 4 }, () => randomUUID())];
          const item = (place: number, text: string) =>
            ({ id: ids[place]!, kind: "message", scopeKey, parent, position: place + 1, text, author: "ada" }) as const;
          const last = new Map<number, string>();
          for (const { item: place, text } of steps) {
            await database.transaction((connection) =>
              text === null ? indexTexts(connection, [], [ids[place]!]) : indexTexts(connection, [item(place, text)]),
            );
            if (text === null) last.delete(place);
            else last.set(place, text);
          }
          const through = await indexed(database, scopeKey);
          await database.transaction((connection) => indexTexts(connection, [], ids));
          await database.transaction((connection) =>
            indexTexts(
              connection,
              [...last].map(([place, text]) => item(place, text)),
            ),
          );
          expect(await indexed(database, scopeKey)).toEqual(through);
        }),
        { numRuns: 8 },
      );
    });

    test("an edited message is found by its new words only, a deleted one not at all", async () => {
      const { say, index, changes, contents, database } = partsOf();
      const principal = somebody();
      const { thread, messages } = await say(principal, "open", "the meeting is on the balcony", "bring the telescope");
      await index();
      const [first, second] = messages.map(({ id }) => ({ principal, threadId: thread.id, messageId: id }));
      await changes.edit({ ...first!, content: "the meeting is in the orchard" });
      await changes.remove(second!);
      expect(await contents(principal, "telescope")).toEqual([]);
      await index();
      expect(await contents(principal, "orchard")).toEqual(["the meeting is in the orchard"]);
      expect(await contents(principal, "balcony")).toEqual([]);
      expect(await itemsOf(database, thread.id)).toBe(1);
    });

    test("confidential content is never indexed, and leaves when its thread turns confidential", async () => {
      const { say, index, timeline, contents, database } = partsOf();
      const principal = somebody();
      const secret = await say(principal, "confidential", "the quokka lives in the cellar");
      const turned = await say(principal, "open", "the quokka was said in clear");
      await index();
      expect(await itemsOf(database, secret.thread.id)).toBe(0);
      expect(await itemsOf(database, turned.thread.id)).toBe(1);
      await timeline.open({ principal, threadId: turned.thread.id, mode: "confidential", messages: [] });
      expect(await contents(principal, "quokka")).toEqual([]);
      await index();
      expect(await itemsOf(database, turned.thread.id)).toBe(0);
      expect(await contents(principal, "quokka", { threadId: turned.thread.id })).toEqual([
        "the quokka was said in clear",
      ]);
    });

    test("never shows another principal's texts; what is public everybody finds", async () => {
      const { say, timeline, index, contents } = partsOf();
      const [ada, eve] = [somebody(), somebody()];
      const word = `heron${randomUUID().slice(0, 8)}`;
      await say(ada, "open", `my own ${word}`);
      const messages = [{ role: "user", author: "ada", content: `everybody's ${word}` }] as const;
      await timeline.open({ principal: ada, mode: "open", scope: "public", messages });
      for (const isIndexed of [false, true]) {
        if (isIndexed) await index();
        expect(await contents(eve, word)).toEqual([`everybody's ${word}`]);
        expect((await contents(ada, word)).toSorted()).toEqual([`everybody's ${word}`, `my own ${word}`]);
        expect(await contents(ada, word, { scope: "personal" })).toEqual([`my own ${word}`]);
      }
    });

    test("with the strict rule only public texts are indexed, and the other rule brings the rest back", async () => {
      const { say, timeline, index, database } = partsOf();
      const principal = somebody();
      const own = await say(principal, "open", "an own cormorant");
      const messages = [{ role: "user", author: "ada", content: "a cormorant for everybody" }] as const;
      const open = await timeline.open({ principal, mode: "open", scope: "public", messages });
      await index("public");
      expect([await itemsOf(database, own.thread.id), await itemsOf(database, open.thread.id)]).toEqual([0, 1]);
      await index("scoped");
      expect([await itemsOf(database, own.thread.id), await itemsOf(database, open.thread.id)]).toEqual([1, 1]);
    });

    test("documents are found beside messages, those of a service by that service only, and follow changes", async () => {
      const { say, index, recall, database } = partsOf();
      const principal = somebody();
      await say(principal, "open", "the lighthouse was painted");
      const store = (source: string, content: string, service?: string) =>
        database.query("select document_store($1::jsonb)", [
          JSON.stringify({
            principal: principal.id,
            scope: "personal",
            source,
            title: source,
            content_hash: content,
            ...(service === undefined ? {} : { service }),
            chunks: [{ heading_path: [source], content }],
          }),
        ]);
      const find = async (more: Partial<RecallRequest> = {}) =>
        (await recall({ principal, query: "lighthouse", limit: 10, ...more }))
          .map(({ content, document }) => `${document?.title ?? "said"}: ${content}`)
          .toSorted();
      await store("coast", "a lighthouse stands on the coast");
      await store("manual", "switch the lighthouse on", "harbour");
      await index();
      const said = "said: the lighthouse was painted";
      expect(await find()).toEqual(["coast: a lighthouse stands on the coast", said]);
      expect(await find({ kinds: ["message"] })).toEqual([said]);
      expect(await find({ service: "harbour" })).toEqual(["manual: switch the lighthouse on"]);
      await store("coast", "the lighthouse is gone");
      await index();
      expect(await find({ kinds: ["document"] })).toEqual(["coast: the lighthouse is gone"]);
    });

    test("an answer beside its question is found when turns beside are asked for", async () => {
      const { say, index, contents } = partsOf();
      const principal = somebody();
      await say(principal, "open", "When is your violin concert?", "Thursday at eight", "Nice weather", "Yes", "Bye");
      await say(principal, "open", "unrelated words", "about other subjects");
      await index();
      expect(await contents(principal, "violin concert")).toEqual(["When is your violin concert?"]);
      expect((await contents(principal, "violin concert", { neighbours: true })).slice(0, 2)).toEqual([
        "When is your violin concert?",
        "Thursday at eight",
      ]);
    });

    test("says what is said twice once, and keeps to the budget", async () => {
      const { say, index, contents } = partsOf();
      const principal = somebody();
      const text = "the harvest festival begins at noon near the old mill";
      await say(principal, "open", text, `${text}.`, `Harvest: ${"long ".repeat(200)}`);
      await index();
      expect(await contents(principal, "harvest")).toHaveLength(2);
      expect(await contents(principal, "harvest", { budgetTokens: 60 })).toHaveLength(1);
    });

    test("another source adds what it found, and is named when it fails", async () => {
      const principal = somebody();
      const { say } = partsOf();
      const { messages } = await say(principal, "open", "a sailing boat", "the vessel under canvas");
      const vectors: CandidateSource = {
        name: "vector",
        weight: 0.1,
        find: async () => [{ id: messages[1]!.id, score: 0.9 }],
      };
      const broken: CandidateSource = {
        name: "graph",
        weight: 0.1,
        find: () => Promise.reject(new Error("away")),
      };
      const { recall } = partsOf([vectors, broken]);
      const degraded: string[] = [];
      const found = await recall({ principal, query: "boat", limit: 5, onDegraded: (source) => degraded.push(source) });
      expect(found.map(({ content, layer }) => [content, layer])).toEqual([
        ["a sailing boat", "text"],
        ["the vessel under canvas", "vector"],
      ]);
      expect(degraded).toEqual(["graph"]);
    });

    test("follows what it is told of without being asked", async () => {
      const { say, database } = partsOf();
      const indexer = createIndexer({ database, rule: "scoped", logger });
      indexer.start();
      const { thread } = await say(somebody(), "open", "indexed by itself");
      indexer.hint(thread.id);
      await expect.poll(() => itemsOf(database, thread.id), { timeout: 10_000 }).toBe(1);
      await indexer.stop();
    });
  });
};
