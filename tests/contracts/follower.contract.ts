import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { Changes } from "../../atlas/follow/changes.ts";
import { createFollower } from "../../atlas/follow/create-follower.ts";
import { followAgain } from "../../atlas/follow/follow-again.ts";
import { lockFollower } from "../../atlas/follow/lock-follower.ts";
import { readBacklog } from "../../atlas/follow/read-backlog.ts";
import { setBack } from "../../atlas/follow/set-back.ts";
import { reindexTexts } from "../../atlas/index/reindex-texts.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { somebody } from "../support/timeline-samples.ts";

/** Followers of the timeline and the documents, on whatever database. */
export const followerContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const timeline = createTimeline({ database, cipher });
    return { database, timeline, changes: createThreadChanges({ database, cipher }), principal: somebody() };
  };

  /** One document, which holds now this and now that. */
  const documentOf = (database: Database, principal: Principal) => {
    const source = `${randomUUID()}.md`;
    const store = async (content: string): Promise<string> => {
      const [row] = await database.query<{ answer: { id: string } }>("select document_store($1::jsonb) as answer", [
        JSON.stringify({
          principal: principal.id,
          scope: "personal",
          source,
          title: "T",
          content_hash: content,
          chunks: [{ heading_path: [], content }],
        }),
      ]);
      return row!.answer.id;
    };
    return { store };
  };

  /** A follower that keeps what it was told of one thread or document, as a small index of its own would. */
  const listening = (
    parents: readonly string[],
    {
      name = `listener-${randomUUID()}`,
      rules = "1",
      batch = 50,
      sweepMs = 30_000,
      fail = (): boolean => false,
      meanwhile = async () => {},
    } = {},
  ) => {
    const told: string[] = [];
    const renewals: (string | null)[] = [];
    const follower = createFollower<string[]>({
      name,
      database: databaseOf(),
      logger: { warn: () => undefined },
      rule: "scoped",
      rules,
      batch,
      sweepMs,
      renew: async (_connection, former) => void renewals.push(former),
      async prepare({ messages, chunks, goneParents }: Changes) {
        if (fail()) throw new Error("not now");
        const isAsked = [...messages.map(({ threadId }) => threadId), ...goneParents].some((id) =>
          parents.includes(id),
        );
        if (isAsked) await meanwhile();
        return [
          ...goneParents.filter((id) => parents.includes(id)).map(() => "gone"),
          ...messages
            .filter(({ threadId }) => parents.includes(threadId))
            .map(({ position, content }) => `${position} ${content ?? "-"}`),
          ...chunks.filter(({ documentId }) => parents.includes(documentId)).map(({ content }) => content),
        ];
      },
      apply: async (_connection, _changes, prepared) => void told.push(...prepared),
    });
    return { follower, told, renewals, name };
  };

  describe("a follower", () => {
    test("is told of every message once, in order, however small its steps are", async () => {
      const { timeline, principal } = partsOf();
      const messages = [1, 2, 3, 4, 5].map((n) => ({ role: "user" as const, author: "ada", content: `m${n}` }));
      const { thread } = await timeline.open({ principal, mode: "open", messages });
      const { follower, told } = listening([thread.id], { batch: 2 });
      await follower.catchUp();
      await follower.catchUp();
      expect(told).toEqual(["1 m1", "2 m2", "3 m3", "4 m4", "5 m5"]);
    });

    test("is told of edits and deletions, and of a thread that turned confidential", async () => {
      const { timeline, changes, principal } = partsOf();
      const { thread, messages } = await timeline.open({
        principal,
        mode: "open",
        messages: [
          { role: "user", author: principal.id, content: "first" },
          { role: "user", author: principal.id, content: "second" },
        ],
      });
      const { follower, told } = listening([thread.id]);
      await follower.catchUp();
      const [first, second] = messages.map(({ id }) => id);
      await changes.edit({ principal, threadId: thread.id, messageId: first!, content: "better" });
      await changes.remove({ principal, threadId: thread.id, messageId: second! });
      await follower.catchUp();
      expect(told.slice(2).sort()).toEqual(["1 better", "2 -"]);
      await timeline.open({ principal, threadId: thread.id, mode: "confidential", messages: [] });
      await follower.catchUp();
      await follower.catchUp();
      expect(told.slice(4)).toEqual(["gone"]);
    });

    test("reads only edits that are new to it, in small steps, however many there are", async () => {
      const { timeline, changes, principal } = partsOf();
      const messages = [1, 2, 3].map((n) => ({ role: "user" as const, author: principal.id, content: `m${n}` }));
      const { thread, messages: said } = await timeline.open({ principal, mode: "open", messages });
      const { follower, told } = listening([thread.id], { batch: 2 });
      await follower.catchUp();
      const edit = (index: number, content: string) =>
        changes.edit({ principal, threadId: thread.id, messageId: said[index]!.id, content });
      for (const content of ["a", "b", "c", "d", "e"]) await edit(0, content);
      await edit(1, "f");
      await edit(2, "g");
      await follower.catchUp();
      expect(told.slice(3)).toEqual(["1 e", "2 f", "3 g"]);
      await edit(2, "h");
      await follower.catchUp();
      expect(told.slice(6)).toEqual(["3 h"]);
    });

    test("has a backlog of what was said and edited since, until it follows", async () => {
      const { database, timeline, changes, principal } = partsOf();
      const messages = [1, 2].map((n) => ({ role: "user" as const, author: principal.id, content: `m${n}` }));
      const { thread, messages: said } = await timeline.open({ principal, mode: "open", messages });
      const { follower, name } = listening([thread.id]);
      const edit = (index: number, content: string) =>
        changes.edit({ principal, threadId: thread.id, messageId: said[index]!.id, content });
      // Of other threads too: a revision's number says nothing of how many a thread has.
      const other = await timeline.open({ principal, mode: "open", messages: messages.slice(0, 1) });
      for (const content of ["x", "y", "z"]) {
        await changes.edit({ principal, threadId: other.thread.id, messageId: other.messages[0]!.id, content });
      }
      await edit(0, "a");
      await follower.catchUp();
      const nothing = { threads: 0, messages: 0, revisions: 0, documents: 0, changes: 0, seconds: 0 };
      expect(await readBacklog(database, name)).toEqual(nothing);
      for (const content of ["b", "c"]) await edit(1, content);
      await timeline.open({ principal, threadId: thread.id, mode: "open", messages: messages.slice(0, 1) });
      const backlog = await readBacklog(database, name);
      expect(backlog).toMatchObject({ threads: 1, messages: 1, revisions: 2, documents: 0, changes: 3 });
      expect(backlog.seconds).toBeGreaterThan(0);
      await follower.catchUp();
      expect(await readBacklog(database, name)).toEqual(nothing);
    });

    test("applies nothing of what was deleted while it was prepared", async () => {
      const { timeline, changes, principal } = partsOf();
      const messages = [{ role: "user" as const, author: principal.id, content: "regretted" }];
      const { thread, messages: said } = await timeline.open({ principal, mode: "open", messages });
      const address = { principal, threadId: thread.id, messageId: said[0]!.id };
      let deletions = 1;
      const meanwhile = async () => {
        if (deletions-- > 0) await changes.remove(address);
      };
      const { follower, told } = listening([thread.id], { meanwhile });
      await follower.catchUp();
      await follower.catchUp();
      expect(told).toEqual(["1 -"]);
    });

    test("tries again what failed, and loses nothing of it", async () => {
      const { timeline, principal } = partsOf();
      const { thread } = await timeline.open({
        principal,
        mode: "open",
        messages: [{ role: "user", author: "ada", content: "once" }],
      });
      let failures = 1;
      const { follower, told } = listening([thread.id], { fail: () => failures-- > 0 });
      await expect(follower.catchUp()).rejects.toThrow("not now");
      await follower.catchUp();
      expect(told).toEqual(["1 once"]);
    });

    test("of one name in several processes applies each message once", async () => {
      const { timeline, principal } = partsOf();
      const messages = Array.from({ length: 12 }, (_, n) => ({
        role: "user" as const,
        author: "ada",
        content: `m${n}`,
      }));
      const { thread } = await timeline.open({ principal, mode: "open", messages });
      const one = listening([thread.id], { batch: 3 });
      const other = listening([thread.id], { batch: 3, name: one.name });
      await Promise.all([one.follower.catchUp(), other.follower.catchUp()]);
      await one.follower.catchUp();
      expect([...one.told, ...other.told].sort()).toEqual(
        messages.map(({ content }, n) => `${n + 1} ${content}`).sort(),
      );
    });

    test("follows everything again when its rules change, and says what the former ones were", async () => {
      const { timeline, principal } = partsOf();
      const { thread } = await timeline.open({
        principal,
        mode: "open",
        messages: [{ role: "user", author: "ada", content: "again" }],
      });
      const old = listening([thread.id]);
      await old.follower.catchUp();
      const same = listening([thread.id], { name: old.name });
      await same.follower.catchUp();
      const renewed = listening([thread.id], { name: old.name, rules: "2" });
      await renewed.follower.catchUp();
      expect([old.renewals, same.renewals, renewed.renewals]).toEqual([[null], [], ["1 scoped"]]);
      expect([old.told, same.told, renewed.told]).toEqual([["1 again"], [], ["1 again"]]);
    });

    test("is told of documents when they are stored, changed and removed", async () => {
      const { database, principal } = partsOf();
      const { store } = documentOf(database, principal);
      const id = await store("old");
      const { follower, told } = listening([id]);
      await follower.catchUp();
      await store("new");
      await follower.catchUp();
      await database.query("delete from documents where id = $1", [id]);
      await follower.catchUp();
      await follower.catchUp();
      expect(told).toEqual(["gone", "old", "gone", "new", "gone"]);
    });

    test.each(["changed", "removed"])(
      "applies nothing of a document that was %s while it was prepared",
      async (how) => {
        const { database, principal } = partsOf();
        const { store } = documentOf(database, principal);
        const id = await store("old");
        let times = 1;
        const meanwhile = async () => {
          if (times-- <= 0) return;
          if (how === "changed") await store("new");
          else await database.query("delete from documents where id = $1", [id]);
        };
        const { follower, told } = listening([id], { meanwhile });
        await follower.catchUp();
        expect(told).toEqual(how === "changed" ? ["gone", "new"] : []);
      },
    );

    test("that was started follows what it is told of within moments", async () => {
      const { timeline, principal } = partsOf();
      const { thread } = await timeline.open({ principal, mode: "open", messages: [] });
      const { follower, told } = listening([thread.id]);
      follower.start();
      await timeline.open({
        principal,
        threadId: thread.id,
        mode: "open",
        messages: [{ role: "user", author: "ada", content: "now" }],
      });
      follower.hint(thread.id);
      await expect.poll(() => told, { timeout: 10_000 }).toEqual(["1 now"]);
      await follower.stop();
    });

    test("that is set back while a step of it is under way begins again all the same", async () => {
      const { database, timeline, principal } = partsOf();
      const messages = [{ role: "user" as const, author: "ada", content: "again" }];
      const { thread } = await timeline.open({ principal, mode: "open", messages });
      const indexer = { database, rule: "scoped", logger: { warn: () => undefined } } as const;
      await reindexTexts(indexer);
      let reindexing: Promise<unknown> | undefined;
      await database.transaction(async (connection) => {
        await lockFollower(connection, "text");
        reindexing = reindexTexts(indexer);
        await delay(300);
        const clear = "delete from text_items where parent = $1";
        await connection.query(clear, [thread.id]);
        await connection.query("update follower_cursors set position = 1 where follower = 'text' and thread_id = $1", [
          thread.id,
        ]);
      });
      await reindexing;
      const items = await database.query("select from text_items where parent = $1", [thread.id]);
      expect(items).toHaveLength(1);
    });

    test("that was started finds what other processes did at its next look, without a hint", async () => {
      const { database, timeline, changes, principal } = partsOf();
      const say = (content: string, threadId?: string) =>
        timeline.open({
          principal,
          mode: "open",
          messages: [{ role: "user", author: principal.id, content }],
          ...(threadId === undefined ? {} : { threadId }),
        });
      const { thread, messages } = await say("first");
      const document = randomUUID();
      const { follower, told, name } = listening([thread.id, document], { sweepMs: 50 });
      const expectTold = (...expected: string[]) =>
        expect
          .poll(() => told.splice(0, told.length >= expected.length ? told.length : 0), { timeout: 20_000 })
          .toEqual(expected);
      follower.start();
      try {
        await expectTold("1 first");
        await say("second", thread.id);
        await expectTold("2 second");
        // What a relay has published meanwhile is found too.
        await database.transaction(async (connection) => {
          await connection.query("update threads set last_position = 3 where id = $1", [thread.id]);
          await connection.query(
            `insert into messages (id, thread_id, position, role, author, owner, scope_key, content)
             select gen_random_uuid(), id, 3, 'user', owner, owner, scope_key, 'third' from threads where id = $1`,
            [thread.id],
          );
          await connection.query(
            `insert into outbox (aggregate_type, aggregate_id, event_type, payload, status, published_at)
             values ('thread', $1, 'none', '{}', 'published', now())`,
            [thread.id],
          );
        });
        await expectTold("3 third");
        await changes.edit({ principal, threadId: thread.id, messageId: messages[0]!.id, content: "better" });
        await expectTold("1 better");
        await database.query(
          `with stored as (
             insert into documents (id, source, scope_key, owner, title, content_hash) values ($1, $2, $2, $2, 'T', 'h')
           ) insert into document_chunks (document_id, position, scope_key, content) values ($1, 1, $2, 'chunk')`,
          [document, `user:${principal.id}`],
        );
        await expectTold("gone", "chunk");
        await database.query("delete from documents where id = $1", [document]);
        await expectTold("gone");
        await database.transaction(async (connection) => {
          await setBack(connection, name);
          await connection.query("update follower_cursors set position = 2 where follower = $1 and thread_id = $2", [
            name,
            thread.id,
          ]);
        });
        await expectTold("3 third");
        await timeline.open({ principal, threadId: thread.id, mode: "confidential", messages: [] });
        await expectTold("gone");
      } finally {
        await follower.stop();
      }
    });

    test("reads the whole history again when it is told to, once for a key, and what left the index stays out", async () => {
      const { database, timeline, principal } = partsOf();
      const say = (content: string) =>
        timeline.open({ principal, mode: "open", messages: [{ role: "user", author: "ada", content }] });
      const [kept, closed] = [await say("kept"), await say("closed")];
      const { follower, told } = listening([kept.thread.id, closed.thread.id]);
      await follower.catchUp();
      const { signal } = new AbortController();
      await timeline.open({ principal, threadId: closed.thread.id, mode: "confidential", messages: [] });
      told.length = 0;
      await followAgain(database, follower, "one", signal);
      expect(told.sort()).toEqual(["1 kept", "gone"]);
      await followAgain(database, follower, "one", signal);
      expect(told).toHaveLength(2);
      await followAgain(database, follower, "two", signal);
      expect(told.slice(2)).toEqual(["1 kept"]);
    });
  });
};
