import { existsSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { dataLines, type Edge, jsonOf, post, startEdge } from "../support/start-edge.ts";

const file = new URL("../../../shared/contracts/openai-schemas.json", import.meta.url);
const missing = !existsSync(file);

/** What is sent, against OpenAI's own description. The file lies beside the checkout; in CI it has to be there. */
describe.skipIf(missing && process.env.CI !== "true")("OpenAI's schemas (../shared/contracts) hold for", () => {
  let edge: Edge;
  let check: (name: string, value: unknown) => void;
  beforeAll(async () => {
    edge = await startEdge();
    const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, allowUnionTypes: true, allErrors: true });
    ajv.addVocabulary(["x-source"]);
    (formats as unknown as (ajv: Ajv2020) => void)(ajv);
    ajv.addSchema(JSON.parse(readFileSync(file, "utf8")));
    check = (name, value) => {
      const validate = ajv.getSchema(`urn:contracts:openai-schemas#/$defs/${name}`);
      if (validate === undefined) throw new Error(`no schema ${name}`);
      expect(validate(value) ? [] : validate.errors).toEqual([]);
    };
  });
  afterAll(() => edge.close());
  beforeEach(() => edge.script.reset());

  const evidence = {
    id: "e1",
    service: "weather",
    title: "Weather",
    text: "",
    data: {},
    sourceName: "Open-Meteo",
    sourceUrl: "https://open-meteo.com/",
    observedAt: "2026-11-21T10:00:00Z",
    score: 1,
  };
  const full = {
    reasoning: "Hm.",
    text: ["It is ", "fine."],
    toolCalls: [{ id: "a", name: "f", arguments: { x: 1 } }],
    usage: { promptTokens: 5, completionTokens: 4, cachedTokens: 1, reasoningTokens: 2 },
    result: { evidence: [evidence] },
  };
  const body = {
    model: "athena",
    messages: [{ role: "user", content: "Hello" }],
    tools: [{ type: "function", function: { name: "f" } }],
    stream_options: { include_usage: true },
  };
  const chat = (more: object) => post(`${edge.url}/v1/chat/completions`, { ...body, ...more });
  const legacy = { tools: undefined, functions: [{ name: "f" }] };

  test.each([
    ["text, reasoning, calls and sources", {}, full],
    ["legacy function calls", legacy, full],
    ["a bare answer", {}, { text: "Hi." }],
    ["a provider's own model", { model: "openai/stand-in" }, { text: "Hi." }],
  ])("chat completions and every chunk of a stream: %s", async (_, more, reply) => {
    edge.script.enqueue(reply, reply);
    check("CreateChatCompletionResponse", await jsonOf(await chat(more)));
    const chunks = dataLines(await (await chat({ ...more, stream: true })).text());
    expect(chunks.pop()).toBe("[DONE]");
    expect(chunks.length).toBeGreaterThan(2);
    for (const chunk of chunks) check("CreateChatCompletionStreamResponse", chunk);
  });

  test("models, embeddings of both encodings, and errors before and in a stream", async () => {
    check("ListModelsResponse", await jsonOf(await fetch(`${edge.url}/v1/models`)));
    check("Model", await jsonOf(await fetch(`${edge.url}/v1/models/athena`)));
    const embed = (encoding_format: string) =>
      post(`${edge.url}/v1/embeddings`, { model: "athena-embed", input: ["a", "b"], encoding_format });
    check("CreateEmbeddingResponse", await jsonOf(await embed("float")));
    check("CreateEmbeddingResponseBase64", await jsonOf(await embed("base64")));
    check("ErrorResponse", await jsonOf(await chat({ model: "nobody" })));
    check("ErrorResponse", await jsonOf(await chat({ messages: [] })));
    edge.script.enqueue({ text: ["a", "b"], errorAfterChunks: 1 });
    check("ErrorResponse", dataLines(await (await chat({ stream: true })).text()).at(-1));
  });
});
