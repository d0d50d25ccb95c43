import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "../../platform/errors/app-error.ts";
import type { ModelInfo } from "../../platform/models/model-gateway.ts";
import { type Edge, jsonOf, post, startEdge } from "../support/start-edge.ts";

const listed: readonly ModelInfo[] = [
  { id: "openai/org/gpt-oss:20b", provider: "openai", local: false, capabilities: ["chat", "tools"] },
  { id: "ollama/qwen3:latest", provider: "ollama", local: true, capabilities: ["chat"] },
  { id: "ollama/nomic-embed", provider: "ollama", local: true, capabilities: ["embeddings"] },
];
let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ listed });
});
afterAll(() => edge.close());

const get = (path: string) => fetch(edge.url + path);

test("models are listed with Athena's own first", async () => {
  const list = await jsonOf(await get("/v1/models?user=anna"));
  expect(list.object).toBe("list");
  expect(list.data.map(({ id }: { id: string }) => id)).toEqual([
    "athena",
    "athena-private",
    "athena-embed",
    "openai/org/gpt-oss:20b",
    "ollama/qwen3:latest",
    "ollama/nomic-embed",
  ]);
  for (const model of list.data) {
    expect(model).toEqual({
      id: expect.any(String),
      object: "model",
      created: expect.any(Number),
      owned_by: expect.any(String),
    });
    expect(model.id).not.toMatch(/^(o\d|gpt-5)/);
  }
});

test.each(["/v1/models", "/models", "/v1/models/", "//v1//models//", "/v1/models?x=1", "/v1/models/?x=1"])(
  "the list is at %s too",
  async (path) => {
    expect((await get(path)).status).toBe(200);
  },
);

test.each([
  ["athena", "athena"],
  ["ATHENA", "athena"],
  ["athena:latest", "athena"],
  ["openai/org/gpt-oss:20b", "openai/org/gpt-oss:20b"],
  ["openai%2Forg%2Fgpt-oss%3A20b", "openai/org/gpt-oss:20b"],
  ["ollama/qwen3", "ollama/qwen3:latest"],
  ["OLLAMA/Qwen3:LATEST", "ollama/qwen3:latest"],
])("one model is found by %s", async (name, id) => {
  const response = await get(`/v1/models/${name}`);
  expect(response.status).toBe(200);
  expect(await jsonOf(response)).toMatchObject({ id, object: "model" });
});

test.each(["nobody", "openai/unlisted", "athena/x"])("the unknown model %s is 404 model_not_found", async (name) => {
  const response = await get(`/v1/models/${name}`);
  expect(response.status).toBe(404);
  expect((await jsonOf(response)).error).toMatchObject({ code: "model_not_found", type: "invalid_request_error" });
});

const embed = async (body: object) => {
  const response = await post(`${edge.url}/v1/embeddings`, { model: "athena-embed", ...body });
  return { status: response.status, ...(await jsonOf(response)) };
};

test("vectors come in the order of their texts, as numbers or as base64 of the same numbers", async () => {
  const input = ["Kraków", "Gdańsk"];
  const numbers = await embed({ input });
  const encoded = await embed({ input, encoding_format: "base64" });
  expect(numbers).toMatchObject({
    status: 200,
    object: "list",
    model: "athena-embed",
    usage: { prompt_tokens: 4, total_tokens: 4 },
  });
  expect(numbers.data.map(({ index }: { index: number }) => index)).toEqual([0, 1]);
  for (const [index, { embedding }] of numbers.data.entries()) {
    const bytes = Buffer.from(encoded.data[index].embedding, "base64");
    const decoded = Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
    expect(decoded).toEqual(embedding);
    expect(embedding).toHaveLength(8);
  }
});

test("an empty text is legal, an empty list is not", async () => {
  expect(await embed({ input: "" })).toMatchObject({ status: 200, data: [{ index: 0 }] });
  expect(await embed({ input: [] })).toMatchObject({ status: 400, error: { param: "input" } });
});

test.each([[[1, 2, 3]], [[[1, 2], [3]]]])(
  "token ids %j are refused with the name of the setting that sends text",
  async (input) => {
    const refused = await embed({ input });
    expect(refused.status).toBe(400);
    expect(refused.error.message).toContain("check_embedding_ctx_length");
  },
);

test.each([[null], [7], [{ text: "x" }], [["x", null]]])("the input %j is 400 and names the field", async (input) => {
  const refused = await embed({ input });
  expect(refused.status).toBe(400);
  expect(refused.error.param).toMatch(/^input/);
});

test("a model that only chats is 400, not a failure to repeat", async () => {
  for (const model of ["athena", "openai/org/gpt-oss:20b"]) {
    expect(await embed({ model, input: "x" })).toMatchObject({ status: 400, error: { param: "model" } });
  }
});

test("dimensions are honoured or refused, never silently others", async () => {
  expect((await embed({ input: "x", dimensions: 4 })).data[0].embedding).toHaveLength(4);
  const stubborn = await startEdge({
    deps: {
      models: {
        ...edge.script.models,
        embed: async () => ({
          vectors: [new Float32Array(8)],
          usage: { promptTokens: 1, completionTokens: 0, estimated: false },
        }),
      },
    },
  });
  try {
    const response = await post(`${stubborn.url}/v1/embeddings`, { model: "athena-embed", input: "x", dimensions: 4 });
    expect(response.status).toBe(400);
    expect((await jsonOf(response)).error.param).toBe("dimensions");
  } finally {
    await stubborn.close();
  }
});

test("an unknown embedder is 404", async () => {
  expect(await embed({ model: "nobody", input: "x" })).toMatchObject({
    status: 404,
    error: { code: "model_not_found" },
  });
});

test.each([
  ["POST", "/v1/responses"],
  ["POST", "/responses"],
  ["GET", "/v1/responses/resp_1"],
  ["DELETE", "/v1/responses/resp_1"],
  ["POST", "/v1/responses/resp_1/cancel"],
  ["GET", "/v1/responses/resp_1/input_items"],
])("%s %s is an honest 501 that nobody repeats", async (method, path) => {
  const response = await fetch(edge.url + path, { method });
  expect(response.status).toBe(501);
  expect(response.headers.get("x-should-retry")).toBe("false");
  expect((await jsonOf(response)).error).toMatchObject({ type: "server_error", code: "not_configured" });
});

test("Athena still lists itself and answers while no provider can say what it has", async () => {
  const failing = await startEdge({
    deps: {
      models: {
        ...edge.script.models,
        models: async () => {
          throw new AppError("UPSTREAM_UNAVAILABLE", "No list.");
        },
      },
    },
  });
  try {
    const started = performance.now();
    expect((await jsonOf(await fetch(`${failing.url}/v1/models`))).data).toHaveLength(3);
    expect((await jsonOf(await fetch(`${failing.url}/api/tags`))).models).toHaveLength(3);
    expect(performance.now() - started).toBeLessThan(200);
    failing.script.enqueue({ text: "Hi." });
    const chat = { model: "athena", messages: [{ role: "user", content: "Hi" }] };
    expect((await post(`${failing.url}/v1/chat/completions`, chat)).status).toBe(200);
  } finally {
    await failing.close();
  }
});
