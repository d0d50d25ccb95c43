import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { MasterKey } from "../../atlas/master-key.ts";
import type { Database } from "../../platform/db/database.ts";
import { createIdempotencyStore } from "../../platform/policy/idempotency.ts";
import { everythingStored } from "../support/everything-stored.ts";

/** Idempotency keys, on whatever database. */
export const idempotencyContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const storeOf = (times: { staleAfterMs?: number; keepMs?: number; isAlone?: boolean } = {}) =>
    createIdempotencyStore({
      database: databaseOf(),
      box: masterKeyOf().box("idempotency"),
      mac: masterKeyOf().mac("idempotency"),
      ...times,
    });
  const age = (key: string, seconds: number) =>
    databaseOf().query("update idempotency_keys set started_at = now() - make_interval(secs => $2) where key = $1", [
      key,
      seconds,
    ]);

  describe("idempotency", () => {
    test("what a dead process left running is free at once where no other works, but for calls of tools", async () => {
      const key = randomUUID();
      const scopes = ["key:ada", "tool:mail:ada"];
      for (const scope of scopes) await storeOf().begin(scope, key, "hash");
      const alone = storeOf({ isAlone: true });
      const states = await Promise.all(scopes.map((scope) => alone.begin(scope, key, "hash")));
      expect(states.map(({ state }) => state)).toEqual(["fresh", "running"]);
      expect(await alone.begin("key:ada", key, "hash")).toEqual({ state: "running" });
    });

    test("gives exactly one of 20 concurrent requests the work and the others its answer afterwards", async () => {
      const stores = [storeOf(), storeOf()];
      const key = randomUUID();
      const states = await Promise.all(
        Array.from({ length: 20 }, (_, index) => stores[index % 2]!.begin("key:ada", key, "hash")),
      );
      expect(states.filter(({ state }) => state === "fresh")).toHaveLength(1);
      expect(states.filter(({ state }) => state === "running")).toHaveLength(19);
      const owner = stores[states.findIndex(({ state }) => state === "fresh") % 2]!;
      const body = { answer: "zażółć \u0000 \ud800", list: [1, null] };
      await owner.finish("key:ada", key, 201, body);
      expect(await storeOf().begin("key:ada", key, "hash")).toEqual({ state: "replay", status: 201, body });
      expect(await storeOf().begin("key:ada", key, "other")).toEqual({ state: "mismatch" });
    });

    test("keeps scopes apart and stores answers encrypted", async () => {
      const store = storeOf();
      const [key, marker] = [randomUUID(), `answer${randomUUID().slice(0, 8)}`];
      expect(await store.begin("key:ada", key, "h")).toEqual({ state: "fresh" });
      await store.finish("key:ada", key, 200, { marker });
      expect(await store.begin("key:eve", key, "h")).toEqual({ state: "fresh" });
      expect(await everythingStored(databaseOf())).not.toContain(marker);
    });

    test("gives a key back after a failure", async () => {
      const store = storeOf();
      const key = randomUUID();
      await store.begin("s", key, "h");
      expect(await store.begin("s", key, "other")).toEqual({ state: "mismatch" });
      await store.abandon("s", key);
      expect(await store.begin("s", key, "other")).toEqual({ state: "fresh" });
      await store.finish("s", key, 200, null);
      await store.abandon("s", key);
      expect(await store.begin("s", key, "other")).toEqual({ state: "replay", status: 200, body: null });
    });

    test("takes over what a dead process left, and ignores its late answer", async () => {
      const [dead, alive] = [storeOf({ staleAfterMs: 60_000 }), storeOf({ staleAfterMs: 60_000 })];
      const key = randomUUID();
      await dead.begin("s", key, "h");
      await age(key, 59);
      expect(await alive.begin("s", key, "h")).toEqual({ state: "running" });
      await age(key, 61);
      expect(await alive.begin("s", key, "h")).toEqual({ state: "fresh" });
      await dead.finish("s", key, 200, "late");
      await dead.abandon("s", key);
      expect(await alive.begin("s", key, "h")).toEqual({ state: "running" });
      await alive.finish("s", key, 200, "good");
      expect(await dead.begin("s", key, "h")).toEqual({ state: "replay", status: 200, body: "good" });
    });

    test("takes over what is said to have come to nothing, running or failed, but no answer and no other body", async () => {
      const [dead, alive] = [storeOf(), storeOf()];
      const key = randomUUID();
      const again = (hash = "h") => alive.begin("tool:mail:ada", key, hash, { takeOver: true });
      await dead.begin("tool:mail:ada", key, "h");
      expect(await again("other")).toEqual({ state: "mismatch" });
      expect(await again()).toEqual({ state: "fresh" });
      await dead.finish("tool:mail:ada", key, 200, "late");
      await alive.finish("tool:mail:ada", key, 500, "failed");
      expect(await alive.begin("tool:mail:ada", key, "h")).toMatchObject({ state: "replay", status: 500 });
      expect(await again()).toEqual({ state: "fresh" });
      await alive.finish("tool:mail:ada", key, 200, "sent");
      expect(await again()).toEqual({ state: "replay", status: 200, body: "sent" });
    });

    test("forgets answers after the retention time", async () => {
      const key = randomUUID();
      const store = storeOf();
      await store.begin("s", key, "h");
      await store.finish("s", key, 200, "old");
      await age(key, 86_401);
      await storeOf().begin("s", randomUUID(), "h");
      expect(await databaseOf().query("select 1 from idempotency_keys where key = $1", [key])).toEqual([]);
    });
  });
};
