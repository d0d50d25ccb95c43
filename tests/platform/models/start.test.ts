import { createServer } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isLoopback } from "../../../platform/egress/is-loopback.ts";
import { gatewayOn, openPermit, type TestSettings } from "../../support/gateway.ts";
import { type ModelServer, startModelServer } from "../../support/model-server.ts";

let one: ModelServer;
let many: ModelServer;
let none: ModelServer;
beforeAll(async () => {
  [one, many, none] = await Promise.all([
    startModelServer({ models: ["only"] }),
    startModelServer({ models: ["first", "second", "my-embed"] }),
    startModelServer({ models: [] }),
  ]);
});
beforeEach(() => {
  for (const server of [one, many, none]) server.reset();
});
afterAll(() => Promise.all([one, many, none].map((server) => server.close())));

const modelOf = async (settings: TestSettings, options: Parameters<typeof gatewayOn>[1] = {}) => {
  const gateway = await gatewayOn(settings, options);
  const { answerModel, answerModelLocal, configured } = gateway;
  await gateway.close();
  return { answerModel, answerModelLocal, configured };
};
const refusal = async (settings: TestSettings, options: Parameters<typeof gatewayOn>[1] = {}) => {
  const error = await modelOf(settings, options).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ name: "AppError", code: "CONFIG_INVALID" });
  return (error as Error).message;
};

describe("the answer model", () => {
  test("is none without a provider", async () => {
    expect(await modelOf({})).toEqual({ answerModel: undefined, answerModelLocal: false, configured: false });
  });

  test("is the first of Ollama's tags when only Ollama is set", async () => {
    expect(await modelOf({ OLLAMA_BASE_URL: many.ollamaUrl })).toEqual({
      answerModel: "ollama/first:latest",
      answerModelLocal: true,
      configured: true,
    });
  });

  test("is the sole model of an OpenAI-compatible server", async () => {
    expect(await modelOf({ OPENAI_BASE_URL: one.openaiUrl })).toMatchObject({ answerModel: "openai/only" });
  });

  test("must be named when an OpenAI-compatible server lists several", async () => {
    expect(await refusal({ OPENAI_BASE_URL: many.openaiUrl })).toMatch(/ATHENA_MODEL.*openai\/first, openai\/second/);
  });

  test("must be named when both providers are set", async () => {
    const settings = { OPENAI_BASE_URL: one.openaiUrl, OLLAMA_BASE_URL: many.ollamaUrl };
    expect(await refusal(settings)).toMatch(/ATHENA_MODEL.*openai\/only, ollama\/first:latest/);
  });

  test("must be named when the only provider lists nothing, fails, or is not there", async () => {
    expect(await refusal({ OLLAMA_BASE_URL: none.ollamaUrl })).toContain("ATHENA_MODEL");
    one.failListings({ kind: "bytes", body: "<html>" });
    expect(await refusal({ OPENAI_BASE_URL: one.openaiUrl })).toContain("ATHENA_MODEL");
    expect(await refusal({ OPENAI_BASE_URL: "http://127.0.0.1:9/v1" })).toContain("ATHENA_MODEL");
  });

  test("is waited for no longer than about three seconds", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    const started = performance.now();
    expect(await refusal({ OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` })).toContain("ATHENA_MODEL");
    expect(performance.now() - started).toBeLessThan(4_500);
    silent.close();
  });

  test("that is named asks no server at the start", async () => {
    const settings = { OPENAI_BASE_URL: "http://127.0.0.1:9/v1", ATHENA_MODEL: "openai/meta/llama" };
    expect(await modelOf(settings)).toMatchObject({ answerModel: "openai/meta/llama", configured: true });
  });

  test("that is named must be an alias or provider/model, of a provider that is set", async () => {
    expect(await refusal({ OPENAI_BASE_URL: one.openaiUrl, ATHENA_MODEL: "only" })).toContain("ATHENA_MODEL");
    expect(await refusal({ ATHENA_MODEL: "openai/only" })).toMatch(/ATHENA_MODEL.*OPENAI_BASE_URL/);
    expect(await refusal({ OPENAI_BASE_URL: one.openaiUrl, ATHENA_MODEL: "ollama/x" })).toContain("ATHENA_MODEL");
    const aliases = [{ alias: "athena-fast", candidates: ["openai/only"], local: null }];
    const settings = { OPENAI_BASE_URL: one.openaiUrl, ATHENA_MODEL: "athena-fast" };
    expect(await modelOf(settings, { aliases })).toMatchObject({ answerModel: "athena-fast" });
  });

  test("a key without an address means the public one", async () => {
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = async (input) => {
      asked.push(String(input));
      return Response.json({ object: "list", data: [{ id: "gpt" }] });
    };
    expect(await modelOf({ OPENAI_API_KEY: "k" }, { fetch })).toMatchObject({
      answerModel: "openai/gpt",
      answerModelLocal: false,
    });
    expect(asked).toEqual(["https://api.openai.com/v1/models"]);
  });
});

describe("local", () => {
  test.each([
    ["http://127.0.0.1:11434", true],
    ["http://127.9.8.7", true],
    ["http://0x7f.1:80", true],
    ["http://[::1]:11434", true],
    ["http://[::ffff:127.0.0.1]", true],
    ["http://localhost:11434", true],
    ["http://localhost.example.com", false],
    ["http://evil.localhost", false],
    ["http://192.168.1.5:11434", false],
    ["http://0.0.0.0:11434", false],
    ["https://api.openai.com/v1", false],
  ])("%s: %s", (url, expected) => expect(isLoopback(url)).toBe(expected));

  test("is what the registry says, and one no outweighs any yes", async () => {
    const settings = { OLLAMA_BASE_URL: one.ollamaUrl, ATHENA_MODEL: "ollama/only" };
    const row = (alias: string, local: boolean | null) => ({ alias, candidates: ["ollama/only"], local });
    expect(await modelOf(settings, { aliases: [row("a", null)] })).toMatchObject({ answerModelLocal: true });
    expect(await modelOf(settings, { aliases: [row("a", true), row("b", false)] })).toMatchObject({
      answerModelLocal: false,
    });
    const far = { OLLAMA_BASE_URL: "http://10.0.0.9:11434", ATHENA_MODEL: "ollama/only" };
    expect(await modelOf(far)).toMatchObject({ answerModelLocal: false });
    expect(await modelOf(far, { aliases: [row("a", true)] })).toMatchObject({ answerModelLocal: true });
  });
});

describe("the list of models", () => {
  test("names those of all providers with what they can do", async () => {
    const gateway = await gatewayOn({
      OPENAI_BASE_URL: one.openaiUrl,
      OLLAMA_BASE_URL: many.ollamaUrl,
      ATHENA_MODEL: "openai/only",
    });
    await expect.poll(async () => (await gateway.models()).length).toBe(4);
    expect(await gateway.models()).toEqual([
      { id: "openai/only", provider: "openai", local: true, capabilities: ["chat", "tools"] },
      { id: "ollama/first:latest", provider: "ollama", local: true, capabilities: ["chat", "tools"] },
      { id: "ollama/second:latest", provider: "ollama", local: true, capabilities: ["chat", "tools"] },
      { id: "ollama/my-embed:latest", provider: "ollama", local: true, capabilities: ["embeddings"] },
    ]);
    const asked = one.listings.length;
    await gateway.models();
    expect(one.listings.length).toBe(asked);
    expect(await gateway.states()).toMatchObject([
      { name: "openai", state: "up", local: true, url: one.openaiUrl },
      { name: "ollama", state: "up" },
    ]);
    await gateway.close();
  });

  test("is there within 200 ms with all providers down or silent", async () => {
    one.failListings({ kind: "silence" });
    const gateway = await gatewayOn({
      OPENAI_BASE_URL: one.openaiUrl,
      OLLAMA_BASE_URL: "http://127.0.0.1:9",
      ATHENA_MODEL: "openai/only",
    });
    const started = performance.now();
    expect(await gateway.models()).toEqual([]);
    expect(await gateway.states()).toMatchObject([{ state: "down" }, { state: "down" }]);
    expect(performance.now() - started).toBeLessThan(400);
    await gateway.close();
  });

  test("shows no password of an address", async () => {
    const gateway = await gatewayOn({ OLLAMA_BASE_URL: "http://user:hunter2@127.0.0.1:9", ATHENA_MODEL: "ollama/x" });
    expect(JSON.stringify(await gateway.states())).not.toContain("hunter2");
    await gateway.close();
  });
});

describe("vectors", () => {
  const { signal } = new AbortController();
  const permit = openPermit();
  test.each(["openai", "ollama"] as const)("of %s have unit length, one per input, in order", async (provider) => {
    const gateway = await gatewayOn({
      OPENAI_BASE_URL: many.openaiUrl,
      OLLAMA_BASE_URL: many.ollamaUrl,
      ATHENA_MODEL: "openai/first",
    });
    many.enqueue({
      vectors: [
        [3, 4],
        [0, 2],
        [0, 0],
      ],
    });
    const { vectors, usage } = await gateway.embed({
      model: `${provider}/my-embed`,
      inputs: ["a\nb", "", "c"],
      dimensions: 2,
      permit,
      signal,
    });
    expect(vectors.map((vector) => [...vector].map((value) => Number(value.toFixed(5))))).toEqual([
      [0.6, 0.8],
      [0, 1],
      [1, 0],
    ]);
    expect(usage).toMatchObject({ completionTokens: 0, estimated: true });
    expect(many.requests[0]!.body).toMatchObject({ model: "my-embed", input: ["a\nb", "", "c"], dimensions: 2 });
    await gateway.close();
  });

  test("of a provider that gives too few are refused", async () => {
    const gateway = await gatewayOn({ OLLAMA_BASE_URL: many.ollamaUrl, ATHENA_MODEL: "ollama/first" });
    many.respond({ kind: "bytes", headers: { "content-type": "application/json" }, body: '{"embeddings":[[1]]}' });
    await expect(gateway.embed({ model: "ollama/my-embed", inputs: ["a", "b"], permit, signal })).rejects.toMatchObject(
      {
        code: "PROVIDER_SERVER_ERROR",
      },
    );
    await gateway.close();
  });

  test("of athena-embed need no provider and no permission", async () => {
    const gateway = await gatewayOn({});
    const blocked = openPermit({ class: "blocked", confidential: true });
    const { vectors } = await gateway.embed({ model: "athena-embed", inputs: ["a", "b"], permit: blocked, signal });
    expect(vectors.map((vector) => vector.length)).toEqual([384, 384]);
    await expect(
      gateway.embed({ model: "athena-embed", inputs: ["a"], dimensions: 1_000, permit, signal }),
    ).rejects.toMatchObject({
      code: "INVALID_INPUT",
      field: "dimensions",
    });
    await gateway.close();
  });
});
