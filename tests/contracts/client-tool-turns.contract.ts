import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createClientToolTurns } from "../../atlas/client-tool-turns.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Database } from "../../platform/db/database.ts";
import { everythingStored } from "../support/everything-stored.ts";
import { somebody } from "../support/timeline-samples.ts";

/** Unfinished client-tool turns, on whatever database. */
export const clientToolTurnsContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const turnsOf = (keepMs?: number) =>
    createClientToolTurns<{ step: string }>({
      database: databaseOf(),
      masterKey: masterKeyOf(),
      ...(keepMs === undefined ? {} : { keepMs }),
    });
  const threadOf = async () => {
    const timeline = createTimeline({
      database: databaseOf(),
      cipher: createThreadCipher({ masterKey: masterKeyOf() }),
    });
    const { thread } = await timeline.open({
      principal: somebody(),
      mode: "open",
      messages: [{ role: "user", author: "ada", content: "go" }],
    });
    return { threadId: thread.id, principal: thread.owner };
  };

  describe("client-tool turns", () => {
    test("continue by any of their call ids, as often as a client retries", async () => {
      const turns = turnsOf();
      const thread = await threadOf();
      const callIds = [randomUUID(), `odd "id", {with} \\ marks`];
      await turns.save({ ...thread, callIds, fingerprint: "", state: { step: "one" } });
      for (const id of [callIds[0]!, callIds[1]!, callIds[0]!]) {
        expect(await turns.take(thread.principal, { callIds: ["unknown", id] })).toEqual({
          threadId: thread.threadId,
          state: { step: "one" },
        });
      }
      expect(await turns.take(thread.principal, { callIds: ["unknown"] })).toBeUndefined();
      expect(await turns.take(thread.principal, {})).toBeUndefined();
      expect(await turns.take("key:eve", { callIds })).toBeUndefined();
    });

    test("continue by fingerprint when ids are lost: the newest wins, an id before a fingerprint", async () => {
      const turns = turnsOf();
      const thread = await threadOf();
      await turns.save({ ...thread, callIds: ["a"], fingerprint: "f", state: { step: "older" } });
      await turns.save({ ...thread, callIds: ["b"], fingerprint: "f", state: { step: "newer" } });
      expect((await turns.take(thread.principal, { fingerprint: "f" }))?.state.step).toBe("newer");
      expect((await turns.take(thread.principal, { callIds: ["a"], fingerprint: "f" }))?.state.step).toBe("older");
      expect(await turns.take(thread.principal, { fingerprint: "" })).toBeUndefined();
    });

    test("expire, leave the table, and are stored encrypted", async () => {
      const thread = await threadOf();
      const marker = `state${randomUUID().slice(0, 8)}`;
      await turnsOf(0).save({ ...thread, callIds: ["x"], fingerprint: "", state: { step: marker } });
      expect(await everythingStored(databaseOf())).not.toContain(marker);
      expect(await turnsOf().take(thread.principal, { callIds: ["x"] })).toBeUndefined();
      await turnsOf().save({ ...thread, callIds: ["y"], fingerprint: "", state: { step: "next" } });
      const rows = await databaseOf().query("select call_ids from client_tool_turns where principal = $1", [
        thread.principal,
      ]);
      expect(rows).toEqual([{ call_ids: ["y"] }]);
    });
  });
};
