import { afterAll, beforeAll } from "vitest";
import { aiSdkSuite } from "../clients/ai-sdk.ts";
import type { ClientTarget } from "../clients/client-target.ts";
import { langchainSuite } from "../clients/langchain.ts";
import { ollamaNodeSuite } from "../clients/ollama-node.ts";
import { openaiNodeSuite } from "../clients/openai-node.ts";
import { pythonSuite } from "../clients/python.ts";
import { startEngine } from "../support/engine.ts";
import { startModelServer } from "../support/model-server.ts";

/** The same suites as in clients.test.ts, with everything behind the edge: the graph, the gateway, a database, a model server. */
let engine: Awaited<ReturnType<typeof startEngine>>;
let model: Awaited<ReturnType<typeof startModelServer>>;
beforeAll(async () => {
  model = await startModelServer();
  engine = await startEngine({ OPENAI_BASE_URL: model.openaiUrl, OPENAI_API_KEY: "unused" });
});
afterAll(async () => {
  await engine?.close();
  await model?.close();
});
const target = (): ClientTarget => ({
  url: engine.url,
  enqueue: (...replies) => model.enqueue(...replies),
  reset: () => model.reset(),
  aborted: () => model.requests.filter(({ aborted }) => aborted).length,
});
openaiNodeSuite(target);
ollamaNodeSuite(target);
langchainSuite(target);
aiSdkSuite(target);
pythonSuite(target);
