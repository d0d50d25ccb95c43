import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFactSource } from "../../atlas/facts/fact-source.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { factsOn } from "../support/facts-on.ts";
import { somebody } from "../support/timeline-samples.ts";

/** Facts: what is kept of what people say, on whatever database. */
export const factsContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => factsOn(databaseOf(), masterKeyOf());

  const stored = async (principal: Principal) =>
    (
      await databaseOf().query<{ sentence: string; valid_to: Date | null; superseded: string | null }>(
        `select f.sentence, f.valid_to, n.sentence as superseded
         from facts f left join facts n on n.id = f.superseded_by
         where f.scope_key = $1 order by f.valid_from, f.sentence`,
        [`user:${principal.id}`],
      )
    ).map(({ sentence, valid_to, superseded }) => ({ sentence, holds: valid_to === null, superseded }));

  describe("facts", () => {
    test("keep what a person states, with the message it comes from, and nothing else", async () => {
      const { say, follow, facts, sentences } = partsOf();
      const ada = somebody();
      const { thread, messages } = await say(ada, "My sister's name is Greta. What is the weather?");
      await say(ada, ["How are you?", "If I lived in Rome, I would be happy."]);
      await follow();
      expect(await sentences(ada)).toEqual(["My sister's name is Greta"]);
      const [fact] = (await facts.list(ada, { limit: 5 })).facts;
      expect(fact).toMatchObject({
        subject: "sister",
        attribute: "name",
        scope: "personal",
        owner: ada.id,
        origin: "user",
        sourceMessageId: messages[0]!.id,
        sourceThreadId: thread.id,
        validFrom: messages[0]!.createdAt,
      });
    });

    test("are never made of answers, results, system messages, what others author, and what is handed on", async () => {
      const { say, follow, sentences } = partsOf();
      const ada = somebody();
      const claim = "Remember that my sister's name is Greta.";
      for (const role of ["assistant", "system", "agent", "tool"] as const) await say(ada, claim, { role });
      await say(ada, claim, { author: "n8n" });
      await say(ada, [`> ${claim}`, `You said: "${claim}"`, `<context>\n${claim}\n</context>\nIs that so?`]);
      await say(ada, `### Task:\nGenerate a title.\n<chat_history>\nUSER: ${claim}\n</chat_history>`);
      await follow();
      expect(await sentences(ada)).toEqual([]);
    });

    test("do not echo: an answer that repeats a fact, and a prompt that quotes it, make no new one", async () => {
      const { say, follow, facts, sentences } = partsOf();
      const ada = somebody();
      const { thread } = await say(ada, "I'm allergic to nuts.");
      await follow();
      const [before] = (await facts.list(ada, { limit: 5 })).facts;
      await say(ada, "You are allergic to nuts. I'm allergic to nuts. Remember that I'm allergic to nuts.", {
        threadId: thread.id,
        role: "assistant",
      });
      await say(ada, ['What did you mean by "I am allergic to nuts"?', "> I'm allergic to nuts.\nIs this still so?"]);
      // A client that sends the history back, and the same said again.
      await say(ada, ["I'm allergic to nuts.", "remember that I am allergic to nuts!"], { threadId: thread.id });
      await follow();
      expect(await sentences(ada)).toEqual(["I'm allergic to nuts"]);
      expect((await facts.list(ada, { limit: 5 })).facts).toEqual([before]);
    });

    test("are ended by newer ones of the same subject, and what held at a time can be asked", async () => {
      const { say, follow, facts, sentences } = partsOf();
      const ada = somebody();
      await say(ada, "Mieszkam w Gdańsku", { createdAt: "2024-01-10T10:00:00Z" });
      await say(ada, "I moved to Leeds.", { createdAt: "2025-03-01T10:00:00Z" });
      await say(ada, "I live in Leeds", { createdAt: "2025-04-01T10:00:00Z" });
      await say(ada, "I like jazz.", { createdAt: "2025-04-01T10:00:01Z" });
      await say(ada, "I like chess.", { createdAt: "2025-04-01T10:00:02Z" });
      await say(ada, "I hate jazz.", { createdAt: "2025-05-01T10:00:02Z" });
      await follow();
      expect((await sentences(ada)).toSorted()).toEqual(["I hate jazz", "I like chess", "I moved to Leeds"]);
      expect(await sentences(ada, { at: "2024-06-01T00:00:00Z" })).toEqual(["Mieszkam w Gdańsku"]);
      expect(await sentences(ada, { at: "2023-06-01T00:00:00Z" })).toEqual([]);
      const current = (await facts.list(ada, { query: "where do I live: Leeds?", limit: 1 })).facts[0]!;
      expect((await facts.history(ada, current.id)).map(({ sentence, validTo }) => [sentence, validTo])).toEqual([
        ["Mieszkam w Gdańsku", "2025-03-01T10:00:00.000Z"],
        ["I moved to Leeds", undefined],
      ]);
    });

    test("have the same lineage in whatever order they are told", async () => {
      const { follow, say } = partsOf();
      const places = ["York", "Rome"];
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.record({ day: fc.integer({ min: 1, max: 28 }), place: fc.constantFrom(...places) }), {
            selector: ({ day }) => day,
            minLength: 2,
            maxLength: 4,
          }),
          fc.boolean(),
          async (moves, together) => {
            const inOrder = moves.toSorted((left, right) => left.day - right.day);
            const [told, expected] = [somebody(), somebody()];
            for (const [who, list] of [
              [told, moves],
              [expected, inOrder],
            ] as const) {
              for (const { day, place } of list) {
                await say(who, `I live in ${place}`, {
                  createdAt: `2025-01-${String(day).padStart(2, "0")}T10:00:00Z`,
                });
                if (!together) await follow();
              }
            }
            await follow();
            expect(await stored(told)).toEqual(await stored(expected));
            expect((await stored(told)).filter(({ holds }) => holds)).toHaveLength(1);
          },
        ),
        { numRuns: 10 },
      );
    });

    test("stay as they are when the same messages are followed again, also by two at once", async () => {
      const { say, follow, database, facts } = partsOf();
      const ada = somebody();
      await say(ada, ["I live in York.", "I like tea.", "I moved to Rome.", "I no longer like tea.", "I like tea!"]);
      await Promise.all([follow(), follow()]);
      const before = await stored(ada);
      expect(
        before
          .filter(({ holds }) => holds)
          .map(({ sentence }) => sentence)
          .toSorted(),
      ).toEqual(["I like tea", "I moved to Rome"]);
      const removed = (await facts.list(ada, { query: "tea", limit: 1 })).facts[0]!;
      await facts.remove(ada, removed.id);
      const after = await stored(ada);
      await database.query("delete from follower_cursors where follower = 'facts'");
      await follow();
      expect(await stored(ada)).toEqual(after);
    });

    test("end when told to forget, in four languages", async () => {
      const { say, follow, sentences } = partsOf();
      for (const [statement, end] of [
        ["I live in Leeds.", "Forget that I live in Leeds."],
        ["I live in Leeds.", "I no longer live in Leeds"],
        [
          "Remember that the spare key is under the flowerpot",
          "Please forget that the spare key is under the flowerpot",
        ],
        ["Mieszkam w Łodzi.", "Zapomnij, że mieszkam w Łodzi."],
        ["Mieszkam w Łodzi.", "Nie mieszkam już w Łodzi."],
        ["Я живу в Одесі.", "Забудь, що я живу в Одесі"],
        ["Я живу в Одесі.", "Я більше не живу в Одесі"],
        ["אני גר בחיפה", "תשכח שאני גר בחיפה"],
        ["אני גר בחיפה", "אני כבר לא גר בחיפה"],
      ] as const) {
        const ada = somebody();
        await say(ada, statement);
        await follow();
        expect(await sentences(ada)).toHaveLength(1);
        await say(ada, end);
        await follow();
        expect(await sentences(ada), end).toEqual([]);
      }
    });

    test("follow edits and deletions of their messages: what was ended holds again", async () => {
      const { say, follow, changes, sentences } = partsOf();
      const ada = somebody();
      await say(ada, "I live in York.");
      const { thread, messages } = await say(ada, ["I live in Rome.", "My dog is called Rex."]);
      await follow();
      expect((await sentences(ada)).toSorted()).toEqual(["I live in Rome", "My dog is called Rex"]);
      const [move, dog] = messages.map(({ id }) => ({ principal: ada, threadId: thread.id, messageId: id }));
      await changes.edit({ ...dog!, content: "My dog is called Max." });
      await changes.remove(move!);
      await follow();
      expect((await sentences(ada)).toSorted()).toEqual(["I live in York", "My dog is called Max"]);
      expect(await stored(ada)).toHaveLength(2);
    });

    test("are never made in confidential threads, and leave when their only thread turns confidential", async () => {
      const { say, follow, timeline, sentences, facts, recall, database } = partsOf();
      const ada = somebody();
      await say(ada, "I live in Rome.", { mode: "confidential" });
      const { thread } = await say(ada, ["My dog is called Quokka.", "I like tea."]);
      await say(ada, "I like tea.");
      await follow();
      expect(await sentences(ada)).toHaveLength(2);
      const [dog] = (await facts.list(ada, { query: "dog", limit: 1 })).facts;
      await timeline.open({ principal: ada, threadId: thread.id, mode: "confidential", messages: [] });
      // At once, before anything followed.
      expect(await sentences(ada)).toEqual(["I like tea"]);
      await expect(facts.read(ada, dog!.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
      expect(await recall({ principal: ada, query: "quokka", limit: 5 })).toEqual([]);
      await follow();
      expect(await database.query("select from facts where sentence ilike '%quokka%'")).toEqual([]);
      expect(await database.query("select from fact_sources where thread_id = $1", [thread.id])).toEqual([]);
    });

    test("are not kept in clear where the rule keeps only what is public", async () => {
      const { say, follow, sentences, database } = partsOf();
      const ada = somebody();
      await say(ada, "I live in Rome.");
      await follow("public");
      expect(await sentences(ada)).toEqual([]);
      expect(
        await createFactSource({ database, rule: "public" }).find({
          principal: ada,
          query: "Rome",
          threadId: null,
          scope: null,
          withMessages: true,
          limit: 5,
        }),
      ).toEqual([]);
      await follow();
      expect(await sentences(ada)).toEqual(["I live in Rome"]);
    });
  });
};
