import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { NewMessage } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import { storableText } from "../../platform/db/storable.ts";
import { subjects } from "../../platform/events/subjects.ts";
import { logOf, said, somebody } from "../support/timeline-samples.ts";

/** What every timeline keeps, on whatever database. */
export const timelineContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const timelineOf = () => {
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    return createTimeline({ database: databaseOf(), cipher });
  };
  const sameNotFound = { code: "NOT_FOUND", message: "There is no such thread." };

  describe("timeline", () => {
    test("opens a fresh thread, appends from position 1 and reads back what it gave", async () => {
      const timeline = timelineOf();
      const principal = somebody();
      const opened = await timeline.open({
        principal,
        mode: "open",
        meta: { project: "mars" },
        messages: [said("first", { source: "web" }), said("second")],
      });
      expect(opened.thread).toMatchObject({
        owner: principal.id,
        mode: "open",
        scope: "personal",
        lastPosition: 2,
        meta: { project: "mars" },
      });
      expect(opened.messages.map(({ position, content }) => [position, content])).toEqual([
        [1, "first"],
        [2, "second"],
      ]);
      const read = await timeline.messages(principal, opened.thread.id, { after: 0, limit: 10 });
      expect(read.messages).toEqual(opened.messages);
      expect(await timeline.thread(principal, opened.thread.id)).toEqual(opened.thread);
      const later = await timeline.open({
        principal,
        threadId: opened.thread.id.toUpperCase(),
        mode: "open",
        messages: [said("third")],
      });
      expect(later.thread).toEqual({ ...opened.thread, lastPosition: 3 });
    });

    test("makes a thread of a reserved id once, also when several open it at once", async () => {
      const [timeline, other] = [timelineOf(), timelineOf()];
      const principal = somebody();
      const threadId = randomUUID();
      const open = (content: string, which = timeline) =>
        which.open({ principal, threadId, create: true, mode: "open", messages: [said(content)] });
      const opened = await Promise.all(
        Array.from({ length: 8 }, (_, index) => open(`m${index}`, index % 2 ? other : timeline)),
      );
      expect(opened.flatMap(({ messages }) => messages.map(({ position }) => position)).sort()).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8,
      ]);
      expect(new Set(opened.map(({ thread }) => thread.id))).toEqual(new Set([threadId]));
      await expect(
        timeline.open({ principal: somebody(), threadId, mode: "open", messages: [said("stolen")] }),
      ).rejects.toMatchObject(sameNotFound);
      expect((await timeline.messages(principal, threadId, { after: 0, limit: 20 })).messages).toHaveLength(8);
    });

    test("without leave to make it, a thread of an unknown id is not found and nothing is written", async () => {
      const [timeline, principal, threadId] = [timelineOf(), somebody(), randomUUID()];
      const open = timeline.open({ principal, threadId, mode: "open", messages: [said("lost")] });
      await expect(open).rejects.toMatchObject(sameNotFound);
      await expect(timeline.thread(principal, threadId)).rejects.toMatchObject(sameNotFound);
    });

    test("gives 20 concurrent writers positions without a gap or a collision", async () => {
      const timeline = timelineOf();
      const principal = somebody();
      const { thread } = await timeline.open({ principal, mode: "open", messages: [said("start")] });
      const writers = Array.from({ length: 20 }, async (_, writer) => {
        const given: number[] = [];
        for (let turn = 0; turn < 5; turn += 1) {
          const messages = [said(`${writer}.${turn}a`), said(`${writer}.${turn}b`)];
          const { messages: added } = await timeline.open({ principal, threadId: thread.id, mode: "open", messages });
          given.push(...added.map(({ position }) => position));
        }
        return given;
      });
      const given = (await Promise.all(writers)).flat();
      expect(given.toSorted((left, right) => left - right)).toEqual(
        Array.from({ length: 200 }, (_, index) => index + 2),
      );
      const { messages } = await timeline.messages(principal, thread.id, { after: 0, limit: 500 });
      expect(messages.map(({ position }) => position)).toEqual(Array.from({ length: 201 }, (_, index) => index + 1));
    });

    test("refuses to change, delete or truncate messages", async () => {
      const database = databaseOf();
      const { messages } = await timelineOf().open({ principal: somebody(), mode: "open", messages: [said("stays")] });
      const id = messages[0]!.id;
      await expect(database.query("update messages set content = 'gone' where id = $1", [id])).rejects.toThrow(
        /append-only/,
      );
      await expect(database.query("delete from messages where id = $1", [id])).rejects.toThrow(/append-only/);
      await expect(database.query("truncate messages cascade")).rejects.toThrow(/append-only/);
      expect(await database.query("select content from messages where id = $1", [id])).toEqual([{ content: "stays" }]);
    });

    test("treats another's thread, an unknown one and a malformed id alike", async () => {
      const timeline = timelineOf();
      const [ada, eve] = [somebody(), somebody()];
      const { thread } = await timeline.open({ principal: ada, mode: "open", messages: [said("mine")] });
      for (const id of [thread.id, randomUUID(), "no-uuid", "", `${thread.id}'`]) {
        await expect(timeline.thread(eve, id)).rejects.toMatchObject(sameNotFound);
        await expect(timeline.messages(eve, id, { after: 0, limit: 5 })).rejects.toMatchObject(sameNotFound);
        await expect(timeline.latest(eve, id, 5)).rejects.toMatchObject(sameNotFound);
        await expect(timeline.receipts(eve, id, 5)).rejects.toMatchObject(sameNotFound);
        for (const mode of ["open", "confidential"] as const) {
          await expect(
            timeline.open({ principal: eve, threadId: id, mode, messages: [said("hi")] }),
          ).rejects.toMatchObject(sameNotFound);
        }
      }
      expect((await timeline.thread(ada, thread.id)).lastPosition).toBe(1);
      expect((await timeline.thread(ada, thread.id)).mode).toBe("open");
    });

    test("writes one event with ids only for the messages of one call", async () => {
      const principal = somebody();
      const { thread, messages } = await timelineOf().open({
        principal,
        mode: "open",
        messages: [said("secret words"), said("more")],
      });
      const events = await databaseOf().query<{ event_type: string; payload: object; status: string }>(
        "select event_type, payload, status from outbox where aggregate_type = 'thread' and aggregate_id = $1 order by sequence",
        [thread.id],
      );
      expect(events.map(({ status }) => status)).toEqual(["pending"]);
      expect(events[0]!.event_type).toBe(`message.created.${encodeURIComponent(thread.channelId)}`);
      const schema = subjects["message.created.{channel}"].strict();
      expect(schema.parse(events[0]!.payload)).toMatchObject({
        message_id: messages[0]!.id,
        position: 1,
        count: 2,
        role: "user",
        scope_key: `user:${principal.id}`,
        mode: "open",
      });
    });

    test("closes a query with its answer, log row and receipt in one transaction", async () => {
      const timeline = timelineOf();
      const principal = somebody();
      const { thread } = await timeline.open({ principal, mode: "open", messages: [said("question")] });
      const log = logOf(thread);
      const [answer] = await timeline.close({
        thread,
        messages: [{ role: "assistant", author: "athena", content: "answer" }],
        log,
      });
      expect(answer).toMatchObject({ position: 2, role: "assistant", content: "answer", meta: {} });
      const [row] = await databaseOf().query("select * from query_logs where id = $1", [log.id]);
      expect(row).toMatchObject({
        thread_id: thread.id,
        tokens_in: 12,
        tokens_out: 34,
        response_ms: 5.25,
        calls: log.calls,
        intents: log.intents,
      });
      const receipts = await timeline.receipts(principal, thread.id, 5);
      expect(receipts).toEqual([
        { queryId: log.id, createdAt: expect.any(String), egress: "full", lines: log.receipt },
      ]);

      const failing = logOf(thread, { mode: "neither" as never });
      const messages: NewMessage[] = [{ role: "assistant", author: "athena", content: "never" }];
      await expect(timeline.close({ thread, messages, log: failing })).rejects.toThrow();
      expect((await timeline.thread(principal, thread.id)).lastPosition).toBe(2);
    });

    test("pages messages by position and threads from the newest", async () => {
      const timeline = timelineOf();
      const principal = somebody();
      const ids: string[] = [];
      for (let index = 0; index < 5; index += 1) {
        const messages = Array.from({ length: 3 }, (_, at) => said(`${index}.${at}`));
        ids.unshift(
          (await timeline.open({ principal, mode: index % 2 ? "confidential" : "open", messages })).thread.id,
        );
      }
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await timeline.threads(principal, { limit: 2, ...(after === undefined ? {} : { after }) });
        seen.push(...page.threads.map(({ id }) => id));
        after = page.nextAfter;
      } while (after !== undefined);
      expect(seen).toEqual(ids);
      const first = await timeline.messages(principal, ids[0]!, { after: 0, limit: 2 });
      expect([first.messages.map(({ position }) => position), first.nextAfter]).toEqual([[1, 2], 2]);
      const second = await timeline.messages(principal, ids[0]!, { after: 2, limit: 2 });
      expect([second.messages.map(({ content }) => content), second.nextAfter]).toEqual([["4.2"], undefined]);
      expect((await timeline.messages(principal, ids[0]!, { after: 3, limit: 2 })).messages).toEqual([]);
      expect((await timeline.latest(principal, ids[1]!, 2)).map(({ content }) => content)).toEqual(["3.1", "3.2"]);
      expect((await timeline.threads(somebody(), { limit: 2, after: ids[0]! })).threads).toEqual([]);
      await expect(timeline.threads(principal, { limit: 2, after: "x" })).rejects.toMatchObject({
        code: "INVALID_INPUT",
        field: "after",
      });
    });

    test.each(["open", "confidential"] as const)(
      "keeps any text in %s mode, save what PostgreSQL refuses",
      async (mode) => {
        const timeline = timelineOf();
        const principal = somebody();
        const anyText = fc.string({
          unit: fc.oneof(
            fc.string({ minLength: 1, maxLength: 3, unit: "binary" }),
            fc.constantFrom("\u0000", "\ud800", "\udfff", "\\u0000", "\\", '"'),
          ),
        });
        await fc.assert(
          fc.asyncProperty(anyText, anyText, fc.jsonValue(), async (content, key, value) => {
            const meta = { [`k${key}`]: { nested: [key, value] } };
            const { thread, messages } = await timeline.open({
              principal,
              mode,
              meta,
              messages: [{ role: "user", author: `a${key}`, content, meta }],
            });
            expect(messages[0]!.content).toBe(storableText(content));
            expect(messages[0]!.content).not.toMatch(/\0/);
            expect(messages[0]!.content.isWellFormed()).toBe(true);
            const { messages: read } = await timeline.messages(principal, thread.id, { after: 0, limit: 5 });
            expect(read).toEqual(messages);
            expect(await timeline.thread(principal, thread.id)).toEqual(thread);
          }),
          { numRuns: 25 },
        );
      },
    );

    test("stores a megabyte of distinct words", async () => {
      const timeline = timelineOf();
      const content = Array.from({ length: 200_000 }, (_, index) => index.toString(36)).join(" ");
      const { thread } = await timeline.open({ principal: somebody(), mode: "open", messages: [said(content)] });
      expect(thread.lastPosition).toBe(1);
    });
  });
};
