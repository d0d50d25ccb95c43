import { rm } from "node:fs/promises";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSettings } from "../../platform/config/settings.ts";
import { hashedEmbedding } from "../../platform/models/hashed-embedding.ts";
import { composeCore, type RunningCore } from "../../server/core/compose-core.ts";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { type ModelServer, type RecordedRequest, startModelServer } from "../support/model-server.ts";
import { type QdrantServer, startQdrantServer } from "../support/qdrant-server.ts";
import { runAthena } from "../support/run-command.ts";
import { freePort } from "../support/server-process.ts";
import { jsonOf } from "../support/start-edge.ts";
import { until } from "../support/until.ts";
import { usedDataDir } from "../support/used-data-dir.ts";

const coreKey = "the-key-of-the-deep-core";
const withKey = { "content-type": "application/json", authorization: `Bearer ${coreKey}` };
const logger = pino({ level: "silent" });

/** What a model knows to be the same. */
const subjects = [/boat|ship/i, /bread|toast/i, /snow|winter/i];
const vectorOf = (text: string): number[] => [
  ...subjects.map((words) => (words.test(text) ? 1 : 0)),
  ...Array.from(hashedEmbedding(text, 29), (value) => value * 0.5),
];
const inputsOf = ({ body }: RecordedRequest): string[] => (Array.isArray(body.input) ? body.input : [body.input]);

describe("an engine whose vectors a deep core makes", () => {
  let model: ModelServer;
  let qdrant: QdrantServer;
  let port: number;
  let edgePort: number;
  let dataDir: string;
  let engine: RunningEngine;
  let core: RunningCore;

  const environment = () => ({
    ATHENA_DATA_DIR: dataDir,
    ATHENA_CORE_KEY: coreKey,
    ATHENA_CORE_URL: `http://127.0.0.1:${port}`,
    ATHENA_VECTOR_EMBEDDER: "core",
    ATHENA_PORT: `${edgePort}`,
  });
  const startCore = (embeddingModel = "openai/embedder") =>
    composeCore(
      loadSettings({
        ATHENA_CORE_KEY: coreKey,
        ATHENA_EDGE_URL: `http://127.0.0.1:${edgePort}`,
        QDRANT_URL: qdrant.url,
        OPENAI_BASE_URL: model.openaiUrl,
        OPENAI_API_KEY: "none",
        ATHENA_EMBEDDING_MODEL: embeddingModel,
      }),
      logger,
      { host: "127.0.0.1", port },
    );
  const say = async (content: string, mode?: "confidential") => {
    const thread = await jsonOf(await engine.post("/threads", mode ? { mode } : {}));
    const messages = [{ role: "user", content }];
    const appended = await engine.post(`/threads/${thread.id}/append`, { since_position: 0, messages });
    return (await jsonOf(appended)).messages[0].id as string;
  };
  const search = async (query: string) => {
    const answer = await fetch(`${engine.url}/atlas/search?deep=never&q=${encodeURIComponent(query)}`);
    expect(answer.status).toBe(200);
    const { fragments, degraded } = await jsonOf(answer);
    return { ids: fragments.map(({ id }: { id: string }) => id), layer: fragments[0]?.layer, degraded };
  };
  const embed = (body: unknown, headers: Record<string, string> = withKey) =>
    fetch(`${core.url}/atlas/deep/embed`, { method: "POST", headers, body: JSON.stringify(body) });

  beforeAll(async () => {
    [model, qdrant, port, edgePort, dataDir] = await Promise.all([
      startModelServer({
        models: ["embedder", "newer"],
        reply: (request) => ({ vectors: inputsOf(request).map(vectorOf) }),
      }),
      startQdrantServer(),
      freePort(),
      freePort(),
      usedDataDir(),
    ]);
    core = await startCore();
    // The vectors of this data folder were the engine's own.
    const { stdout } = await runAthena(["atlas", "reindex"], environment());
    expect(stdout).toContain("made anew by 'openai/embedder'");
    engine = await startEngine(environment());
  }, 60_000);
  afterAll(async () => {
    await core.close();
    await engine.close();
    await qdrant.stop();
    await model.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  test("the core gives vectors of its model for its key only, of so many texts as it can bear", async () => {
    const answer = await jsonOf(await embed({ texts: ["a boat", "some bread"] }));
    expect(answer).toMatchObject({ model: "openai/embedder", dimension: 32 });
    expect(answer.vectors.map((vector: number[]) => vector.length)).toEqual([32, 32]);
    expect(Math.hypot(...answer.vectors[0])).toBeCloseTo(1);
    expect((await embed({ texts: ["x"] }, { "content-type": "application/json" })).status).toBe(401);
    expect((await embed({ texts: ["x"] }, { ...withKey, authorization: "Bearer of-something-else" })).status).toBe(401);
    for (const texts of [
      undefined,
      [],
      [""],
      [7],
      "x",
      Array(65).fill("x"),
      ["x".repeat(8_001)],
      Array(60).fill("x".repeat(7_000)),
    ]) {
      const refused = await embed({ texts });
      expect(refused.status).toBe(400);
      expect((await jsonOf(refused)).error.code).toBe("invalid_input");
    }
    expect((await embed({ texts: ["x".repeat(2_000_000)] })).status).toBe(413);
    expect((await fetch(`${core.url}/atlas/deep/embed`)).status).toBe(405);
  });

  test("finds by the core's vectors; nothing confidential reaches it", async () => {
    const id = await say("The boat is moored");
    await say("We baked bread");
    await until(async () => {
      const found = await search("a ship");
      return found.ids[0] === id && found.layer === "vector" && found.degraded.length === 0;
    });
    await engine.post("/ai/query", {
      sender: "local",
      text: "My secret boat is blue, remember it",
      mode: "confidential",
    });
    await until(async () =>
      (await jsonOf(await fetch(`${engine.url}/atlas/status`))).followers.every(
        ({ messages }: { messages: number }) => messages === 0,
      ),
    );
    expect(model.requests.flatMap(inputsOf).join()).not.toContain("secret");
  });

  test("goes on without the core: words find what is new, 'core' is degraded, and its vectors come later", async () => {
    await core.close();
    const id = await say("A boat of snow");
    const found = await search("boat snow");
    expect(found.ids[0]).toBe(id);
    expect(found.degraded).toMatchObject([{ part: "core" }]);
    const answer = await engine.post("/ai/query", { sender: "local", text: "What did I say about the boat of snow?" });
    expect(answer.status).toBe(200);
    expect((await jsonOf(answer)).answer).toContain("A boat of snow");
    core = await startCore();
    await until(async () => {
      const { ids, degraded } = await search("winter");
      return degraded.length === 0 && ids.includes(id);
    }, 40_000);
  });

  test("a core that has another model now is a change of model: a reindex makes all anew", {
    timeout: 60_000,
  }, async () => {
    await core.close();
    core = await startCore("openai/newer");
    await until(async () => (await search("a ship")).degraded[0]?.part === "core", 30_000);
    await engine.close();
    const { stdout, stderr } = await runAthena(["atlas", "reindex"], environment());
    expect(stderr).not.toContain("rror");
    expect(stdout).toContain("made anew by 'openai/newer'");
    engine = await startEngine(environment());
    await until(async () => {
      const { ids, degraded } = await search("a ship");
      return degraded.length === 0 && ids.length >= 2;
    }, 30_000);
  });

  test("does not start without the core's address and key", async () => {
    for (const name of ["ATHENA_CORE_URL", "ATHENA_CORE_KEY"]) {
      const { [name as "ATHENA_CORE_URL"]: _, ATHENA_DATA_DIR: __, ...rest } = environment();
      const known: Record<string, string> = name === "ATHENA_CORE_KEY" ? { ...rest, ATHENA_CORE_URL: "" } : rest;
      await expect(startEngine(known)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    }
  });
});
