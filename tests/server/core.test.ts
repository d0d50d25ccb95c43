import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSettings } from "../../platform/config/settings.ts";
import { composeCore, type RunningCore } from "../../server/core/compose-core.ts";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { type QdrantServer, startQdrantServer } from "../support/qdrant-server.ts";
import { freePort } from "../support/server-process.ts";
import { jsonOf } from "../support/start-edge.ts";
import { until } from "../support/until.ts";

const coreKey = "the-key-of-the-deep-core";
const logger = pino({ level: "silent" });
const withKey = { authorization: `Bearer ${coreKey}` };

describe("a deep core beside an engine", () => {
  let engine: RunningEngine;
  let qdrant: QdrantServer;
  let core: RunningCore;
  let port: number;

  const settingsOf = (more: Record<string, string> = {}) =>
    loadSettings({ ATHENA_CORE_KEY: coreKey, ATHENA_EDGE_URL: engine.url, QDRANT_URL: qdrant.url, ...more });
  const startCore = () => composeCore(settingsOf(), logger, { host: "127.0.0.1", port });
  const say = async (...said: (string | { content: string; created_at: string })[]) => {
    const thread = await jsonOf(await engine.post("/threads", {}));
    const messages = said.map((message) => ({
      role: "user",
      ...(typeof message === "string" ? { content: message } : message),
    }));
    const appended = await jsonOf(await engine.post(`/threads/${thread.id}/append`, { since_position: 0, messages }));
    return { threadId: thread.id as string, ids: appended.messages.map(({ id }: { id: string }) => id) as string[] };
  };
  const healthOf = async (headers: Record<string, string>) => jsonOf(await fetch(`${core.url}/healthz`, { headers }));
  const holds = (count: number) =>
    until(async () => {
      const health = await healthOf(withKey);
      return health.vectors === count && health.sync.state === "following";
    }, 15_000);
  const searchCore = (body: unknown, headers: Record<string, string> = withKey, url = core.url) =>
    fetch(`${url}/atlas/deep/search`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const search = async (query: string, deep: string) =>
    jsonOf(await fetch(`${engine.url}/atlas/search?q=${encodeURIComponent(query)}&deep=${deep}`));

  beforeAll(async () => {
    [qdrant, port] = await Promise.all([startQdrantServer(), freePort()]);
    engine = await startEngine({ ATHENA_CORE_KEY: coreKey, ATHENA_CORE_URL: `http://127.0.0.1:${port}` });
    core = await startCore();
  });
  afterAll(async () => {
    await core.close();
    await engine.close();
    await qdrant.stop();
  });

  test("takes in what is said, follows edits and deletions, and forgets what turns confidential", async () => {
    const { threadId, ids } = await say("the axolotl regrows its legs", "the mole digs");
    const { threadId: other } = await say("the vole digs too");
    await holds(3);
    const find = async (query: string) =>
      (await jsonOf(await searchCore({ query, scope_keys: ["user:local"] }))).results.map(
        ({ id }: { id: string }) => id,
      );
    expect((await find("axolotl regrows legs"))[0]).toBe(ids[0]);
    const address = `${engine.url}/threads/${threadId}/messages`;
    await fetch(`${address}/${ids[0]}`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ content: "the salamander regrows its tail" }),
    });
    await fetch(`${address}/${ids[1]}`, { method: "DELETE" });
    await holds(2);
    expect((await find("salamander tail"))[0]).toBe(ids[0]);
    expect(await find("the mole digs")).not.toContain(ids[1]);
    await engine.post("/ai/query", { thread_id: other, sender: "local", text: "hello", mode: "confidential" });
    await until(async () => (await healthOf(withKey)).vectors === 1, 15_000);
    expect(qdrant.bodies.join()).not.toMatch(/axolotl|salamander|vole/);
  });

  test("helps recall: what it finds is read from the engine and named as its layer", async () => {
    // Too old for the engine's own vectors, and no word of the query is in it.
    const { ids } = await say({ content: "lighthouse", created_at: "2020-01-01T12:00:00Z" });
    await until(async () => {
      const { fragments } = await search("houseboats", "always");
      return fragments.some(({ id }: { id: string }) => id === ids[0]);
    }, 15_000);
    const { fragments, degraded } = await search("houseboats", "always");
    expect(degraded).toEqual([]);
    expect(fragments.find(({ id }: { id: string }) => id === ids[0])).toMatchObject({
      layer: "deep",
      content: "lighthouse",
    });
  });

  test("opens for its key only, takes bounded bodies, and says what is wrong with them", async () => {
    const body = { query: "x", scope_keys: ["user:local"] };
    expect((await searchCore(body, {})).status).toBe(401);
    expect((await searchCore(body, { authorization: "Bearer of-something-else" })).status).toBe(401);
    expect((await searchCore({ ...body, scope_keys: [] })).status).toBe(400);
    expect((await searchCore({ query: "x" })).status).toBe(400);
    expect((await searchCore({ ...body, limit: 1_000_000 })).status).toBe(400);
    expect((await searchCore({ ...body, query: "x".repeat(2_000_000) })).status).toBe(413);
    expect((await searchCore(body, { ...withKey, "content-type": "text/plain" })).status).toBe(415);
    const index = (changes: unknown) =>
      fetch(`${core.url}/atlas/deep/index`, {
        method: "POST",
        headers: { "content-type": "application/json", ...withKey },
        body: JSON.stringify({ changes }),
      });
    expect((await index([{ kind: "message", id: "no", scope_key: "public", content: "x" }])).status).toBe(400);
    expect((await index([])).status).toBe(400);
    expect((await fetch(`${core.url}/atlas/deep/search`)).status).toBe(405);
    expect((await fetch(`${core.url}/elsewhere`)).status).toBe(404);
  });

  test("indexes what it is given, once, however often it is given", async () => {
    const scope = `user:${randomUUID()}`;
    const change = {
      kind: "message",
      id: randomUUID(),
      thread_id: randomUUID(),
      scope_key: scope,
      content: "a capybara",
    };
    const index = (...changes: unknown[]) =>
      fetch(`${core.url}/atlas/deep/index`, {
        method: "POST",
        headers: { "content-type": "application/json", ...withKey },
        body: JSON.stringify({ changes }),
      });
    const before = qdrant.points("atlas_deep")!.length;
    for (let times = 0; times < 3; times += 1) expect((await index(change, change)).status).toBe(200);
    expect(qdrant.points("atlas_deep")!.length).toBe(before + 1);
    const found = async (keys: string[]) =>
      (await jsonOf(await searchCore({ query: "capybara", scope_keys: keys }))).results;
    expect(await found([scope])).toMatchObject([{ id: change.id }]);
    expect(await found(["user:somebody-else"])).toEqual([]);
    await index({ kind: "gone", id: change.thread_id, scope_key: scope });
    expect(await found([scope])).toEqual([]);
  });

  test("tells everybody whether it runs, and how much it holds with its key only; many who ask count once", async () => {
    await holds(qdrant.points("atlas_deep")!.length);
    expect(await healthOf({})).not.toHaveProperty("vectors");
    expect(await healthOf({ authorization: "Bearer of-something-else" })).not.toHaveProperty("vectors");
    const counts = () => qdrant.requests.filter((request) => request.endsWith("/points/count")).length;
    const before = counts();
    await Promise.all(Array.from({ length: 20 }, () => healthOf({})));
    expect(counts()).toBe(before);
    await Promise.all(Array.from({ length: 20 }, () => healthOf(withKey)));
    expect(counts()).toBeLessThanOrEqual(before + 1);
  });

  test("is one of several by its name: each takes in everything, and the engine tells how far each is", async () => {
    const otherQdrant = await startQdrantServer();
    expect(() => settingsOf({ ATHENA_CORE_NAME: "the attic" })).toThrow("ATHENA_CORE_NAME");
    const attic = await composeCore(settingsOf({ ATHENA_CORE_NAME: "attic", QDRANT_URL: otherQdrant.url }), logger, {
      host: "127.0.0.1",
      port: 0,
    });
    try {
      const { ids } = await say("the okapi hides");
      const finds = async ({ url }: RunningCore) => {
        const answer = await searchCore({ query: "okapi hides", scope_keys: ["user:local"] }, withKey, url);
        return answer.ok && (await jsonOf(answer)).results[0]?.id === ids[0];
      };
      await until(async () => (await finds(core)) && (await finds(attic)), 15_000);
      expect((await jsonOf(await fetch(`${attic.url}/healthz`))).name).toBe("attic");
      await until(async () => {
        const { cores } = (await jsonOf(await fetch(`${engine.url}/atlas/status`))).deep;
        const told = cores.map(({ name, lag_changes }: { name: string; lag_changes: number }) => [name, lag_changes]);
        return JSON.stringify(told) === '[["attic",0],["core",0]]';
      }, 15_000);
    } finally {
      await attic.close();
      await otherQdrant.stop();
    }
  });

  test("says that its store is away, and goes on where it was when it is back", async () => {
    qdrant.mode = "error";
    await until(async () => (await fetch(`${core.url}/healthz`)).status === 503, 20_000);
    const health = await fetch(`${core.url}/healthz`);
    expect((await jsonOf(health)).status).toBe("degraded");
    expect((await searchCore({ query: "x", scope_keys: ["public"] })).status).toBe(503);
    const { ids } = await say("said while the store was away: pangolin");
    await until(async () => (await jsonOf(await fetch(`${core.url}/healthz`))).sync.state === "waiting", 20_000);
    qdrant.mode = "ok";
    await until(async () => {
      const { results } = await jsonOf(await searchCore({ query: "pangolin store away", scope_keys: ["user:local"] }));
      return results.some(({ id }: { id: string }) => id === ids[0]);
    }, 20_000);
  });

  test("is not missed: without it a query is answered, and a line says that not all was searched", async () => {
    await core.close();
    await say("the numbat eats termites");
    const answer = await jsonOf(
      await engine.post("/ai/query", { sender: "local", text: "What did I ever tell you about the numbat?" }),
    );
    expect(answer.answer).toContain("the numbat eats termites");
    expect(answer.answer).toContain("Not all of the memory could be searched");
    expect(answer.degraded).toMatchObject([{ part: "deep" }]);
    core = await startCore();
    await until(async () => (await search("numbat", "always")).degraded.length === 0, 20_000);
  });
});

describe("a deep core with a database of its own", () => {
  test("keeps vectors and place in its folder, and needs the key to start", { timeout: 60_000 }, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "athena-core-"));
    const settings = (more: Record<string, string>) =>
      loadSettings({ ATHENA_DATA_DIR: dataDir, ATHENA_EDGE_URL: "http://127.0.0.1:9", ...more });
    const at = { host: "127.0.0.1", port: 0 };
    try {
      await expect(composeCore(settings({}), logger, at)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
      const change = {
        kind: "message",
        id: randomUUID(),
        thread_id: randomUUID(),
        scope_key: "public",
        content: "a wombat",
      };
      const call = (core: RunningCore, path: string, body: unknown) =>
        fetch(`${core.url}/atlas/deep/${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", ...withKey },
          body: JSON.stringify(body),
        });
      const first = await composeCore(settings({ ATHENA_CORE_KEY: coreKey }), logger, at);
      await until(async () => (await fetch(`${first.url}/healthz`)).ok, 20_000);
      expect((await call(first, "index", { changes: [change] })).status).toBe(200);
      await first.close();
      const second = await composeCore(settings({ ATHENA_CORE_KEY: coreKey }), logger, at);
      expect(second.store).toBe("postgres");
      await until(async () => {
        const answer = await call(second, "search", { query: "wombat", scope_keys: ["public"] });
        return answer.ok;
      }, 20_000);
      await second.close();
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
