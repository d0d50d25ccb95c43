import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { runAthena } from "../support/run-command.ts";
import { jsonOf } from "../support/start-edge.ts";
import { until } from "../support/until.ts";

const coreKey = "the-key-of-the-deep-core";

describe("the state of the memory", () => {
  let engine: RunningEngine;
  const status = async () => jsonOf(await fetch(`${engine.url}/atlas/status`));

  beforeAll(async () => {
    // Nobody listens there: a core that is away.
    engine = await startEngine({ ATHENA_CORE_KEY: coreKey, ATHENA_CORE_URL: "http://127.0.0.1:9" });
    const thread = await jsonOf(await engine.post("/threads", {}));
    const messages = ["one", "two", "three"].map((content) => ({ role: "user", content }));
    await engine.post(`/threads/${thread.id}/append`, { since_position: 0, messages });
    await until(
      async () => (await status()).followers.every(({ messages }: { messages: number }) => messages === 0),
      15_000,
    );
  });
  afterAll(() => engine.close());

  test("counts what each layer holds and how far each index is", async () => {
    const { layers, followers } = await status();
    expect(layers).toMatchObject({ threads: 1, messages: 3, text: 3, deep: 3 });
    expect(followers.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(["deep", "text"]));
    for (const follower of followers) expect(follower).toMatchObject({ threads: 0, messages: 0, documents: 0 });
  });

  test("tells the lag of a core in changes and seconds, until it has acknowledged them", async () => {
    const before = await status();
    expect(before.deep).toMatchObject({ configured: true, lag_changes: 3, asked_at: null });
    expect(before.deep.lag_seconds).toBeGreaterThan(0);
    const pull = async (query: string) =>
      jsonOf(await fetch(`${engine.url}/atlas/sync${query}`, { headers: { authorization: `Bearer ${coreKey}` } }));
    const page = await pull("");
    expect((await status()).deep.lag_changes).toBe(3);
    await pull(`?after=${page.next}`);
    const after = await status();
    expect(after.deep).toMatchObject({ lag_changes: 0, lag_seconds: 0 });
    expect(Date.now() - Date.parse(after.deep.asked_at)).toBeLessThan(60_000);
    expect(after.deep.cores).toEqual([{ name: "core", lag_changes: 0, lag_seconds: 0, asked_at: expect.any(String) }]);
  });

  test("says whether the core is left alone, and that the engine is ready without it", async () => {
    expect((await status()).deep.breaker).toBe("closed");
    for (let times = 0; times < 3; times += 1) {
      await fetch(`${engine.url}/atlas/search?q=anything&deep=always`);
    }
    expect((await status()).deep.breaker).toBe("open");
    const ready = await fetch(`${engine.url}/ready`);
    expect(ready.status).toBe(200);
    const { status: state, dependencies } = await jsonOf(ready);
    expect(state).toBe("degraded");
    expect(dependencies).toContainEqual({ name: "core", kind: "external", state: "down" });
    const metrics = await (await fetch(`${engine.url}/metrics`)).text();
    expect(metrics).toMatch(/^atlas_deep_lag_changes\{core="core"\} \d+$/m);
    expect(metrics).toMatch(/^breaker_open\{name="deep"\} 1$/m);
  });

  test("is for administrators: a key of a person does not count whole tables", { timeout: 60_000 }, async () => {
    const keyed = await startEngine({ ATHENA_API_KEYS: "ada=ada-secret-of-sixteen" });
    try {
      const headers = { authorization: "Bearer ada-secret-of-sixteen" };
      const refused = await fetch(`${keyed.url}/atlas/status`, { headers });
      expect(refused.status).toBe(403);
      expect(await jsonOf(refused)).not.toHaveProperty("layers");
      expect((await fetch(`${keyed.url}/atlas/status`)).status).toBe(401);
    } finally {
      await keyed.close();
    }
  });

  test("is shown by a command, from the server that runs", async () => {
    const environment = { ATHENA_PORT: new URL(engine.url).port, ATHENA_DATA_DIR: engine.dataDir };
    const shown = await runAthena(["atlas", "status"], environment);
    expect(shown.stderr).toBe("");
    expect(shown.stdout).toMatch(/^messages +3$/m);
    expect(shown.stdout).toMatch(/^index deep +up to date$/m);
    expect(shown.stdout).toMatch(/^deep core +holds everything .*left alone/m);
    const sync = `${engine.url}/atlas/sync?reader=`;
    const headers = { authorization: `Bearer ${coreKey}` };
    for (const name of ["attic", "b%20c", "", "x".repeat(65), "%3Cb%3E"]) {
      expect((await fetch(`${sync}${name}`, { headers })).status).toBe(name === "attic" ? 200 : 400);
    }
    expect((await status()).deep.cores.map(({ name }: { name: string }) => name)).toEqual(["attic", "core"]);
    const both = await runAthena(["atlas", "status"], environment);
    expect(both.stdout).toMatch(/^deep core +holds everything/m);
    expect(both.stdout).toMatch(/^deep core attic +behind by 3 changes/m);
    expect(both.stdout).toMatch(/^deep search +.*left alone/m);
    const json = JSON.parse((await runAthena(["atlas", "status", "--json"], environment)).stdout);
    expect(json.layers.messages).toBe(3);
  });
});
