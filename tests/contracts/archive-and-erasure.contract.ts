import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { archiveMessages } from "../../atlas/archive-messages.ts";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { createIndexer } from "../../atlas/index/create-indexer.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createRecall } from "../../atlas/recall.ts";
import { createShredThreads } from "../../atlas/shred-threads.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { NewMessage } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import { createAudit } from "../../platform/events/audit.ts";
import { subjects } from "../../platform/events/subjects.ts";
import { everythingStored } from "../support/everything-stored.ts";
import { somebody } from "../support/timeline-samples.ts";

const old = "2020-01-02T03:04:05.000Z";
const said = (content: string, createdAt?: string): NewMessage => ({
  role: "user",
  author: "ada",
  content,
  ...(createdAt === undefined ? {} : { createdAt }),
});

/** What happens to messages after years, and to a person's who asks to be forgotten, on whatever database. */
export const archiveAndErasureContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    return {
      database,
      timeline: createTimeline({ database, cipher }),
      changes: createThreadChanges({ database, cipher }),
      recall: createRecall({ database, cipher }),
      audit: createAudit({ database }),
      shred: createShredThreads({ database, audit: createAudit({ database }), actor: "operator" }),
    };
  };
  const day = new Date("2021-01-01");

  describe("the archive", () => {
    test.each(["open", "confidential"] as const)(
      "takes old messages of a thread that is %s and leaves them readable, searchable and editable",
      async (mode) => {
        const { database, timeline, changes, recall } = partsOf();
        const principal = somebody();
        const thread = await changes.create({ principal, mode });
        const threadId = thread.id;
        const given = [said("the lynx hunts", old), said("a second one", old), said("and a new one")];
        await changes.append({ principal, threadId, sincePosition: 0, messages: given });
        const before = await timeline.messages(principal, threadId, { after: 0, limit: 9 });
        await changes.edit({ principal, threadId, messageId: before.messages[1]!.id, content: "the second one" });
        const edited = await timeline.messages(principal, threadId, { after: 0, limit: 9 });
        await createIndexer({ database, rule: "scoped", logger: { warn: () => undefined } }).catchUp();
        expect(await archiveMessages(database, day)).toBe(2);
        expect(await archiveMessages(database, day)).toBe(0);
        const tables = await database.query<{ hot: number; cold: number }>(
          `select (select count(*)::integer from messages where thread_id = $1) as hot,
             (select count(*)::integer from archived_messages where thread_id = $1) as cold`,
          [threadId],
        );
        expect(tables).toEqual([{ hot: 1, cold: 2 }]);

        expect(await timeline.messages(principal, threadId, { after: 0, limit: 9 })).toEqual(edited);
        expect(await timeline.messages(principal, threadId, { after: 1, limit: 1 })).toMatchObject({
          messages: edited.messages.slice(1, 2),
          nextAfter: 2,
        });
        expect(await timeline.latest(principal, threadId, 2)).toEqual(edited.messages.slice(1));
        const found = await recall({ principal, query: "lynx", threadId, limit: 5 });
        expect(found.map(({ content }) => content)).toEqual(["the lynx hunts"]);
        expect(await changes.append({ principal, threadId, sincePosition: 0, messages: given })).toMatchObject({
          state: "ok",
          added: 0,
        });
        const first = before.messages[0]!;
        await changes.edit({ principal, threadId, messageId: first.id, content: "the lynx rests" });
        await changes.append({ principal, threadId, sincePosition: 3, messages: [said("next")] });
        const now = await timeline.messages(principal, threadId, { after: 0, limit: 9 });
        expect(now.messages.map(({ position, content }) => [position, content])).toEqual([
          [1, "the lynx rests"],
          [2, "the second one"],
          [3, "and a new one"],
          [4, "next"],
        ]);
        expect((await changes.revisions({ principal, threadId, messageId: first.id }))[0]).toMatchObject({
          kind: "original",
          content: "the lynx hunts",
        });
      },
    );

    test("is append-only, and nothing leaves the messages that it does not hold equal", async () => {
      const { database, changes } = partsOf();
      const principal = somebody();
      const { id } = await changes.create({ principal });
      await changes.append({ principal, threadId: id, sincePosition: 0, messages: [said("kept", old), said("new")] });
      await archiveMessages(database, day);
      await expect(database.query("delete from archived_messages where thread_id = $1", [id])).rejects.toThrow(
        /append-only/,
      );
      await expect(
        database.query("update archived_messages set content = 'x' where thread_id = $1", [id]),
      ).rejects.toThrow(/append-only/);
      const forgeAndDelete = database.transaction(async (connection) => {
        await connection.query(
          `insert into archived_messages (id, thread_id, position, role, author, owner, scope_key, content, created_at)
           select id, thread_id, position, role, author, owner, scope_key, 'forged', created_at
           from messages where thread_id = $1`,
          [id],
        );
        await connection.query("delete from messages where thread_id = $1", [id]);
      });
      await expect(forgeAndDelete).rejects.toThrow(/append-only/);
    });

    test("is filled while others write, without a message lost or doubled", async () => {
      const { database, timeline, changes } = partsOf();
      const principal = somebody();
      const { id } = await changes.create({ principal });
      const write = async () => {
        for (let at = 0; at < 20; at += 1) {
          const messages = Array.from({ length: 5 }, (_, index) => said(`${at}.${index}`, old));
          await changes.append({ principal, threadId: id, sincePosition: at * 5, messages });
        }
      };
      let writing = true;
      const archiving = (async () => {
        while (writing) await archiveMessages(database, day);
      })();
      await write().finally(() => {
        writing = false;
      });
      await archiving;
      const { messages } = await timeline.messages(principal, id, { after: 0, limit: 500 });
      expect(messages.map(({ position }) => position)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    });
  });

  describe("erasure", () => {
    test("destroys a confidential thread's key with an audit record; nothing of it is readable, all else is", async () => {
      const { database, timeline, changes, recall, audit, shred } = partsOf();
      const principal = somebody();
      const clear = `clear${randomUUID().slice(0, 8)}`;
      const secret = `secret${randomUUID().slice(0, 8)}`;
      const { thread, messages: before } = await timeline.open({ principal, mode: "open", messages: [said(clear)] });
      const turned = await timeline.open({
        principal,
        threadId: thread.id,
        mode: "confidential",
        messages: [said(secret, old), said(`${secret} again`)],
      });
      const other = await timeline.open({ principal, mode: "confidential", messages: [said(`${secret} elsewhere`)] });
      const message = turned.messages[0]!.id;
      await changes.edit({ principal, threadId: thread.id, messageId: message, content: `${secret} edited` });
      await archiveMessages(database, day);
      await database.query(
        "insert into client_conversations (owner, profile, external_id, thread_id) values ($1, 'openai', 'x', $2)",
        [principal.id, thread.id],
      );

      expect(await shred.thread(thread.id)).toEqual({ threadId: thread.id, messages: 3, clear: 1 });
      await expect(shred.thread(thread.id)).rejects.toMatchObject({ code: "CONFLICT" });

      const fresh = partsOf();
      for (const { timeline: reader, changes: states } of [{ timeline, changes }, fresh]) {
        const { messages } = await reader.messages(principal, thread.id, { after: 0, limit: 9 });
        expect(messages.map(({ position, content, state }) => [position, content, state])).toEqual([
          [1, "", "deleted"],
          [2, "", "deleted"],
          [3, "", "deleted"],
        ]);
        expect(await reader.latest(principal, thread.id, 9)).toEqual([]);
        expect(await reader.thread(principal, thread.id)).toMatchObject({ meta: {}, lastPosition: 3 });
        const kept = await states.revisions({ principal, threadId: thread.id, messageId: message });
        expect(kept.map(({ kind, content }) => [kind, content])).toEqual([
          ["original", undefined],
          ["edit", undefined],
          ["tombstone", undefined],
        ]);
        // What was said in clear is hidden too, also from those who may read the states of others' messages.
        const spoken = { threadId: thread.id, messageId: before[0]!.id };
        const auditor = { ...principal, roles: ["user", "auditor"] };
        for (const reader of [principal, auditor]) {
          const earlier = await states.revisions({ principal: reader, ...spoken });
          expect(earlier.map(({ content }) => content)).toEqual([undefined, undefined]);
        }
      }
      for (const query of [clear, secret]) {
        const found = await recall({ principal, query, threadId: thread.id, limit: 9 });
        expect(found).toEqual([]);
      }
      const refused = { code: "CONFLICT", message: "This thread was erased; nothing can be added to it." };
      for (const mode of ["open", "confidential"] as const) {
        const opening = timeline.open({ principal, threadId: thread.id, mode, messages: [said("more")] });
        await expect(opening).rejects.toMatchObject(refused);
      }
      const appending = changes.append({ principal, threadId: thread.id, sincePosition: 3, messages: [said("more")] });
      await expect(appending).rejects.toMatchObject(refused);
      await expect(changes.remove({ principal, threadId: thread.id, messageId: message })).rejects.toMatchObject(
        refused,
      );

      expect((await timeline.latest(principal, other.thread.id, 5))[0]!.content).toBe(`${secret} elsewhere`);
      expect((await timeline.threads(principal, { limit: 5 })).threads.map(({ id }) => id)).toEqual([
        other.thread.id,
        thread.id,
      ]);
      expect(await everythingStored(database)).not.toContain(secret);
      const [row] = await database.query(
        `select wrapped_key, (select count(*)::integer from client_conversations where thread_id = t.id) as mapped
         from threads t where id = $1`,
        [thread.id],
      );
      expect(row).toEqual({ wrapped_key: null, mapped: 0 });
      const deleted = await database.query<{ payload: object }>(
        "select payload from outbox where aggregate_id = $1 and event_type like 'message.deleted.%' order by sequence",
        [thread.id],
      );
      const told = deleted.map(({ payload }) => subjects["message.deleted.{channel}"].strict().parse(payload));
      expect(told.map(({ position, revision }) => [position, revision])).toEqual([
        [1, 1],
        [2, 2],
        [3, 1],
      ]);
      const audits = await database.query("select actor, action, outcome, payload from audits where resource = $1", [
        `thread:${thread.id}`,
      ]);
      expect(audits).toEqual([
        {
          actor: "operator",
          action: "atlas.shred",
          outcome: "ok",
          payload: { owner: principal.id, messages: 3, clear: 1 },
        },
      ]);
      expect(await audit.verify()).toMatchObject({ ok: true });
    });

    test("takes all confidential threads of a person, and no others", async () => {
      const { timeline, shred } = partsOf();
      const [ada, bob] = [somebody(), somebody()];
      const open = await timeline.open({ principal: ada, mode: "open", messages: [said("open")] });
      const own = [];
      for (const text of ["one", "two"]) {
        own.push((await timeline.open({ principal: ada, mode: "confidential", messages: [said(text)] })).thread.id);
      }
      const bobs = await timeline.open({ principal: bob, mode: "confidential", messages: [said("bob's")] });
      expect((await shred.person(ada.id)).map(({ threadId }) => threadId)).toEqual(own);
      expect(await shred.person(ada.id)).toEqual([]);
      expect((await timeline.latest(ada, open.thread.id, 5))[0]!.content).toBe("open");
      expect((await timeline.latest(bob, bobs.thread.id, 5))[0]!.content).toBe("bob's");
      await expect(shred.thread(open.thread.id)).rejects.toMatchObject({ code: "CONFLICT" });
      await expect(shred.thread(randomUUID())).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(shred.thread("none")).rejects.toMatchObject({ code: "NOT_FOUND" });
    });
  });
};
