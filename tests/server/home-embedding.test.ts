import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { homePrompt, homeTools } from "../support/home/home-client.ts";
import { type ModelServer, startModelServer } from "../support/model-server.ts";

let server: ModelServer;
let athena: RunningEngine;
beforeAll(async () => {
  server = await startModelServer({ models: ["embedder"] });
  // Before the start: an engine that is refused its first embeddings asks again only a minute later.
  server.respond({ kind: "answer", text: "As you like." });
  athena = await startEngine({
    OPENAI_API_KEY: "none",
    OPENAI_BASE_URL: server.openaiUrl,
    ATHENA_EMBEDDING_MODEL: "openai/embedder",
    ATHENA_PRIVACY: "full",
  });
});
afterAll(async () => {
  await athena.close();
  await server.close();
});

const chat = (content: string, tools: readonly unknown[]) =>
  athena.post("/v1/chat/completions", {
    model: "athena",
    tools,
    messages: [
      { role: "system", content: homePrompt() },
      { role: "user", content },
    ],
  });
const embedded = (text: string) =>
  server.requests.some(({ path, body }) => path.endsWith("/embeddings") && JSON.stringify(body).includes(text));

test("an order to a home waits for no embedding, other queries are embedded", async () => {
  const question = "ponder the hue of the distant kitchen hills";
  await vi.waitFor(
    async () => {
      await chat(question, []);
      expect(embedded(question)).toBe(true);
    },
    { timeout: 50_000, interval: 250 },
  );
  // No pattern knows this order, so that only examples could tell what it is.
  const order = "make the worktop red please";
  const response = await chat(order, homeTools());
  const { choices } = (await response.json()) as { choices: { message: { tool_calls?: unknown[] } }[] };
  expect(choices[0]?.message.tool_calls).toHaveLength(1);
  expect(embedded(order)).toBe(false);
}, 60_000);
