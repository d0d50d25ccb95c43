import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createFactsOf } from "../../atlas/facts/fact-fragment.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createTeams } from "../../atlas/teams.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { factsOn } from "../support/facts-on.ts";
import { somebody } from "../support/timeline-samples.ts";

/** Facts: whose they are, who may state, correct and erase them, and who finds them, on whatever database. */
export const factsOfPeopleContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => factsOn(databaseOf(), masterKeyOf());

  describe("facts of people and teams", () => {
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
