import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTimeline } from "../../../atlas/create-timeline.ts";
import { loadMasterKey, type MasterKey } from "../../../atlas/master-key.ts";
import { createRecall } from "../../../atlas/recall.ts";
import { createThreadCipher } from "../../../atlas/thread-cipher.ts";
import { createCoreEmbedding } from "../../../atlas/vectors/core-embedding.ts";
import { createVectors, type Vectors, type VectorsDeps } from "../../../atlas/vectors/create-vectors.ts";
import { builtInModel, createHashedEmbedder } from "../../../atlas/vectors/hashed-embedder.ts";
import { createPostgresVectorStore } from "../../../atlas/vectors/postgres-vector-store.ts";
import { reindexVectors } from "../../../atlas/vectors/reindex-vectors.ts";
import { forgetSpace, readSpaces } from "../../../atlas/vectors/vector-spaces.ts";
import { createEgress } from "../../../platform/egress/create-egress.ts";
import type { Mode } from "../../../platform/egress/egress-class.ts";
import { createMetrics } from "../../../platform/metrics/metrics.ts";
import { hashedEmbedding } from "../../../platform/models/hashed-embedding.ts";
import type { Principal } from "../../../platform/policy/principal.ts";
import { type CoreMode, type CoreServer, startCoreServer } from "../../support/core-server.ts";
import { describeOnEachDatabase } from "../../support/each-database.ts";
import { openPermit } from "../../support/gateway.ts";
import { freePort } from "../../support/server-process.ts";
import { somebody } from "../../support/timeline-samples.ts";
import { until } from "../../support/until.ts";

/** A direction for each of these words, and what else a text is made of: what a model would know of texts. */
const subjects = ["boat", "bread", "music", "snow"];
const vectorOf = (text: string): number[] => [
  ...subjects.map((word) => (text.toLowerCase().includes(word) ? 1 : 0)),
  ...Array.from(hashedEmbedding(text, 28), (value) => value * 0.5),
];
const model = "far/embedder";

describeOnEachDatabase((databaseOf) => {
  describe("vectors that a deep core makes", () => {
    let core: CoreServer;
    let masterKey: MasterKey;
    let principal: Principal;

    beforeAll(async () => {
      core = await startCoreServer();
      masterKey = await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" });
    });
    afterAll(() => core.stop());
    beforeEach(async () => {
      principal = somebody();
      Object.assign(core, { mode: "ok", model, vectorOf });
      const database = databaseOf();
      const store = createPostgresVectorStore({ database });
      for (const space of await readSpaces(database)) {
        await store.drop(space);
        await forgetSpace(database, space);
      }
    });

    const stores = () => [createPostgresVectorStore({ database: databaseOf() })];
    const depsOf = (more: Partial<VectorsDeps> = {}): VectorsDeps => ({
      database: databaseOf(),
      logger: { warn: () => undefined },
      rule: "scoped",
      stores: stores(),
      store: "postgres",
      models: { embed: () => Promise.reject(new Error("this engine asks no model")) },
      model: builtInModel,
      hotDays: 90,
      lookMs: 20,
      ...more,
    });
    const byCore = ({ url = core.url, breakerOpenMs = 50, timeoutMs = 300 } = {}, more: Partial<VectorsDeps> = {}) => {
      const metrics = createMetrics();
      const egress = createEgress({ metrics });
      const key = "k".repeat(16);
      return depsOf({
        core: createCoreEmbedding({ url, key, timeoutMs, textsMs: 400, egress, metrics, breakerOpenMs }),
        ...more,
      });
    };
    const cipherOf = () => createThreadCipher({ masterKey });
    const say = (mode: Mode, ...texts: string[]) =>
      createTimeline({ database: databaseOf(), cipher: cipherOf() }).open({
        principal,
        mode,
        messages: texts.map((content) => ({ role: "user", author: "ada", content })),
      });
    const recallOf = (vectors: Vectors) => {
      const recall = createRecall({ database: databaseOf(), cipher: cipherOf(), sources: [vectors.source] });
      return async (query: string) => {
        const degraded: string[] = [];
        const ask = { principal, query, limit: 5, permit: openPermit() };
        const found = await recall({ ...ask, onDegraded: (part) => degraded.push(part) });
        return { found: found.map(({ content }) => content).toSorted(), degraded };
      };
    };
    const nearest = async (vectors: Vectors, query: string, permit = openPermit()) => {
      const ask = { principal, query, threadId: null, scope: null, withMessages: true, limit: 10, permit };
      return (await vectors.source.find(ask)).map(({ id }) => id);
    };
    const followed = (vectors: Vectors) =>
      until(() =>
        vectors.follower.catchUp().then(
          () => true,
          () => false,
        ),
      );
    /** The vectors of what was said in this test. */
    const held = () =>
      databaseOf().query("select model, dimension from message_vectors where scope_key = $1", [`user:${principal.id}`]);
    const texts = (from = 0) => core.embedded.slice(from).flat();

    test("find by meaning; model and dimension are the core's, noted in each row", async () => {
      const vectors = createVectors(byCore());
      const { messages } = await say("open", "The boat is moored", "We baked bread");
      await vectors.follower.catchUp();
      expect(await nearest(vectors, "boating weather")).toEqual([messages[0]!.id]);
      expect(await databaseOf().query("select distinct model, dimension from message_vectors")).toEqual([
        { model, dimension: 32 },
      ]);
    });

    test("nothing confidential goes there: no text, no query, whatever its permit, and what may not be indexed neither", async () => {
      const from = core.embedded.length;
      const vectors = createVectors(byCore({}, { rule: "public" }));
      await say("confidential", "the secret boat");
      await say("open", "a personal boat");
      await vectors.follower.catchUp();
      for (const permit of [
        openPermit({ class: "local-only", confidential: true }),
        openPermit({ class: "sanitized", confidential: true }),
        openPermit({ class: "full", confidential: true }),
        openPermit({ class: "sanitized" }),
        openPermit({ class: "blocked" }),
      ]) {
        expect(await nearest(vectors, "query about a boat", permit)).toEqual([]);
        expect(permit.receipt).toMatchObject([{ destination: "core", kind: "embedder", decision: "held" }]);
      }
      const ask = { principal, query: "query about a boat", threadId: null, scope: null, withMessages: true, limit: 9 };
      expect(await vectors.source.find(ask)).toEqual([]);
      expect(texts(from).join()).not.toMatch(/secret|personal|query/);
      expect(texts(from).length).toBeGreaterThan(0);
    });

    test.each<[string, CoreMode]>([
      ["is slow", "slow"],
      ["fails", "error"],
      ["breaks off", "cut"],
      ["sends a web page", "garbage"],
      ["sends what is none", "other"],
      ["sends too few vectors", "few"],
      ["does not know the key", "refused"],
    ])(
      "a core that %s loses nothing: full text answers, 'core' is degraded, and vectors come later",
      async (_, mode) => {
        const vectors = createVectors(byCore());
        const recall = recallOf(vectors);
        await say("open", "The boat is moored");
        await vectors.follower.catchUp();
        core.mode = mode;
        await say("open", "A boat of snow");
        await expect(vectors.follower.catchUp()).rejects.toThrow();
        const at = performance.now();
        expect(await recall("boat")).toEqual({ found: ["A boat of snow", "The boat is moored"], degraded: ["core"] });
        expect(performance.now() - at).toBeLessThan(1_500);
        core.mode = "ok";
        await followed(vectors);
        await until(async () => (await recall("boat")).degraded.length === 0);
        expect(await nearest(vectors, "boats")).toHaveLength(2);
      },
    );

    test("vectors of another length than told are no vectors", async () => {
      const vectors = createVectors(byCore());
      await say("open", "The boat is moored");
      await vectors.follower.catchUp();
      core.vectorOf = () => [1, 0];
      await say("open", "A boat of snow");
      await expect(vectors.follower.catchUp()).rejects.toThrow("athena atlas reindex");
      expect(await held()).toHaveLength(1);
    });

    test("a core that is away costs a time-out, then nothing until it is tried again", async () => {
      const vectors = createVectors(byCore({ breakerOpenMs: 60_000 }));
      await say("open", "The boat is moored");
      await vectors.follower.catchUp();
      core.mode = "slow";
      for (let times = 0; times < 3; times += 1) await recallOf(vectors)("boat");
      const before = core.embedded.length;
      const at = performance.now();
      for (let times = 0; times < 10; times += 1) expect((await recallOf(vectors)("boat")).degraded).toEqual(["core"]);
      expect(core.embedded.length).toBe(before);
      expect((performance.now() - at) / 10).toBeLessThan(200);
      // Texts wait longer than queries, and are not kept back by them.
      core.mode = "ok";
      await say("open", "A boat of snow");
      await vectors.follower.catchUp();
      expect(await held()).toHaveLength(2);
    });

    test("before the core was ever there queries are not held up, and what must leave leaves", async () => {
      const before = createVectors(byCore());
      const { thread } = await say("open", "The boat is moored");
      await before.follower.catchUp();
      await before.follower.stop();

      const port = await freePort();
      const vectors = createVectors(byCore({ url: `http://127.0.0.1:${port}` }));
      vectors.follower.start();
      try {
        const recall = recallOf(vectors);
        expect(await recall("boat")).toEqual({ found: ["The boat is moored"], degraded: ["core"] });
        const timeline = createTimeline({ database: databaseOf(), cipher: cipherOf() });
        await timeline.open({ principal, threadId: thread.id, mode: "confidential", messages: [] });
        await say("open", "A boat of snow");
        await until(async () => (await held()).length === 0);
      } finally {
        await vectors.follower.stop();
      }
      const back = createVectors(byCore());
      await back.follower.catchUp();
      expect(await nearest(back, "boats")).toHaveLength(1);
    });

    test("a text that the core's model refuses has no vector, and those beside it do", async () => {
      const vectors = createVectors(byCore());
      const { messages } = await say("open", "The boat is moored", "A poison boat", "Another boat", "boat");
      await vectors.follower.catchUp();
      const found = new Set(await nearest(vectors, "boats"));
      expect(found).toEqual(new Set(messages.map(({ id }) => id).filter((id) => id !== messages[1]!.id)));
    });

    test("after the core's model changed all vectors are made anew by a reindex, and search goes on meanwhile", async () => {
      const vectors = createVectors(byCore());
      const recall = recallOf(vectors);
      vectors.follower.start();
      try {
        const first = await say("open", "The boat is moored");
        vectors.follower.hint(first.thread.id);
        await until(async () => (await held()).length === 1);
        core.model = "far/newer";
        await say("open", "A boat of snow");
        expect(await recall("boat")).toEqual({ found: ["A boat of snow", "The boat is moored"], degraded: ["core"] });
        expect(await reindexVectors(byCore())).toMatchObject({ model: "far/newer" });
        await until(async () => (await recall("boat")).degraded.length === 0);
        expect(await nearest(vectors, "boats")).toHaveLength(2);
        expect(await databaseOf().query("select distinct model from message_vectors")).toEqual([
          { model: "far/newer" },
        ]);
      } finally {
        await vectors.follower.stop();
      }
    });

    test("what this engine made before stays in use until a reindex has the core make it anew, and back", async () => {
      const own = createVectors(depsOf());
      await say("open", "The boat is moored");
      await own.follower.catchUp();
      const from = core.embedded.length;
      const delegated = createVectors(byCore());
      await say("open", "A boat of snow");
      await delegated.follower.catchUp();
      expect(await nearest(delegated, "boats")).toHaveLength(2);
      expect(texts(from).join()).not.toContain("boat");
      await reindexVectors(byCore());
      expect(texts(from)).toEqual(expect.arrayContaining(["The boat is moored", "A boat of snow"]));
      expect(await nearest(createVectors(byCore()), "boating weather")).toHaveLength(2);
      await reindexVectors(depsOf());
      expect(await databaseOf().query("select distinct model from message_vectors")).toEqual([{ model: builtInModel }]);
    });

    test("a core without a model makes the same vectors as this engine does", async () => {
      const hashed = createHashedEmbedder();
      const [made] = await hashed.embed(["The boat is moored"]);
      Object.assign(core, {
        model: builtInModel,
        vectorOf: (text: string) => Array.from(text === "The boat is moored" ? made! : new Float32Array(480).fill(0.1)),
      });
      const from = core.embedded.length;
      const vectors = createVectors(byCore());
      await say("open", "The boat is moored");
      await vectors.follower.catchUp();
      expect(texts(from)).toContain("The boat is moored");
      expect(await nearest(vectors, "a moored boat")).toHaveLength(1);
      // The same words are hashed alike by whoever does it.
      core.model = "far/newer";
      await say("open", "Another boat");
      await vectors.follower.catchUp();
      expect(await nearest(vectors, "another boat")).toHaveLength(2);
    });
  });
});
