import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { QdrantLayout } from "../../../atlas/core/qdrant-collections.ts";
import { createQdrantStore } from "../../../atlas/core/qdrant-store.ts";
import type { ScopedVectorStore } from "../../../atlas/core/scoped-vector-store.ts";
import type { VectorItem, VectorSpace } from "../../../atlas/vectors/vector-store.ts";
import { hashedEmbedding } from "../../../platform/models/hashed-embedding.ts";
import { type QdrantServer, startQdrantServer } from "../../support/qdrant-server.ts";

const space: VectorSpace = { id: 1, model: "test", dimension: 64 };
const vectorOf = (text: string) => hashedEmbedding(text, space.dimension);
const itemOf = (scopeKey: string, ...texts: string[]): VectorItem => ({
  id: randomUUID(),
  kind: "message",
  parent: randomUUID(),
  scopeKey,
  service: null,
  createdAt: new Date("2026-03-01T12:00:00Z"),
  lasting: true,
  vectors: texts.map(vectorOf),
});

describe("vectors in Qdrant", () => {
  let server: QdrantServer;
  const storeIn = (layout: QdrantLayout, more: { apiKey?: string; timeoutMs?: number; url?: string } = {}) =>
    createQdrantStore({ url: server.url, layout, collectionOf: () => "atlas_deep", ...more });
  const search = (store: ScopedVectorStore, scopeKeys: readonly string[], text: string, signal?: AbortSignal) =>
    store.search(space, {
      vector: vectorOf(text),
      scopeKeys,
      kinds: ["message", "chunk"],
      service: null,
      limit: 5,
      signal,
    });

  beforeAll(async () => {
    server = await startQdrantServer();
  });
  afterEach(async () => {
    server.mode = "ok";
    await storeIn("tenants").drop(space);
    await storeIn("collections").drop(space);
  });
  afterAll(() => server.stop());

  test("lie in one collection, where the scope is an indexed field of tenants that every search carries", async () => {
    const store = storeIn("tenants");
    await store.prepare(space);
    await store.upsert(space, [itemOf("user:ada", "tea"), itemOf("user:eve", "tea"), itemOf("public", "tea")]);
    expect(server.collections()).toEqual(["atlas_deep"]);
    expect(server.indexes("atlas_deep")["metadata.scope_key"]).toEqual({ type: "keyword", is_tenant: true });
    expect(await search(store, ["user:ada", "public"], "tea")).toHaveLength(2);
    expect(await search(store, [], "tea")).toEqual([]);
    const asked = server.bodies.filter((_, at) => server.requests[at] === "POST /collections/atlas_deep/points/query");
    expect(asked.length).toBeGreaterThan(0);
    for (const body of asked) {
      expect(JSON.parse(body).filter.must[0]).toEqual({
        key: "metadata.scope_key",
        match: { any: ["user:ada", "public"] },
      });
    }
  });

  test("lie in a collection for each scope, when the setting says so, however odd their names are", async () => {
    const store = storeIn("collections");
    await store.prepare(space);
    const odd = "user:key:ada/user:ü ../../";
    const items = ["user:ada", "team:crew", "public", odd].map((scope) => itemOf(scope, "tea"));
    await store.upsert(space, items);
    expect(server.collections().toSorted()).toEqual([
      "public_atlas_deep",
      "team_crew_atlas_deep",
      "user_ada_atlas_deep",
      expect.stringMatching(/^user_sha256-[0-9a-f]{32}_atlas_deep$/),
    ]);
    expect((await search(store, ["user:ada", "public", "team:nobody"], "tea")).map(({ id }) => id).toSorted()).toEqual(
      [items[0]!.id, items[2]!.id].toSorted(),
    );
    expect(await search(store, [odd], "tea")).toMatchObject([{ id: items[3]!.id }]);
    await store.remove(space, { items: [items[0]!.id], parents: [items[1]!.parent] });
    expect(await store.count(space)).toBe(2);
  });

  test("are the same points when they are put in again, and no content goes with them", async () => {
    const store = storeIn("tenants");
    const items = [itemOf("user:ada", "kumquat one", "kumquat two")];
    await store.upsert(space, items);
    const before = server.points("atlas_deep");
    await store.upsert(space, items);
    expect(server.points("atlas_deep")).toEqual(before);
    expect(before).toHaveLength(2);
    expect(server.bodies.join()).not.toContain("kumquat");
  });

  test("are made by two processes at once without a failure", async () => {
    await Promise.all([storeIn("tenants").prepare(space), storeIn("tenants").prepare(space)]);
    expect(server.collections()).toEqual(["atlas_deep"]);
  });

  test("come with notes that stay until they are replaced", async () => {
    const store = storeIn("tenants");
    const name = randomUUID();
    expect(await store.note(name)).toBeUndefined();
    await store.setNote(name, { cursor: "one" });
    await store.setNote(name, { cursor: "two" });
    expect(await storeIn("tenants").note(name)).toEqual({ cursor: "two" });
  });

  test.each(["error", "cut", "garbage", "other"] as const)(
    "are out of reach with one clear error while the server's answers are of kind %s",
    async (mode) => {
      const store = storeIn("tenants");
      await store.prepare(space);
      server.mode = mode;
      const calls = [
        () => search(store, ["user:ada"], "tea"),
        ...(mode === "other" ? [] : [() => store.upsert(space, [itemOf("user:ada", "tea")]), () => store.count(space)]),
      ];
      for (const call of calls) {
        const message = expect.stringMatching(
          /^The vector database (did not answer as it should|answered what nobody)/,
        );
        await expect(call()).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE", message });
      }
    },
  );

  test("are given up on after the time-out, or when the caller leaves", async () => {
    const patient = storeIn("tenants");
    await patient.prepare(space);
    const store = storeIn("tenants", { timeoutMs: 100 });
    server.mode = "slow";
    const started = performance.now();
    await expect(search(store, ["user:ada"], "tea")).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    const leaving = search(patient, ["user:ada"], "tea", AbortSignal.timeout(100));
    await expect(leaving).rejects.toMatchObject({ name: "TimeoutError" });
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  test("need the key, where the server asks for one", async () => {
    const guarded = await startQdrantServer({ apiKey: "secret-of-qdrant" });
    try {
      await storeIn("tenants", { url: guarded.url, apiKey: "secret-of-qdrant" }).prepare(space);
      const refused = storeIn("tenants", { url: guarded.url }).prepare(space);
      await expect(refused).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    } finally {
      await guarded.stop();
    }
  });
});
