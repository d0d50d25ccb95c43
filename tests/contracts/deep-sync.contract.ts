import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createDeepEdge } from "../../atlas/deep/deep-edge.ts";
import { readSyncPage } from "../../atlas/deep/read-sync-page.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import type { NewMessage } from "../../atlas/timeline.ts";
import type { Database, Queryable } from "../../platform/db/database.ts";
import { deepSyncParts } from "../support/deep-sync-parts.ts";

const said = (author: string, content: string): NewMessage => ({ role: "user", author, content });
const never = () => false;

/** What deep cores pull: the log of changes, on whatever database. */
export const deepSyncContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = (reader?: string) => deepSyncParts(databaseOf(), masterKeyOf(), reader);

  describe("the log that deep cores pull", () => {
    test("gives new messages in order, page by page, each with its scope and text", async () => {
      const { timeline, follower, pullAll, now, principal } = partsOf();
      const cursor = await now();
      const messages = ["a", "b", "c", "d", "e"].map((content) => said("ada", content));
      const { thread } = await timeline.open({ principal, mode: "open", messages });
      await follower.catchUp();
      const { changes, cursor: next } = await pullAll(cursor, 2);
      expect(changes.map((change) => change.kind === "message" && change.content)).toEqual(["a", "b", "c", "d", "e"]);
      expect(changes[0]).toMatchObject({
        kind: "message",
        thread_id: thread.id,
        scope_key: `user:${principal.id}`,
        role: "user",
        author: "ada",
      });
      expect((await pullAll(next)).changes).toEqual([]);
    });

    test("gives the same page for the same cursor, however often it is asked for", async () => {
      const { timeline, follower, pull, now, principal } = partsOf();
      const cursor = await now();
      await timeline.open({ principal, mode: "open", messages: [said("ada", "one"), said("ada", "two")] });
      await follower.catchUp();
      expect(await pull(cursor, 1)).toEqual(await pull(cursor, 1));
    });

    test("reads of long texts only those that fit a page, and the first however long it is", async () => {
      const { timeline, follower, pullAll, now, principal, database } = partsOf();
      const cursor = await now();
      const long = "ü".repeat(150_000);
      const messages = [1, 2, 3, 4, 5].map((n) => said("ada", `${n} ${long}`));
      const { thread } = await timeline.open({ principal, mode: "open", messages: messages.slice(0, 3) });
      await timeline.open({ principal, threadId: thread.id, mode: "open", messages: messages.slice(3) });
      await follower.catchUp();
      const read: number[] = [];
      const watched: Queryable = {
        async query<Row extends object>(sql: string, values?: readonly unknown[], name?: string) {
          const rows = await database.query<Row>(sql, values, name);
          if (name === "deep_page") read.push(rows.length);
          return rows;
        },
      };
      const page = await readSyncPage(watched, { after: cursor, limit: 200, rule: "scoped" });
      expect(page).toMatchObject({ more: true, changes: [{}, {}, {}] });
      expect(read).toEqual([3]);
      const { changes } = await pullAll(cursor);
      expect(changes.map((change) => "content" in change && change.content?.slice(0, 1))).toEqual([..."12345"]);
    });

    test("gives edits with their new text and deletions without one", async () => {
      const { timeline, changes, follower, pullAll, now, principal } = partsOf();
      const { thread, messages } = await timeline.open({
        principal,
        mode: "open",
        messages: [said(principal.id, "first"), said(principal.id, "second")],
      });
      const [first, second] = messages.map(({ id }) => id) as [string, string];
      const cursor = await now();
      await changes.edit({ principal, threadId: thread.id, messageId: first, content: "better" });
      await changes.remove({ principal, threadId: thread.id, messageId: second });
      await follower.catchUp();
      const pulled = await pullAll(cursor);
      expect(new Map(pulled.changes.map((change) => [change.id, "content" in change && change.content]))).toEqual(
        new Map([
          [first, "better"],
          [second, null],
        ]),
      );
    });

    test("tells once that a thread turned confidential, and never again what was said in it", async () => {
      const { timeline, follower, pullAll, pull, now, principal } = partsOf();
      const start = await now();
      const { thread } = await timeline.open({ principal, mode: "open", messages: [said("ada", "quokka in clear")] });
      await timeline.open({ principal, mode: "confidential", messages: [said("ada", "quokka in secret")] });
      await follower.catchUp();
      const { cursor } = await pullAll(start);
      await timeline.open({
        principal,
        threadId: thread.id,
        mode: "confidential",
        messages: [said("ada", "quokka later")],
      });
      // The log does not know yet; the text is withheld all the same.
      expect(JSON.stringify(await pull(start))).not.toContain("quokka");
      await follower.catchUp();
      await follower.catchUp();
      expect((await pullAll(cursor)).changes).toEqual([
        { kind: "gone", id: thread.id, scope_key: `user:${principal.id}` },
      ]);
      expect(JSON.stringify((await pullAll(start)).changes)).not.toContain("quokka");
    });

    test("gives chunks of documents, and tells when a document changed or is gone", async () => {
      const { database, documents, follower, pullAll, now, principal } = partsOf();
      const target = documents(principal.id);
      const cursor = await now();
      const document = { source: `${randomUUID()}.md`, service: undefined, title: "Handbook" };
      const chunks = (...contents: string[]) => contents.map((content) => ({ headingPath: ["Part"], content }));
      await target.store({ ...document, chunks: chunks("wombat", "numbat") });
      await follower.catchUp();
      const first = await pullAll(cursor);
      expect(first.changes).toMatchObject([
        { kind: "chunk", title: "Handbook", heading_path: ["Part"], content: "wombat" },
        { kind: "chunk", content: "numbat" },
      ]);
      await target.store({ ...document, chunks: chunks("bilby") });
      await follower.catchUp();
      const second = await pullAll(first.cursor);
      expect(second.changes).toMatchObject([{ kind: "gone" }, { kind: "chunk", content: "bilby" }]);
      await database.query("delete from documents where source = $1", [document.source]);
      await follower.catchUp();
      const third = await pullAll(second.cursor);
      expect(third.changes).toEqual([{ kind: "gone", id: second.changes[0]!.id, scope_key: `user:${principal.id}` }]);
    });

    test("leaves out what may not be indexed", async () => {
      const { timeline, follower, pullAll, now, principal, database } = partsOf();
      const cursor = await now();
      await timeline.open({
        principal,
        mode: "open",
        messages: [{ role: "system", author: "client", content: "You are kind" }],
      });
      await timeline.open({ principal, mode: "open", messages: [said("ada", "personal")] });
      await follower.catchUp();
      expect((await pullAll(cursor)).changes).toHaveLength(1);
      const strict = createDeepEdge({ database, rule: "public" });
      const page = await strict.pull({ reader: "strict", after: cursor, limit: 9, waitMs: 0, ended: never });
      expect(page.changes).toMatchObject([{ kind: "message", content: null }]);
    });

    test("never skips what a slow transaction commits after later ones were pulled", async () => {
      const { timeline, follower, pullAll, now, principal, database } = partsOf();
      if (database.kind === "embedded") return; // one transaction at a time there
      const start = await now();
      const slow = await timeline.open({ principal, mode: "open", messages: [] });
      const expected = new Set<string>();
      const gate = Promise.withResolvers<void>();
      const written = Promise.withResolvers<void>();
      // A writer of its own, which holds its transaction open while others commit.
      const late = database.transaction(async (connection) => {
        const id = randomUUID();
        expected.add(id);
        await connection.query(
          `select timeline_advance(t.id, $2, $2, null, 'message.created.x', $3::jsonb) from threads t where t.id = $1`,
          [slow.thread.id, principal.id, JSON.stringify([{ id, role: "user", author: "ada", content: "late" }])],
        );
        written.resolve();
        await gate.promise;
      });
      await written.promise;
      let cursor = start;
      const seen: string[] = [];
      let writing = true;
      const reading = (async () => {
        while (writing) {
          await follower.catchUp();
          const pulled = await pullAll(cursor, 7);
          seen.push(...pulled.changes.map(({ id }) => id));
          cursor = pulled.cursor;
        }
      })();
      await Promise.all(
        Array.from({ length: 6 }, async (_, writer) => {
          const { thread } = await timeline.open({ principal, mode: "open", messages: [] });
          for (let turn = 0; turn < 8; turn += 1) {
            const texts = Array.from({ length: 3 }, (_, index) => said("ada", `${writer} ${turn} ${index}`));
            const { messages } = await timeline.open({ principal, threadId: thread.id, mode: "open", messages: texts });
            for (const { id } of messages) expected.add(id);
            await delay(Math.random() * 10);
          }
        }),
      );
      gate.resolve();
      await late;
      writing = false;
      await reading;
      await follower.catchUp();
      seen.push(...(await pullAll(cursor)).changes.map(({ id }) => id));
      expect(new Set(seen)).toEqual(expected);
      expect(seen).toHaveLength(expected.size);
    });

    test("begins anew for a cursor of another log or beyond its end", async () => {
      const { edge, reader, timeline, principal, pull, now } = partsOf();
      await timeline.open({ principal, mode: "open", messages: [said("ada", "something")] });
      const cursor = await now();
      expect((await pull(cursor)).reset).toBe(false);
      expect((await edge.lag(reader)).changes).toBe(0);
      expect((await pull(`${randomUUID()}.1`)).reset).toBe(true);
      expect((await pull(cursor.replace(/\d+$/, "999999999999"))).reset).toBe(true);
      expect((await edge.lag(reader)).changes).toBeGreaterThan(0);
    });

    test("answers as soon as something changes while a pull waits", async () => {
      const { timeline, follower, edge, reader, now, principal } = partsOf();
      const after = await now();
      const waiting = edge.pull({ reader, after, limit: 9, waitMs: 20_000, ended: never });
      await timeline.open({ principal, mode: "open", messages: [said("ada", "news")] });
      await follower.catchUp();
      expect((await waiting).changes).toMatchObject([{ content: "news" }]);
      let left = false;
      const gone = edge.pull({ reader, after: (await waiting).next, limit: 9, waitMs: 20_000, ended: () => left });
      left = true;
      expect((await gone).changes).toEqual([]);
    });
  });
};
