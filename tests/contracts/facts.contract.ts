import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { createFacts } from "../../atlas/facts/create-facts.ts";
import { createFactsOf } from "../../atlas/facts/fact-fragment.ts";
import { createFactSource } from "../../atlas/facts/fact-source.ts";
import type { FactsPage } from "../../atlas/facts/facts.ts";
import { createFactsFollower } from "../../atlas/facts/follow-facts.ts";
import type { PlaintextRule } from "../../atlas/follow/plaintext-rule.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createRecall } from "../../atlas/recall.ts";
import { createTeams } from "../../atlas/teams.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { MessageRole, Scope } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { somebody } from "../support/timeline-samples.ts";

/** Facts: what is kept of what people say, on whatever database. */
export const factsContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const timeline = createTimeline({ database, cipher });
    const facts = createFacts({ database });
    const follow = (rule: PlaintextRule = "scoped") =>
      createFactsFollower({ database, rule, logger: pino({ level: "silent" }) }).catchUp();
    interface Options {
      readonly threadId?: string;
      readonly mode?: Mode;
      readonly scope?: Scope;
      readonly teamId?: string;
      readonly role?: MessageRole;
      readonly author?: string;
      readonly createdAt?: string;
    }
    const say = (principal: Principal, text: string | readonly string[], options: Options = {}) => {
      const { role = "user", author = principal.id, createdAt, mode = "open", ...rest } = options;
      const messages = [text].flat().map((content) => ({ role, author, content, ...(createdAt ? { createdAt } : {}) }));
      return timeline.open({ principal, mode, messages, ...rest });
    };
    const sentences = async (principal: Principal, page: Partial<FactsPage> = {}) =>
      (await facts.list(principal, { limit: 100, ...page })).facts.map(({ sentence }) => sentence);
    const recall = createRecall({ database, cipher, sources: [createFactSource({ database, rule: "scoped" })] });
    const changes = createThreadChanges({ database, cipher });
    return { database, timeline, facts, follow, say, sentences, recall, changes };
  };

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

    test("of another are not there, whatever is tried", async () => {
      const { say, follow, facts, sentences, recall } = partsOf();
      const [ada, eve] = [somebody(), somebody()];
      await say(ada, "My sister's name is Quetzal.");
      await follow();
      const { id } = (await facts.list(ada, { limit: 1 })).facts[0]!;
      expect(await sentences(eve)).toEqual([]);
      expect(await sentences(eve, { query: "Quetzal" })).toEqual([]);
      expect(await sentences(eve, { after: id })).toEqual([]);
      const missing = await facts.read(eve, randomUUID()).catch((error: unknown) => error);
      for (const attempt of [
        () => facts.read(eve, id),
        () => facts.history(eve, id),
        () => facts.correct(eve, id, { sentence: "My sister's name is Mallory" }),
        () => facts.remove(eve, id),
        () => facts.remove(eve, "'; drop table facts; --"),
      ]) {
        expect(await attempt().catch((error: unknown) => error)).toEqual(missing);
      }
      const found = await recall({ principal: eve, query: "Quetzal", limit: 5 });
      expect(found).toEqual([]);
      expect(await sentences(ada)).toEqual(["My sister's name is Quetzal"]);
    });

    test("of a team are its members', each speaking for themselves", async () => {
      const { say, follow, facts, sentences, database } = partsOf();
      const [ada, bob, eve] = [somebody(), somebody(), somebody()];
      const teamId = `team-${randomUUID().slice(0, 8)}`;
      await createTeams({ database }).add(teamId, [ada.id, bob.id]);
      const team = { scope: "team", teamId } as const;
      await say(ada, ["We moved the server to rack 4.", "I live in Leeds."], team);
      await say(bob, ["I live in Rome.", "We moved the server to rack 7."], team);
      await follow();
      const everything = ["I live in Leeds", "I live in Rome", "We moved the server to rack 7"];
      expect((await sentences(bob)).toSorted()).toEqual(everything);
      expect((await sentences(ada, { scope: "team" })).toSorted()).toEqual(everything);
      expect(await sentences(ada, { scope: "personal" })).toEqual([]);
      expect(await sentences(eve)).toEqual([]);
      const { id } = (await facts.list(bob, { query: "Leeds", limit: 1 })).facts[0]!;
      await expect(facts.correct(bob, id, { sentence: "I live in Hull" })).rejects.toMatchObject({
        code: "POLICY_DENIED",
      });
      await expect(facts.remove(bob, id)).rejects.toMatchObject({ code: "POLICY_DENIED" });
      await expect(facts.state(eve, { sentence: "I am a spy", ...team })).rejects.toMatchObject({
        code: "INVALID_INPUT",
      });
    });

    test("of a team that another stated stay when one's own that took their place is erased, and hold again", async () => {
      const { facts, sentences, database } = partsOf();
      const [ada, bob] = [somebody(), somebody()];
      const teamId = `team-${randomUUID().slice(0, 8)}`;
      await createTeams({ database }).add(teamId, [ada.id, bob.id]);
      const password = (principal: Principal, word: string) =>
        facts.state(principal, {
          sentence: `The wifi password is ${word}`,
          subject: "wifi",
          attribute: "password",
          scope: "team",
          teamId,
        });
      const first = await password(ada, "tulip");
      await password(bob, "orchid");
      const third = await password(bob, "rose");
      expect(await facts.read(ada, first.id)).toHaveProperty("validTo");
      await facts.remove(bob, third.id);
      expect(await facts.history(ada, first.id)).toEqual([first]);
      const fourth = await password(bob, "rose");
      const last = await password(ada, "lily");
      await facts.remove(ada, last.id);
      expect((await facts.history(bob, fourth.id)).map(({ sentence }) => sentence)).toEqual([
        "The wifi password is rose",
      ]);
      expect(await sentences(ada)).toEqual(["The wifi password is rose"]);
    });

    test("of a team that a member corrects are that member's words, never about a person", async () => {
      const { facts, sentences, database } = partsOf();
      const [ada, bob] = [somebody(), somebody()];
      const teamId = `team-${randomUUID().slice(0, 8)}`;
      await createTeams({ database }).add(teamId, [ada.id, bob.id]);
      const team = { scope: "team", teamId } as const;
      const key = await facts.state(ada, { sentence: "The server room key hangs by the door", ...team });
      const sister = await facts.state(ada, { sentence: "My sister's name is Greta", ...team });
      const before = (await sentences(ada)).toSorted();
      for (const attempt of [
        () => facts.correct(bob, key.id, { sentence: "I am a liar" }),
        () => facts.correct(bob, key.id, { sentence: "She is a thief", subject: "Sister", attribute: "is" }),
        () => facts.correct(bob, sister.id, { sentence: "The sister of Ada is called Mallory" }),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ code: "POLICY_DENIED" });
      }
      expect((await sentences(ada)).toSorted()).toEqual(before);
      const corrected = await facts.correct(bob, key.id, { sentence: "The server room key hangs in the hall" });
      expect(corrected).toMatchObject({ owner: bob.id });
      await expect(facts.remove(ada, corrected.id)).rejects.toMatchObject({ code: "POLICY_DENIED" });
      expect(await facts.read(ada, key.id)).toMatchObject({ owner: ada.id, supersededBy: corrected.id });
    });

    test("said in public are kept for who said them", async () => {
      const { say, follow, sentences } = partsOf();
      const [ada, eve] = [somebody(), somebody()];
      await say(ada, "I live in Rome.", { scope: "public" });
      await follow();
      expect(await sentences(ada)).toEqual(["I live in Rome"]);
      expect(await sentences(eve)).toEqual([]);
    });

    test("can be stated, corrected and erased, and recall follows in the same moment", async () => {
      const { facts, recall, sentences } = partsOf();
      const ada = somebody();
      const first = await facts.state(ada, { sentence: "My dentist is Dr Nowak" });
      expect(await facts.state(ada, { sentence: "my dentist is dr nowak!" })).toEqual(first);
      const contents = async () => (await recall({ principal: ada, query: "dentist", limit: 5 })).map((f) => f.content);
      expect(await recall({ principal: ada, query: "who is my dentist?", limit: 5 })).toMatchObject([
        { content: "My dentist is Dr Nowak", layer: "fact", score: 1, fact: { id: first.id }, messageId: first.id },
      ]);
      const second = await facts.correct(ada, first.id, { sentence: "My dentist is Dr Wilk" });
      expect(await contents()).toEqual(["My dentist is Dr Wilk"]);
      await expect(facts.correct(ada, first.id, { sentence: "x y" })).rejects.toMatchObject({ code: "CONFLICT" });
      expect(await facts.read(ada, first.id)).toMatchObject({ supersededBy: second.id, validTo: second.validFrom });
      expect((await facts.history(ada, first.id)).map(({ id }) => id)).toEqual([first.id, second.id]);
      await facts.remove(ada, second.id);
      expect(await contents()).toEqual([]);
      expect(await sentences(ada, { at: first.validFrom })).toEqual([]);
      await expect(facts.read(ada, first.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(facts.state(ada, { sentence: " ?! " })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    });

    test("are recalled instead of the message that says nothing more, never for the message that asks", async () => {
      const { say, follow, recall } = partsOf();
      const ada = somebody();
      const { messages, thread } = await say(ada, "My sister's name is Greta.");
      await say(ada, `My sister is a vet. ${"Many other things happened on that day in the town. ".repeat(4)}`);
      await follow();
      const found = await recall({ principal: ada, query: "sister", limit: 5 });
      expect(found.map(({ layer }) => layer).toSorted()).toEqual(["fact", "fact", "text"]);
      expect(found.find(({ content }) => content.includes("Greta"))).toMatchObject({
        messageId: messages[0]!.id,
        threadId: thread.id,
        layer: "fact",
        fact: { subject: "sister", attribute: "name" },
      });
      expect(await recall({ principal: ada, query: "Greta", excludeMessageId: messages[0]!.id, limit: 5 })).toEqual([]);
      expect(await recall({ principal: ada, query: "Greta", kinds: ["document"], limit: 5 })).toEqual([]);
    });

    test("that are stated outlive a message that says the same, whichever came first", async () => {
      for (const order of ["message first", "statement first", "message of an earlier time"]) {
        for (const end of ["edited", "confidential"]) {
          const { say, follow, facts, changes, timeline, sentences } = partsOf();
          const ada = somebody();
          const state = () => facts.state(ada, { sentence: "My sister is called Greta" });
          if (order !== "message first") await state();
          const createdAt = order === "message of an earlier time" ? { createdAt: "2024-01-01T00:00:00Z" } : {};
          const { thread, messages } = await say(ada, "Oh, my sister's name is Greta!", createdAt);
          await follow();
          if (order === "message first") expect(await state()).toMatchObject({ sourceMessageId: messages[0]!.id });
          const address = { principal: ada, threadId: thread.id, messageId: messages[0]!.id };
          if (end === "edited") await changes.edit({ ...address, content: "Never mind" });
          else await timeline.open({ principal: ada, threadId: thread.id, mode: "confidential", messages: [] });
          expect(await sentences(ada), `${order}, ${end}`).toHaveLength(1);
          await follow();
          const [fact, ...more] = (await facts.list(ada, { query: "called", limit: 5 })).facts;
          expect(more).toEqual([]);
          expect(fact, `${order}, ${end}`).toMatchObject({ sentence: "My sister is called Greta", owner: ada.id });
          expect(fact).not.toHaveProperty("sourceMessageId");
          // Erased, it stays so.
          await facts.remove(ada, fact!.id);
          await follow();
          expect(await sentences(ada)).toEqual([]);
        }
      }
    });

    test("of a team that two said are the other's when the one who said it first takes it back", async () => {
      const { say, follow, facts, changes, database } = partsOf();
      const [ada, bob] = [somebody(), somebody()];
      const teamId = `team-${randomUUID().slice(0, 8)}`;
      await createTeams({ database }).add(teamId, [ada.id, bob.id]);
      const team = { scope: "team", teamId } as const;
      const said = "We moved the server to rack 4.";
      const { thread, messages } = await say(ada, said, { ...team, createdAt: "2025-01-01T00:00:00Z" });
      await say(bob, said, { ...team, createdAt: "2025-01-02T00:00:00Z" });
      await follow();
      const [fact] = (await facts.list(bob, { limit: 5 })).facts;
      expect(fact).toMatchObject({ owner: ada.id });
      await changes.remove({ principal: ada, threadId: thread.id, messageId: messages[0]!.id });
      await follow();
      expect((await facts.list(ada, { limit: 5 })).facts).toMatchObject([{ owner: bob.id }]);
    });

    test("of one's own are found behind any number of a team's newer ones", async () => {
      const { facts, database } = partsOf();
      const [ada, bob] = [somebody(), somebody()];
      const teamId = `team-${randomUUID().slice(0, 8)}`;
      await createTeams({ database }).add(teamId, [ada.id, bob.id]);
      await facts.state(ada, { sentence: "My sister's name is Greta" });
      for (let box = 0; box < 5; box += 1) {
        await facts.state(bob, { sentence: `The box number ${box} is full of books`, scope: "team", teamId });
      }
      expect(await createFactsOf(facts)(ada, 3)).toMatchObject([{ content: "My sister's name is Greta" }]);
    });

    test("come page by page, newest first", async () => {
      const { facts } = partsOf();
      const ada = somebody();
      for (const place of ["one", "two", "three"])
        await facts.state(ada, { sentence: `the ${place} box is full of books` });
      const first = await facts.list(ada, { limit: 2 });
      const second = await facts.list(ada, { limit: 2, after: first.nextAfter! });
      expect([...first.facts, ...second.facts].map(({ sentence }) => sentence.split(" ")[1])).toEqual([
        "three",
        "two",
        "one",
      ]);
      expect(second.nextAfter).toBeUndefined();
    });
  });
};
