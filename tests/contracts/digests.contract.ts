import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { DigestPeriod } from "../../atlas/digest/digest-source.ts";
import { writeDigests } from "../../atlas/digest/write-digests.ts";
import { createFacts } from "../../atlas/facts/create-facts.ts";
import { createFactsFollower } from "../../atlas/facts/follow-facts.ts";
import type { PlaintextRule } from "../../atlas/follow/plaintext-rule.ts";
import { createGraphFollower } from "../../atlas/graph/follow-graph.ts";
import { createRules } from "../../atlas/graph/rules/extract.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createTeams } from "../../atlas/teams.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Scope } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { createGazetteer } from "../../rag-services/places/create-gazetteer.ts";
import { somebody } from "../support/timeline-samples.ts";

/** Weekly digests, on whatever database. */
export const digestsContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const { signal } = new AbortController();
  // Weeks of the past that no other test writes into.
  let week = 0;
  const nextPeriod = (): DigestPeriod => {
    week += 2;
    const from = new Date(Date.UTC(2019, 0, 7) + week * 7 * 86_400_000);
    return { from, to: new Date(from.getTime() + 7 * 86_400_000), timezone: "UTC" };
  };
  const run = (period: DigestPeriod, rule: PlaintextRule = "scoped") =>
    writeDigests({ database: databaseOf(), rule }, period, signal);

  const partsOf = (period: DigestPeriod) => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const timeline = createTimeline({ database, cipher });
    let minute = 0;
    const say = async (
      principal: Principal,
      contents: readonly string[],
      where: { threadId?: string; scope?: Scope; teamId?: string; mode?: "open" | "confidential" } = {},
    ) =>
      timeline.open({
        principal,
        mode: "open",
        ...where,
        messages: contents.map((content) => {
          minute += 1;
          const createdAt = new Date(period.from.getTime() + minute * 60_000).toISOString();
          return { role: "user", author: principal.id, content, createdAt };
        }),
      });
    return { database, timeline, say, changes: createThreadChanges({ database, cipher }) };
  };
  const digestOf = async (scopeKey: string, period: DigestPeriod) => {
    const [row] = await databaseOf().query<{
      message_id: string;
      thread_id: string;
      content: string;
      author: string;
      role: string;
      scope_key: string;
      chunks: number;
    }>(
      `select d.message_id, d.thread_id, m.content, m.author, m.role, m.scope_key,
         (select count(*)::integer from document_chunks k where k.document_id = d.document_id and k.scope_key = d.scope_key) as chunks
       from digests d join current_messages m on m.id = d.message_id where d.scope_key = $1 and d.period = $2`,
      [scopeKey, period.from.toISOString().slice(0, 10)],
    );
    return row;
  };

  describe("weekly digests", () => {
    test("tell of open questions and contradictions, as a message and a document of the scope, in its language", async () => {
      const period = nextPeriod();
      const { say, timeline } = partsOf(period);
      const ada = somebody();
      await say(ada, ["Serwer testowy działa w piwnicy.", "Kiedy kupimy nowy dysk do kopii zapasowych?"]);
      await say(ada, ["Serwer testowy nie działa w piwnicy."]);
      expect(await run(period)).toEqual({ written: 1, kept: 0, empty: 0 });
      const digest = await digestOf(`user:${ada.id}`, period);
      expect(digest).toMatchObject({ author: "atlas-digest", role: "agent", scope_key: `user:${ada.id}`, chunks: 2 });
      expect(digest?.content).toContain("## Pytania bez odpowiedzi\n\n- Kiedy kupimy nowy dysk do kopii zapasowych?");
      expect(digest?.content).toContain(
        "Najpierw „Serwer testowy działa w piwnicy.”, później „Serwer testowy nie działa w piwnicy.”",
      );
      const read = await timeline.messages(ada, digest!.thread_id, { after: 0, limit: 10 });
      expect(read.messages.map(({ author, position }) => [author, position])).toEqual([["atlas-digest", 1]]);
    });

    test("tell of topics that grew and of facts that changed", { timeout: 90_000 }, async () => {
      const period = nextPeriod();
      const { database, say } = partsOf(period);
      const ada = somebody();
      const before = { ...period, from: new Date(period.from.getTime() - 7 * 86_400_000) };
      await partsOf(before).say(ada, ["We talk of #garden/roses.", "And of #cars.", "Once more #cars."]);
      await say(ada, [
        "#garden/roses need water.",
        "#garden/roses bloom.",
        "#cars are loud.",
        "#garden/roses are red.",
      ]);
      await say(ada, ["My sister lives in Rome.", "My sister lives in Oslo now."]);
      const logger = pino({ level: "silent" });
      const rules = createRules({ places: createGazetteer(), services: () => [], agents: () => [] });
      await createGraphFollower({ database, rule: "scoped", logger, rules }).catchUp();
      await createFactsFollower({ database, rule: "scoped", logger }).catchUp();
      expect(await run(period)).toMatchObject({ written: 1 });
      const digest = await digestOf(`user:${ada.id}`, period);
      expect(digest?.content).toContain("- garden/roses: 3 messages, the week before 1");
      expect(digest?.content).not.toContain("cars");
      expect(digest?.content).toMatch(/First “My sister lives in Rome\.?”, later “My sister lives in Oslo now\.?”/);
    });

    test("a changed fact that is known from elsewhere is not told, and does not keep the rest from being told", async () => {
      const period = nextPeriod();
      const { database, say } = partsOf(period);
      const ada = somebody();
      await say(ada, ["My brother lives in Rome.", "My brother lives in Oslo now."], { scope: "public" });
      await say(ada, ["Who has the key of the cellar?", "My sister lives in Rome."]);
      await createFactsFollower({ database, rule: "scoped", logger: pino({ level: "silent" }) }).catchUp();
      // Stated, not said: no message goes with it when it is erased.
      const now = () => new Date(period.from.getTime() + 86_400_000);
      await createFacts({ database, now }).state(ada, { sentence: "My sister lives in Bergen now." });
      await run(period);
      const digest = await digestOf(`user:${ada.id}`, period);
      expect(digest?.content).toContain("cellar");
      expect(digest?.content).not.toMatch(/Oslo|Bergen/);
    });

    test("are written once for a period, one thread for all periods of a scope", async () => {
      const ada = somebody();
      const threads: string[] = [];
      for (const period of [nextPeriod(), nextPeriod()]) {
        await partsOf(period).say(ada, ["Who has the key of the cellar?"]);
        expect(await run(period)).toEqual({ written: 1, kept: 0, empty: 0 });
        expect(await run(period)).toEqual({ written: 0, kept: 1, empty: 0 });
        threads.push((await digestOf(`user:${ada.id}`, period))!.thread_id);
      }
      expect(threads[0]).toBe(threads[1]);
    });

    test("nobody reads another's: personal, team and public ones are kept apart", async () => {
      const period = nextPeriod();
      const { say, timeline } = partsOf(period);
      const [ada, ben, eve] = [somebody(), somebody(), somebody()];
      const team = `team-${randomUUID().slice(0, 8)}`;
      await createTeams({ database: databaseOf() }).add(team, [ada.id, ben.id]);
      await say(ada, ["Where is my private diary?"]);
      await say(ada, ["When does the team meet the customer?"], { scope: "team", teamId: team });
      await say(ben, ["Which public holiday comes next?"], { scope: "public" });
      expect(await run(period)).toMatchObject({ written: 3 });
      const [own, shared, open] = [
        await digestOf(`user:${ada.id}`, period),
        await digestOf(`team:${team}`, period),
        await digestOf("public", period),
      ];
      expect(own?.content).toContain("diary");
      expect(own?.content).not.toMatch(/customer|holiday/);
      expect(shared?.content).toContain("customer");
      expect(shared?.content).not.toMatch(/diary|holiday/);
      expect(open?.content).toContain("holiday");
      expect(open?.content).not.toMatch(/diary|customer/);
      const reads = (principal: Principal, digest: typeof own) =>
        timeline.thread(principal, digest!.thread_id).then(
          () => true,
          (error: { code: string }) => error.code,
        );
      expect(await Promise.all([ada, ben, eve].map((principal) => reads(principal, own)))).toEqual([
        true,
        "NOT_FOUND",
        "NOT_FOUND",
      ]);
      expect(await Promise.all([ada, ben, eve].map((principal) => reads(principal, shared)))).toEqual([
        true,
        true,
        "NOT_FOUND",
      ]);
      expect(await Promise.all([ada, ben, eve].map((principal) => reads(principal, open)))).toEqual([true, true, true]);
    });

    test("nothing confidential is told, and nothing that was answered", async () => {
      const period = nextPeriod();
      const { say, timeline } = partsOf(period);
      const ada = somebody();
      await say(ada, ["What does my doctor say about xylitol?"], { mode: "confidential" });
      const { thread } = await say(ada, ["What is the capital of France?"]);
      await timeline.open({
        principal: ada,
        threadId: thread.id,
        mode: "open",
        messages: [{ role: "assistant", author: "athena", content: "Paris." }],
      });
      expect(await run(period)).toEqual({ written: 0, kept: 0, empty: 1 });
    });

    test.each(["turned confidential", "deleted", "edited"] as const)(
      "what it quotes was %s: message and document are gone",
      async (how) => {
        const period = nextPeriod();
        const { say, timeline, changes } = partsOf(period);
        const ada = somebody();
        const { thread, messages } = await say(ada, ["Who knows about the surprise party?"]);
        await run(period);
        const digest = await digestOf(`user:${ada.id}`, period);
        const address = { principal: ada, threadId: thread.id, messageId: messages[0]!.id };
        if (how === "deleted") await changes.remove(address);
        else if (how === "edited") await changes.edit({ ...address, content: "Nothing." });
        else await timeline.open({ principal: ada, threadId: thread.id, mode: "confidential", messages: [] });
        const read = await timeline.messages(ada, digest!.thread_id, { after: 0, limit: 10 });
        expect(read.messages).toMatchObject([{ content: "", state: "deleted" }]);
        expect(await databaseOf().query("select 1 from document_chunks where content like '%surprise party%'")).toEqual(
          [],
        );
        const told = await databaseOf().query<{ event_type: string }>(
          "select event_type from outbox where payload ->> 'message_id' = $1 order by sequence",
          [digest!.message_id],
        );
        expect(told.map(({ event_type }) => event_type.split(".").slice(0, 2).join("."))).toEqual([
          "message.created",
          "message.deleted",
        ]);
        // The same again makes no second one of what is no more.
        expect(await run(period)).toMatchObject({ written: 0 });
      },
    );

    test("a digest thread that its owner made confidential holds no further digest; another one is begun", async () => {
      const [first, second] = [nextPeriod(), nextPeriod()];
      const ada = somebody();
      await partsOf(first).say(ada, ["Who has the key of the cellar?"]);
      await run(first);
      const before = await digestOf(`user:${ada.id}`, first);
      await partsOf(first).timeline.open({
        principal: ada,
        threadId: before!.thread_id,
        mode: "confidential",
        messages: [],
      });
      await partsOf(second).say(ada, ["Who has the key of the garage?"]);
      expect(await run(second)).toMatchObject({ written: 1 });
      const after = await digestOf(`user:${ada.id}`, second);
      expect(after?.thread_id).not.toBe(before?.thread_id);
      expect(after?.content).toContain("garage");
    });

    test("where only public text may be indexed, only the public one is written", async () => {
      const period = nextPeriod();
      const { say } = partsOf(period);
      const ada = somebody();
      await say(ada, ["Where is my private diary?"]);
      await say(ada, ["Which public holiday comes next?"], { scope: "public" });
      expect(await run(period, "public")).toMatchObject({ written: 1 });
      expect(await digestOf(`user:${ada.id}`, period)).toBeUndefined();
    });
  });
};
