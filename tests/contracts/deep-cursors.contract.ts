import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { readAtlasStatus } from "../../atlas/atlas-status.ts";
import { checkCores } from "../../atlas/deep/check-cores.ts";
import type { SyncChange } from "../../atlas/deep/sync-page.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import type { NewMessage } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import { deepSyncParts } from "../support/deep-sync-parts.ts";

const said = (author: string, content: string): NewMessage => ({ role: "user", author, content });

/** How far deep cores have come in the log of changes, each for itself, on whatever database. */
export const deepCursorsContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = (reader?: string) => deepSyncParts(databaseOf(), masterKeyOf(), reader);

  describe("cores that pull the log", () => {
    test("says how far a core is behind, in changes and seconds", async () => {
      const { timeline, follower, edge, reader, pullAll, pull, now, principal } = partsOf();
      const cursor = await now();
      await pull(cursor);
      expect(await edge.lag(reader)).toMatchObject({ changes: 0, seconds: 0 });
      await timeline.open({ principal, mode: "open", messages: [said("ada", "x"), said("ada", "y")] });
      await follower.catchUp();
      await delay(20);
      const behind = await edge.lag(reader);
      expect(behind.changes).toBe(2);
      expect(behind.seconds).toBeGreaterThan(0.01);
      await pull((await pullAll(cursor)).cursor);
      expect(await edge.lag(reader)).toMatchObject({ changes: 0, seconds: 0 });
      expect((await edge.lag(`nobody-${randomUUID()}`)).askedAt).toBeUndefined();
    });

    test("counts what the log does not hold yet: messages, edits, documents, and the age of the oldest", async () => {
      const { database, timeline, changes, documents, follower, edge, reader, pull, pullAll, now, principal } =
        partsOf();
      const { thread, messages } = await timeline.open({
        principal,
        mode: "open",
        messages: [said(principal.id, "one")],
      });
      const cursor = await now();
      await pull(cursor);
      await timeline.open({
        principal,
        threadId: thread.id,
        mode: "open",
        messages: [said("ada", "x"), said("ada", "y")],
      });
      await delay(50);
      const unseen = await edge.lag(reader);
      expect(unseen.changes).toBe(2);
      expect(unseen.seconds).toBeGreaterThan(0.04);
      await changes.edit({ principal, threadId: thread.id, messageId: messages[0]!.id, content: "better" });
      expect((await edge.lag(reader)).changes).toBe(3);
      const chunks = ["wombat", "numbat"].map((content) => ({ headingPath: [], content }));
      await documents(principal.id).store({ source: `${randomUUID()}.md`, service: undefined, title: "Book", chunks });
      expect((await edge.lag(reader)).changes).toBe(5);
      const { followers } = await readAtlasStatus(database, { configured: true, breaker: "closed" });
      expect(followers.find(({ name }) => name === "deep")).toMatchObject({
        threads: 1,
        messages: 2,
        revisions: 1,
        documents: 1,
        seconds: expect.any(Number),
      });
      await follower.catchUp();
      expect((await edge.lag(reader)).changes).toBe(5);
      await pull((await pullAll(cursor)).cursor);
      expect(await edge.lag(reader)).toMatchObject({ changes: 0, seconds: 0 });
      await timeline.open({ principal, threadId: thread.id, mode: "confidential", messages: [] });
      expect((await edge.lag(reader)).changes).toBe(1);
      await follower.catchUp();
    });

    test("does not take what is told about the past for a lag of years", async () => {
      const { timeline, edge, reader, pull, now, principal, follower } = partsOf();
      await pull(await now());
      const createdAt = "2019-01-01T00:00:00Z";
      await timeline.open({ principal, mode: "open", messages: [{ ...said("ada", "long ago"), createdAt }] });
      const { changes, seconds } = await edge.lag(reader);
      expect(changes).toBe(1);
      expect(seconds).toBeLessThan(60);
      await follower.catchUp();
    });

    test("tells when a core that follows has not come for ten minutes; one that is long gone is forgotten", async () => {
      const { database, edge, reader, pull, now } = partsOf();
      await pull(await now());
      expect((await checkCores(database)).cores).toBeGreaterThan(0);
      const away = (pause: string) =>
        database.query("update deep_readers set asked_at = now() - $2::interval where name = $1", [reader, pause]);
      await away("11 minutes");
      await expect(checkCores(database)).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
      await expect(checkCores(database)).rejects.toThrow(reader);
      await away("8 days");
      await checkCores(database);
      expect((await edge.lags()).map(({ name }) => name)).not.toContain(reader);
      expect((await edge.lag(reader)).askedAt).toBeUndefined();
    });

    test("keeps for each core how far it has come: none moves another, none skips and none is told twice", async () => {
      const quick = partsOf("quick");
      const slow = partsOf("slow.attic_2");
      const { timeline, changes, documents, follower, edge, principal } = quick;
      const [quickStart, slowStart] = [await quick.now(), await slow.now()];
      await Promise.all([quick.pull(quickStart), slow.pull(slowStart)]);
      const { thread, messages } = await timeline.open({
        principal,
        mode: "open",
        messages: ["a", "b", "c", "d", "e", "f"].map((content) => said(principal.id, content)),
      });
      const ids = messages.map(({ id }) => id);
      await follower.catchUp();
      const first = await quick.pullAll(quickStart, 2);
      expect(first.changes.map(({ id }) => id)).toEqual(ids);
      await quick.pull(first.cursor);
      const page = await slow.pull(slowStart, 2);
      await slow.pull(page.next, 1);
      const lagOf = async (name: string) => (await edge.lags()).find((lag) => lag.name === name)?.changes;
      expect([await lagOf("quick"), await lagOf("slow.attic_2")]).toEqual([0, 4]);
      expect((await edge.lag("quick")).seconds).toBe(0);
      expect((await edge.lag("slow.attic_2")).seconds).toBeGreaterThan(0);

      // One has held what is edited and deleted, the other has not seen it yet.
      await changes.edit({ principal, threadId: thread.id, messageId: ids[4]!, content: "better" });
      await changes.remove({ principal, threadId: thread.id, messageId: ids[0]! });
      const chunks = [{ headingPath: [], content: "wombat" }];
      await documents(principal.id).store({ source: `${randomUUID()}.md`, service: undefined, title: "Book", chunks });
      await follower.catchUp();
      expect([await lagOf("quick"), await lagOf("slow.attic_2")]).toEqual([3, 6]);
      const contents = (told: readonly SyncChange[]) =>
        told.map((change) => "content" in change && change.content).toSorted();
      const rest = [await quick.pullAll(first.cursor, 2), await slow.pullAll(page.next, 2)] as const;
      expect(contents(rest[0].changes)).toEqual(["better", null, "wombat"].toSorted());
      expect(contents(rest[1].changes)).toEqual(["better", "c", "d", "f", null, "wombat"].toSorted());
      await Promise.all([quick.pull(rest[0].cursor), slow.pull(rest[1].cursor)]);
      expect([await lagOf("quick"), await lagOf("slow.attic_2")]).toEqual([0, 0]);

      const { deep } = await readAtlasStatus(quick.database, { configured: true, breaker: "closed" });
      const told = deep.cores.filter(({ name }) => ["quick", "slow.attic_2"].includes(name));
      expect(told).toMatchObject([
        { name: "quick", lag_changes: 0, lag_seconds: 0, asked_at: expect.any(String) },
        { name: "slow.attic_2", lag_changes: 0, lag_seconds: 0 },
      ]);
    });

    test("a core that was forgotten goes on where it was", async () => {
      const { database, timeline, follower, reader, pull, pullAll, now, principal } = partsOf();
      const cursor = await now();
      await pull(cursor);
      await database.query("update deep_readers set asked_at = now() - interval '8 days' where name = $1", [reader]);
      await checkCores(database);
      expect(await database.query("select from deep_readers where name = $1", [reader])).toEqual([]);
      await timeline.open({ principal, mode: "open", messages: [said("ada", "while it was away")] });
      await follower.catchUp();
      expect((await pullAll(cursor)).changes).toMatchObject([{ content: "while it was away" }]);
    });
  });
};
