import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createRecall } from "../../atlas/recall.ts";
import type { ThreadChanges } from "../../atlas/thread-changes.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { NewMessage } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import { subjects } from "../../platform/events/subjects.ts";
import { everythingStored } from "../support/everything-stored.ts";
import { somebody } from "../support/timeline-samples.ts";

const modes = ["open", "confidential"] as const;
const said = (content: string, change: Partial<NewMessage> = {}): NewMessage => ({
  role: "user",
  author: "ada",
  content,
  ...change,
});
const createdEvent = subjects["message.created.{channel}"].strict();
const numbered = (count: number, from = 1): NewMessage[] =>
  Array.from({ length: count }, (_, index) => said(`message ${from + index}`));

/** Appends in batches, edits and deletions, on whatever database. */
export const threadChangesContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    return {
      database,
      timeline: createTimeline({ database, cipher }),
      changes: createThreadChanges({ database, cipher }),
      recall: createRecall({ database, cipher }),
    };
  };
  const appendTo =
    (changes: ThreadChanges, principal: ReturnType<typeof somebody>, threadId: string) =>
    (sincePosition: number, messages: readonly NewMessage[]) =>
      changes.append({ principal, threadId, sincePosition, messages });
  const eventsOf = (threadId: string) =>
    databaseOf().query<{ event_type: string; payload: { message_id: string } }>(
      "select event_type, payload from outbox where aggregate_id = $1 order by sequence",
      [threadId],
    );

  describe.each(modes)("append to a thread that is %s", (mode) => {
    test("says the thread's mode with every append and page, and how often it was edited", async () => {
      const { timeline, changes } = partsOf();
      const principal = somebody();
      const { id } = await changes.create({ principal, mode });
      const append = appendTo(changes, principal, id);
      const given = numbered(3).map((message) => ({ ...message, id: randomUUID() }));
      for (const since of [0, 0, 3]) expect(await append(since, given)).toMatchObject({ state: "ok", mode });
      const page = (after: number) => timeline.messages(principal, id, { after, limit: 2 });
      for (const after of [0, 3]) expect(await page(after)).toMatchObject({ mode, revisions: 0 });
      const messageId = given[0]!.id;
      await changes.edit({ principal, threadId: id, messageId, content: "other" });
      await changes.remove({ principal, threadId: id, messageId });
      for (const after of [0, 3]) expect(await page(after)).toMatchObject({ mode, revisions: 2 });
    });

    test("says that the thread is confidential now to whom it was open before", async () => {
      const { timeline, changes } = partsOf();
      const principal = somebody();
      const { id } = await changes.create({ principal, mode });
      const append = appendTo(changes, principal, id);
      const [one, two] = numbered(2).map((message) => ({ ...message, id: randomUUID() }));
      expect(await append(0, [one!])).toMatchObject({ mode });
      await timeline.open({ principal, threadId: id, mode: "confidential", messages: [said("now")] });
      expect(await append(2, [two!])).toMatchObject({ state: "ok", mode: "confidential" });
      expect(await append(3, [one!])).toMatchObject({ state: "ok", added: 0, mode: "confidential" });
    });

    test("adds a batch in one round trip, with times and ids, and the same again adds nothing", async () => {
      const { database, timeline } = partsOf();
      let calls = 0;
      const counted: Database = {
        ...database,
        query: (...given) => {
          calls += 1;
          return database.query(...given);
        },
      };
      const changes = createThreadChanges({
        database: counted,
        cipher: createThreadCipher({ masterKey: masterKeyOf() }),
      });
      const principal = somebody();
      const thread = await changes.create({ principal, mode });
      const append = appendTo(changes, principal, thread.id);
      calls = 0;
      const past = "2024-02-03T04:05:06.789Z";
      const batch = [said("a", { createdAt: past, meta: { source: "front" } }), said("b", { createdAt: "2999-01-01" })];
      const first = await append(0, batch);
      expect(calls).toBe(1);
      expect(first).toMatchObject({ state: "ok", lastPosition: 2, added: 2 });
      expect(await append(0, batch)).toEqual({ ...first, added: 0 });
      const { messages } = await timeline.messages(principal, thread.id, { after: 0, limit: 9 });
      expect(messages).toMatchObject([
        { position: 1, content: "a", createdAt: past, meta: { source: "front" } },
        { position: 2, content: "b", meta: {} },
      ]);
      expect(Date.parse(messages[1]!.createdAt)).toBeLessThanOrEqual(Date.now() + 1_000);
      expect(first).toMatchObject({ messages: messages.map(({ id, position }) => ({ id, position })) });
      const events = (await eventsOf(thread.id)).map(({ payload }) => createdEvent.parse(payload));
      expect(events).toMatchObject([{ message_id: messages[0]!.id, position: 1, count: 2 }]);
    });

    test("accepts an overlap with equal content, also where it was said in a query", async () => {
      const { timeline, changes } = partsOf();
      const principal = somebody();
      const { thread } = await timeline.open({ principal, mode, messages: numbered(3) });
      const append = appendTo(changes, principal, thread.id.toUpperCase());
      expect(await append(1, numbered(4, 2))).toMatchObject({ state: "ok", lastPosition: 5, added: 2 });
      expect(await append(1, numbered(1, 2))).toMatchObject({ state: "ok", lastPosition: 5, added: 0 });
      const { messages } = await timeline.messages(principal, thread.id, { after: 0, limit: 9 });
      expect(messages.map(({ content }) => content)).toEqual(numbered(5).map(({ content }) => content));
    });

    test("refuses a gap and other content with the expected position, and writes nothing", async () => {
      const { timeline, changes } = partsOf();
      const principal = somebody();
      const { thread } = await timeline.open({ principal, mode, messages: numbered(3) });
      const append = appendTo(changes, principal, thread.id);
      expect(await append(4, numbered(1))).toEqual({ state: "gap", expectedPosition: 3 });
      const other = { state: "other_content", expectedPosition: 3 };
      expect(await append(2, [said("message three"), said("message 4")])).toEqual(other);
      expect(await append(0, [...numbered(2), said("message 3", { author: "eve" }), said("message 4")])).toEqual(other);
      expect(await append(2, [said("message 3", { role: "agent" })])).toEqual(other);
      expect((await timeline.thread(principal, thread.id)).lastPosition).toBe(3);
      expect(await eventsOf(thread.id)).toHaveLength(1);
    });

    test("takes a message with an id for no other, and finds it wherever it is stored", async () => {
      const { timeline, changes } = partsOf();
      const principal = somebody();
      const thread = await changes.create({ principal, mode });
      const append = appendTo(changes, principal, thread.id);
      const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];
      await append(0, [said("ok", { id: one })]);
      // Equal, but said by somebody else's hand.
      expect(await append(0, [said("ok", { id: two })])).toEqual({ state: "other_content", expectedPosition: 1 });
      await append(1, [said("between")]);
      const repeated = [said("ok", { id: one }), said("ok", { id: two }), said("end", { id: three })];
      expect(await append(2, repeated)).toEqual({
        state: "ok",
        mode,
        lastPosition: 4,
        added: 2,
        messages: [
          { id: one, position: 1 },
          { id: two, position: 3 },
          { id: three, position: 4 },
        ],
      });
      expect(await append(4, repeated)).toMatchObject({ state: "ok", lastPosition: 4, added: 0 });
      const { messages } = await timeline.messages(principal, thread.id, { after: 0, limit: 9 });
      expect(messages.map(({ content }) => content)).toEqual(["ok", "between", "ok", "end"]);
      await expect(
        timeline.open({ principal, threadId: thread.id, mode, messages: [said("ok", { id: one })] }),
      ).rejects.toMatchObject({ code: "CONFLICT" });
    });

    test("ends at one state however batches overlap, are split, come twice or at once", {
      timeout: 60_000,
    }, async () => {
      const { timeline, changes } = partsOf();
      const principal = somebody();
      const flush = fc.record({ from: fc.nat({ max: 11 }), size: fc.integer({ min: 1, max: 12 }), wrong: fc.nat(9) });
      await fc.assert(
        fc.asyncProperty(fc.array(flush, { minLength: 1, maxLength: 8 }), fc.boolean(), async (flushes, atOnce) => {
          const all = numbered(12);
          const thread = await changes.create({ principal, mode });
          const append = appendTo(changes, principal, thread.id);
          const run = async ({ from, size, wrong }: (typeof flushes)[number]) => {
            const messages = all.slice(from, from + size);
            if (wrong === 0) messages[0] = said("another");
            return append(from, messages);
          };
          if (atOnce) await Promise.all(flushes.map(run));
          else for (const each of flushes) await run(each);
          const { messages } = await timeline.messages(principal, thread.id, { after: 0, limit: 50 });
          expect(messages.map(({ position }) => position)).toEqual(messages.map((_, index) => index + 1));
          // Whatever came, nothing lies where something else was acknowledged: the rest of the true batches fits or is refused.
          const stored = messages.map(({ content }) => content);
          const end = await append(0, messages);
          expect(end).toMatchObject({ state: "ok", added: 0, lastPosition: stored.length });
          if (stored.every((content) => content !== "another")) {
            expect(stored).toEqual(all.slice(0, stored.length).map(({ content }) => content));
            expect(await append(0, all)).toMatchObject({ state: "ok", lastPosition: 12, added: 12 - stored.length });
          }
        }),
        { numRuns: 20 },
      );
    });

    test("lets 20 writers race for each position: one wins, no gap, no collision", { timeout: 60_000 }, async () => {
      const { timeline, changes } = partsOf();
      const principal = somebody();
      const thread = await changes.create({ principal, mode });
      const append = appendTo(changes, principal, thread.id);
      const added = await Promise.all(
        Array.from({ length: 20 }, async (_, writer) => {
          let count = 0;
          for (let since = 0; count < 3; ) {
            const outcome = await append(since, [said(`${writer}.${count}`), said(`${writer}.${count} too`)]);
            if (outcome.state === "ok") count += 1;
            since = outcome.state === "ok" ? outcome.lastPosition : outcome.expectedPosition;
          }
          return count;
        }),
      );
      expect(added).toEqual(added.map(() => 3));
      const { messages } = await timeline.messages(principal, thread.id, { after: 0, limit: 500 });
      expect(messages.map(({ position }) => position)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
      for (let index = 0; index < 120; index += 2) {
        expect(messages[index + 1]!.content).toBe(`${messages[index]!.content} too`);
      }
    });
  });

  test("50 threads are written to at once, by batches and by queries, without a deadlock", {
    timeout: 60_000,
  }, async () => {
    const { timeline, changes } = partsOf();
    const principal = somebody();
    const threads = await Promise.all(Array.from({ length: 50 }, () => changes.create({ principal })));
    await Promise.all(
      threads.flatMap(({ id }) => [
        changes.append({ principal, threadId: id, sincePosition: 0, messages: numbered(20) }).then(async (outcome) => {
          // The query was first: what it said lies at position 1.
          if (outcome.state === "ok") return;
          await changes.append({ principal, threadId: id, sincePosition: 1, messages: numbered(20) });
        }),
        timeline.open({ principal, threadId: id, mode: "open", messages: [said("asked")] }),
      ]),
    );
    for (const { id } of threads) {
      const { messages } = await timeline.messages(principal, id, { after: 0, limit: 50 });
      expect(messages.map(({ position }) => position)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    }
  });

  test("a batch for a thread that turned confidential elsewhere is encrypted", async () => {
    const [here, elsewhere] = [partsOf(), partsOf()];
    const principal = somebody();
    const { thread } = await here.timeline.open({ principal, mode: "open", messages: [said("in clear")] });
    const marker = `turned${randomUUID().slice(0, 8)}`;
    await here.changes.append({ principal, threadId: thread.id, sincePosition: 1, messages: [said("still in clear")] });
    await elsewhere.timeline.open({ principal, threadId: thread.id, mode: "confidential", messages: [said("now")] });
    const messages = [said(marker)];
    await here.changes.append({ principal, threadId: thread.id, sincePosition: 3, messages });
    expect(await everythingStored(databaseOf())).not.toContain(marker);
    expect((await here.timeline.latest(principal, thread.id, 1))[0]?.content).toBe(marker);
  });

  describe.each(modes)("messages of a thread that is %s", (mode) => {
    test("are edited and deleted for every reader, while their first state stays with the author", async () => {
      const { timeline, changes, recall, database } = partsOf();
      const principal = somebody();
      const marker = `ocelot${randomUUID().slice(0, 8)}`;
      const { thread, messages } = await timeline.open({
        principal,
        mode,
        messages: [said("the capybara swims", { meta: { source: "web" } }), said("keep"), said("a walrus sleeps")],
      });
      const threadId = thread.id;
      const [first, , third] = messages;
      const edited = await changes.edit({ principal, threadId, messageId: first!.id, content: `the ${marker} climbs` });
      expect(edited).toMatchObject({
        position: 1,
        content: `the ${marker} climbs`,
        meta: { source: "web" },
        state: "edited",
      });
      await changes.edit({ principal, threadId, messageId: first!.id, content: `the ${marker} sleeps` });
      const before = new Date(Date.now() - 60_000);
      const left = await changes.remove({ principal, threadId, messageId: third!.id });
      expect(left).toMatchObject({ position: 3, state: "deleted", content: "" });
      expect(await timeline.changed(principal, threadId, { since: before, limit: 1 })).toHaveLength(1);
      expect(await timeline.changed(principal, threadId, { since: before, limit: 9 })).toContainEqual(left);
      expect(await timeline.changed(principal, threadId, { since: new Date(Date.now() + 60_000), limit: 9 })).toEqual(
        [],
      );
      await changes.remove({ principal, threadId, messageId: third!.id });

      const { messages: listed } = await timeline.messages(principal, threadId, { after: 0, limit: 9 });
      expect(listed.map(({ content, state }) => [content, state])).toEqual([
        [`the ${marker} sleeps`, "edited"],
        ["keep", undefined],
        ["", "deleted"],
      ]);
      expect(listed[2]!.meta).toEqual({});
      expect((await timeline.latest(principal, threadId, 2)).map(({ content }) => content)).toEqual([
        `the ${marker} sleeps`,
        "keep",
      ]);
      const found = async (query: string) =>
        (await recall({ principal, query, threadId, limit: 9 })).map(({ content }) => content);
      expect(await found("capybara climbs walrus")).toEqual([]);
      expect(await found(marker)).toEqual([`the ${marker} sleeps`]);

      const states = async (messageId: string) =>
        (await changes.revisions({ principal, threadId, messageId })).map(({ kind, content }) => [kind, content]);
      expect(await states(first!.id)).toEqual([
        ["original", "the capybara swims"],
        ["edit", `the ${marker} climbs`],
        ["edit", `the ${marker} sleeps`],
      ]);
      expect(await states(third!.id)).toEqual([
        ["original", "a walrus sleeps"],
        ["tombstone", undefined],
      ]);
      const events = (await eventsOf(threadId)).slice(1);
      expect(events.map(({ event_type }) => event_type.split(".")[1])).toEqual(["edited", "edited", "deleted"]);
      const told = events.map(({ payload }) => subjects["message.edited.{channel}"].strict().parse(payload));
      expect(told.map(({ message_id, revision }) => [message_id, revision])).toEqual([
        [first!.id, 1],
        [first!.id, 2],
        [third!.id, 1],
      ]);
      if (mode === "confidential") expect(await everythingStored(database)).not.toContain(marker);
      // The batch that was written first is still the same batch.
      expect(await changes.append({ principal, threadId, sincePosition: 0, messages })).toMatchObject({ added: 0 });
    });

    test("are changed by their author alone, and an answer by nobody", async () => {
      const { timeline, changes } = partsOf();
      const [ada, bob] = [somebody(), somebody()];
      const teamId = `team-${randomUUID().slice(0, 8)}`;
      await databaseOf().query("insert into teams (id) values ($1)", [teamId]);
      for (const { id } of [ada, bob]) {
        await databaseOf().query("insert into team_members (team_id, principal) values ($1, $2)", [teamId, id]);
      }
      const { thread, messages } = await timeline.open({
        principal: ada,
        mode,
        scope: "team",
        messages: [said("ada's"), { role: "assistant", author: "athena", content: "answer" }],
      });
      const denied = { code: "POLICY_DENIED" };
      const threadId = thread.id;
      const [own, answer] = messages.map(({ id }) => id) as [string, string];
      for (const [principal, messageId] of [
        [bob, own],
        [bob, answer],
        [ada, answer],
      ] as const) {
        await expect(changes.edit({ principal, threadId, messageId, content: "forged" })).rejects.toMatchObject(denied);
        await expect(changes.remove({ principal, threadId, messageId })).rejects.toMatchObject(denied);
      }
      await expect(changes.revisions({ principal: bob, threadId, messageId: own })).rejects.toMatchObject(denied);
      const auditor = { ...bob, roles: ["user", "auditor"] };
      expect(await changes.revisions({ principal: auditor, threadId, messageId: own })).toHaveLength(1);
      const other = await changes.create({ principal: ada });
      const missing = { code: "NOT_FOUND", message: "There is no such message." };
      for (const address of [
        { threadId, messageId: randomUUID() },
        { threadId, messageId: "none" },
        { threadId: other.id, messageId: own },
      ]) {
        await expect(changes.edit({ principal: ada, ...address, content: "x" })).rejects.toMatchObject(missing);
        await expect(changes.remove({ principal: ada, ...address })).rejects.toMatchObject(missing);
        await expect(changes.revisions({ principal: ada, ...address })).rejects.toMatchObject(missing);
      }
      await changes.remove({ principal: ada, threadId, messageId: own });
      const again = changes.edit({ principal: ada, threadId, messageId: own, content: "back" });
      await expect(again).rejects.toMatchObject(missing);
    });
  });

  test("revisions, like messages, can be neither changed nor deleted", async () => {
    const { database, timeline, changes } = partsOf();
    const principal = somebody();
    const { thread, messages } = await timeline.open({ principal, mode: "open", messages: [said("a")] });
    await changes.edit({ principal, threadId: thread.id, messageId: messages[0]!.id, content: "b" });
    for (const sql of [
      "update message_revisions set content = 'c' where message_id = $1",
      "delete from message_revisions where message_id = $1",
    ]) {
      await expect(database.query(sql, [messages[0]!.id])).rejects.toThrow(/append-only/);
    }
    await expect(database.query("truncate message_revisions")).rejects.toThrow(/append-only/);
  });

  test("several edits of one message at once become one line of revisions", async () => {
    const { timeline, changes } = partsOf();
    const principal = somebody();
    const { thread, messages } = await timeline.open({ principal, mode: "confidential", messages: [said("0")] });
    const address = { principal, threadId: thread.id, messageId: messages[0]!.id };
    await Promise.all(Array.from({ length: 8 }, (_, edit) => changes.edit({ ...address, content: `e${edit}` })));
    const states = await changes.revisions(address);
    expect(states).toHaveLength(9);
    const { messages: now } = await timeline.messages(principal, thread.id, { after: 0, limit: 5 });
    expect(now[0]!.content).toBe(states.at(-1)!.content);
  });
};
