import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createEmbedQuery } from "../../../nodes/embed-query.ts";
import { createUnderstanding, type Understanding } from "../../../nodes/understanding/understand-query.ts";
import type { EgressClass } from "../../../platform/egress/egress-class.ts";
import type { ModelGateway } from "../../../platform/models/model-gateway.ts";
import { createGazetteer } from "../../../rag-services/places/create-gazetteer.ts";
import { createExampleEmbedding } from "../../../server/example-embedding.ts";
import { gatewayOn, openPermit } from "../../support/gateway.ts";
import { type ModelServer, type RecordedRequest, startModelServer } from "../../support/model-server.ts";
import { defaultRegistry, registrySourceOf, silentLogger } from "./default-registry.ts";

const gazetteer = createGazetteer();
const words = {
  tickets: ["ticket", "bug", "defect", "incident", "issue"],
  fleet: ["lorry", "van", "driver", "vehicle", "truck"],
  news: ["headlines", "press", "newspaper", "bulletin", "report"],
};
const frames = ["tell me of the", "what about the", "I want the", "please find the", "is there any", "look for the"];
const examples = Object.entries(words).flatMap(([intent, subjects]) =>
  subjects.flatMap((subject) => frames.map((frame) => ({ intent, locale: "en", text: `${frame} ${subject}` }))),
);
// What an embedding model knows and the examples do not say: which words mean the same.
const synonyms = { tickets: ["glitch"], fleet: ["wagon"], news: ["gazette"] };
const knownTo = (intent: keyof typeof words) => [...words[intent], ...synonyms[intent]];
const vectorOf = (text: string) => [
  ...(Object.keys(words) as (keyof typeof words)[]).map((intent) =>
    knownTo(intent).some((word) => text.includes(word)) ? 1 : 0,
  ),
  0.1,
];
const inputsOf = (request: RecordedRequest): string[] => [request.body.input].flat();
const embeds = (request: RecordedRequest) => ({ vectors: inputsOf(request).map(vectorOf) });

describe("examples with an embedding model", () => {
  let server: ModelServer;
  let models: ModelGateway;
  let cacheDir: string;
  const stops: (() => Promise<void>)[] = [];
  const model = "openai/my-embed";

  beforeAll(async () => {
    server = await startModelServer({ models: ["my-embed", "chat"] });
  });
  beforeEach(async () => {
    server.reset();
    server.respond(embeds);
    // The address is this machine's, the registry's row says that it counts as somebody else's.
    models = await gatewayOn(
      { OPENAI_BASE_URL: server.openaiUrl, ATHENA_MODEL: "openai/chat" },
      { aliases: [{ alias: "embed-mark", candidates: ["openai/my-embed"], local: false }] },
    );
    cacheDir = await mkdtemp(join(tmpdir(), "athena-embedded-"));
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await models.close();
    await rm(cacheDir, { recursive: true, force: true });
  });
  afterAll(() => server.close());

  const registry = () => {
    const rows = defaultRegistry();
    return registrySourceOf({
      ...rows,
      patterns: [],
      examples,
      intents: rows.intents.map((row) => ({ ...row, slots: [] })),
    });
  };
  const start = (): Understanding => {
    const understanding = createUnderstanding({
      registry: registry(),
      gazetteer,
      classifierCacheDir: cacheDir,
      embedding: createExampleEmbedding(model, models),
      logger: silentLogger,
    });
    stops.push(() => understanding.stop());
    return understanding;
  };
  const nameOf = async (
    understanding: Understanding,
    text: string,
    egressClass: EgressClass = "full",
    timeoutMs = 2_000,
  ) => {
    const signal = new AbortController().signal;
    const permit = openPermit({ class: egressClass, confidential: egressClass !== "full" });
    const embed = createEmbedQuery({ models, model, timeoutMs })(permit, signal);
    const context = { timezone: "Europe/Warsaw", now: new Date("2026-11-21T08:00:00Z"), signal, embed };
    return (await understanding.understand(text, context)).parts[0]?.name;
  };
  const joined = (understanding: Understanding) =>
    expect.poll(() => nameOf(understanding, "is there any glitch"), { timeout: 20_000, interval: 100 }).toBe("tickets");

  test("know words that stand in none of them, once their vectors have joined", async () => {
    const understanding = start();
    await understanding.ready();
    await joined(understanding);
    expect(await nameOf(understanding, "look for the wagon")).toBe("fleet");
    expect(await nameOf(understanding, "what about the gazette")).toBe("news");
    expect(await nameOf(understanding, "look for the van")).toBe("fleet");
    const training = server.requests.map(inputsOf).filter((inputs) => inputs.length > 2);
    expect(training.flat().sort()).toEqual(examples.map(({ text }) => text).sort());
  }, 30_000);

  test("are embedded once: a restart takes model and vectors from the cache", async () => {
    await joined(start());
    for (const stop of stops.splice(0)) await stop();
    server.requests.length = 0;
    await joined(start());
    expect(server.requests.map(inputsOf).filter((inputs) => inputs.length > 2)).toEqual([]);
  }, 30_000);

  test("never make a query leave that may not: its words decide alone", async () => {
    const understanding = start();
    await joined(understanding);
    server.requests.length = 0;
    for (const egressClass of ["blocked", "local-only", "generalised"] as const) {
      expect(await nameOf(understanding, "look for the van", egressClass)).toBe("fleet");
      expect(await nameOf(understanding, "look for the zeppelin", egressClass)).not.toBe("tickets");
    }
    expect(server.requests).toEqual([]);
  }, 30_000);

  test("decide alone when the model is slow, fails or sends vectors of another length", async () => {
    const understanding = start();
    await joined(understanding);
    server.respond({ kind: "silence" });
    const started = performance.now();
    expect(await nameOf(understanding, "look for the van", "full", 100)).toBe("fleet");
    expect(performance.now() - started).toBeLessThan(1_500);
    server.respond({ vectors: [[1, 0, 0, 0, 0, 0, 0]] });
    expect(await nameOf(understanding, "look for the van")).toBe("fleet");
    server.respond({ kind: "failure", status: 500 });
    expect(await nameOf(understanding, "look for the van", "full", 300)).toBe("fleet");
  }, 30_000);

  test("are understood by their words while the model is down at the start", async () => {
    server.respond({ kind: "failure", status: 500 });
    const understanding = start();
    await understanding.ready();
    expect(await nameOf(understanding, "look for the van", "full", 300)).toBe("fleet");
  }, 30_000);

  test("are not waited for by a query that a pattern settles", async () => {
    const understanding = createUnderstanding({
      registry: registrySourceOf(defaultRegistry()),
      gazetteer,
      embedding: { model, embed: async (texts) => texts.map(() => Float32Array.of(1, 0)) },
      logger: silentLogger,
    });
    stops.push(() => understanding.stop());
    await understanding.ready();
    expect(await nameOf(understanding, "weather in Paris")).toBe("weather");
    expect(server.requests).toEqual([]);
  }, 60_000);
});
