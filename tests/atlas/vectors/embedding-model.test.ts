import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTimeline } from "../../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../../atlas/master-key.ts";
import { createRecall } from "../../../atlas/recall.ts";
import { createThreadCipher } from "../../../atlas/thread-cipher.ts";
import type { Timeline } from "../../../atlas/timeline.ts";
import { createVectors, type Vectors, type VectorsDeps } from "../../../atlas/vectors/create-vectors.ts";
import { builtInModel } from "../../../atlas/vectors/hashed-embedder.ts";
import { createPostgresVectorStore } from "../../../atlas/vectors/postgres-vector-store.ts";
import { reindexVectors } from "../../../atlas/vectors/reindex-vectors.ts";
import { migrate } from "../../../platform/db/migrate.ts";
import { openDatabase } from "../../../platform/db/open-database.ts";
import type { PoolDatabase } from "../../../platform/db/pool-database.ts";
import { hashedEmbedding } from "../../../platform/models/hashed-embedding.ts";
import type { ModelGateway } from "../../../platform/models/model-gateway.ts";
import type { Principal } from "../../../platform/policy/principal.ts";
import { gatewayOn, openPermit } from "../../support/gateway.ts";
import {
  type ModelReply,
  type ModelServer,
  type RecordedRequest,
  startModelServer,
} from "../../support/model-server.ts";
import { type Postgres, startPostgres } from "../../support/postgres.ts";
import { describeWithServer } from "../../support/servers.ts";
import { somebody } from "../../support/timeline-samples.ts";
import { until } from "../../support/until.ts";

const model = "openai/embedder";
/** A direction for each of these words, and what else a text is made of: what a model would know of texts. */
const subjects = ["boat", "bread", "music", "snow"];
const vectorOf = (text: string): number[] => [
  ...subjects.map((word) => (text.toLowerCase().includes(word) ? 1 : 0)),
  ...Array.from(hashedEmbedding(text, 28), (value) => value * 0.5),
];
const inputsOf = ({ body }: RecordedRequest): string[] => (Array.isArray(body.input) ? body.input : [body.input]);
const embeds = (request: RecordedRequest): ModelReply => ({ vectors: inputsOf(request).map(vectorOf) });

const open = (url: string): Promise<PoolDatabase> =>
  openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: url }, logger: pino({ level: "silent" }) });

describeWithServer("postgres", "vectors by a model of the gateway", () => {
  let server: ModelServer;
  let postgres: Postgres;
  let template: string;
  let database: PoolDatabase;
  let timeline: Timeline;
  let models: ModelGateway;
  let principal: Principal;
  let cipher: ReturnType<typeof createThreadCipher>;

  beforeAll(async () => {
    postgres = await startPostgres();
    const made = await postgres.createDatabase();
    template = made.name;
    const empty = await open(made.url);
    await migrate(empty);
    await empty.close();
    server = await startModelServer({ models: ["embedder"] });
    models = await gatewayOn(
      { OPENAI_BASE_URL: server.openaiUrl, OPENAI_API_KEY: "none" },
      // Not of this machine, as far as the permit goes.
      { aliases: [{ alias: "far", candidates: [model], local: false }], breakerOpenMs: 50 },
    );
    cipher = createThreadCipher({
      masterKey: await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" }),
    });
  });
  afterAll(async () => {
    await models.close();
    await server.close();
    await postgres.stop();
  });
  beforeEach(async () => {
    database = await open((await postgres.createDatabase(template)).url);
    timeline = createTimeline({ database, cipher });
    principal = somebody();
    server.reset();
    server.respond(embeds);
    return () => database.close();
  });

  const depsOf = (more: Partial<VectorsDeps> = {}): VectorsDeps => ({
    database,
    logger: { warn: () => undefined },
    rule: "scoped",
    stores: [createPostgresVectorStore({ database })],
    store: "postgres",
    models,
    model,
    hotDays: 90,
    ...more,
  });
  const say = (...texts: string[]) =>
    timeline.open({
      principal,
      mode: "open",
      messages: texts.map((content) => ({ role: "user", author: "ada", content })),
    });
  const nearest = async (vectors: Vectors, query: string, permit = openPermit()) => {
    const ask = { principal, query, threadId: null, scope: null, withMessages: true, limit: 10 };
    return (await vectors.source.find({ ...ask, permit })).map(({ id }) => id);
  };
  const embedded = () => server.requests.flatMap(inputsOf);

  test("finds by meaning what has no word in common, and notes model and dimension in each row", async () => {
    const vectors = createVectors(depsOf());
    const { messages } = await say("The boat is moored", "We baked bread");
    await vectors.follower.catchUp();
    expect(await nearest(vectors, "boating weather")).toEqual([messages[0]!.id]);
    expect(await database.query("select distinct model, dimension from message_vectors")).toEqual([
      { model, dimension: 32 },
    ]);
  });

  test.each<[string, () => ModelReply]>([
    ["is overloaded", () => ({ kind: "failure", status: 429, headers: { "retry-after": "0" } })],
    ["fails", () => ({ kind: "failure", status: 503 })],
    ["sends a web page", () => ({ kind: "bytes", body: "<html>sorry</html>" })],
    ["sends vectors of another length", () => ({ vectors: Array.from({ length: 64 }, () => [1, 0]) })],
    ["sends too few vectors", () => ({ kind: "bytes", body: '{"object":"list","data":[],"model":"embedder"}' })],
    ["refuses its key", () => ({ kind: "failure", status: 401 })],
  ])(
    "a model that %s loses nothing: full text answers, 'vectors' is degraded, and it follows later",
    async (_, reply) => {
      const vectors = createVectors(depsOf());
      const first = await say("The boat is moored");
      await vectors.follower.catchUp();
      server.respond(reply);
      const second = await say("A boat of snow");
      await expect(vectors.follower.catchUp()).rejects.toThrow();
      const degraded: string[] = [];
      const recall = createRecall({ database, cipher, sources: [vectors.source] });
      const ask = { principal, query: "boat", limit: 5, permit: openPermit() };
      const found = await recall({ ...ask, onDegraded: (part) => degraded.push(part) });
      expect(found.map(({ content }) => content).toSorted()).toEqual(["A boat of snow", "The boat is moored"]);
      expect(degraded).toEqual(["vectors"]);

      server.respond(embeds);
      await until(async () =>
        vectors.follower.catchUp().then(
          () => true,
          () => false,
        ),
      );
      expect(new Set(await nearest(vectors, "boat"))).toEqual(new Set([first.messages[0]!.id, second.messages[0]!.id]));
    },
  );

  test("a slow model holds an answer up for a second at most", async () => {
    const vectors = createVectors(depsOf());
    await say("The boat is moored");
    await vectors.follower.catchUp();
    server.respond({ kind: "silence" });
    const recall = createRecall({ database, cipher, sources: [vectors.source] });
    const degraded: string[] = [];
    const at = performance.now();
    const ask = { principal, query: "boat", limit: 5, permit: openPermit() };
    expect(await recall({ ...ask, onDegraded: (part) => degraded.push(part) })).toHaveLength(1);
    expect(performance.now() - at).toBeLessThan(3_000);
    expect(degraded).toEqual(["vectors"]);
  });

  test("a text that the model refuses has no vector, and those beside it do", async () => {
    const vectors = createVectors(depsOf());
    server.respond((request) =>
      inputsOf(request).some((text) => text.includes("poison"))
        ? { kind: "failure", status: 400, message: "maximum context length exceeded", code: "context_length_exceeded" }
        : embeds(request),
    );
    const { messages } = await say("The boat is moored", "A poison boat", "Another boat", "boat", "One more boat");
    await vectors.follower.catchUp();
    const found = new Set(await nearest(vectors, "boat"));
    expect(found).toEqual(new Set(messages.map(({ id }) => id).filter((id) => id !== messages[1]!.id)));
  });

  test("what must leave leaves while the model is away", async () => {
    const vectors = createVectors(depsOf());
    const { thread } = await say("The boat is moored");
    await vectors.follower.catchUp();
    server.respond({ kind: "failure", status: 503 });
    await say("Something new");
    await timeline.open({ principal, threadId: thread.id, mode: "confidential", messages: [] });
    await expect(vectors.follower.catchUp()).rejects.toThrow();
    expect(await database.query("select from message_vectors")).toEqual([]);
  });

  test("confidential texts and queries never reach a model that is elsewhere", async () => {
    const vectors = createVectors(depsOf({ model: "far" }));
    await timeline.open({
      principal,
      mode: "confidential",
      messages: [{ role: "user", author: "ada", content: "the secret boat" }],
    });
    await say("An open boat");
    await vectors.follower.catchUp();
    expect(await nearest(vectors, "open boat")).toHaveLength(1);
    const before = embedded();
    expect(before).toContain("An open boat");
    for (const permit of [
      openPermit({ class: "local-only", confidential: true }),
      openPermit({ class: "blocked", confidential: true }),
      undefined,
    ]) {
      const ask = { principal, query: "secret boat", threadId: null, scope: null, withMessages: true, limit: 10 };
      expect(await vectors.source.find({ ...ask, ...(permit ? { permit } : {}) })).toEqual([]);
    }
    expect(embedded()).toEqual(before);
    expect(before.join()).not.toContain("secret");
  });

  test("where only public text may be indexed, others have vectors of a model on this machine only", async () => {
    await say("An open boat");
    const far = createVectors(depsOf({ rule: "public", model: "far" }));
    await far.follower.catchUp();
    expect(embedded()).not.toContain("An open boat");
    expect(await database.query("select from message_vectors")).toEqual([]);
    await reindexVectors(depsOf({ rule: "public", model: builtInModel }));
    expect(await database.query("select from message_vectors")).toHaveLength(1);
  });

  test("after a change of model the old one serves until a reindex, which embeds everything with the new one", async () => {
    const { messages } = await say("The boat is moored");
    const before = createVectors(depsOf({ model: builtInModel }));
    await before.follower.catchUp();
    const changed = createVectors(depsOf());
    const later = await say("a boat of paper");
    await changed.follower.catchUp();
    const both = new Set([messages[0]!.id, later.messages[0]!.id]);
    expect(new Set(await nearest(changed, "boats"))).toEqual(both);
    expect(server.requests).toEqual([]);

    await reindexVectors(depsOf());
    expect(await database.query("select distinct model from message_vectors")).toEqual([{ model }]);
    const afterwards = createVectors(depsOf());
    expect(new Set(await nearest(afterwards, "boating"))).toEqual(both);
  });
});
