import { afterAll, beforeAll } from "vitest";
import { aiSdkSuite } from "../clients/ai-sdk.ts";
import type { ClientTarget } from "../clients/client-target.ts";
import { langchainSuite } from "../clients/langchain.ts";
import { ollamaNodeSuite } from "../clients/ollama-node.ts";
import { openaiNodeSuite } from "../clients/openai-node.ts";
import { pythonSuite } from "../clients/python.ts";
import { type Edge, startEdge } from "../support/start-edge.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close(100));

const target = (): ClientTarget => ({
  url: edge.url,
  enqueue: (...replies) => edge.script.enqueue(...replies),
  reset: () => edge.script.reset(),
  aborted: () => edge.script.aborts.length,
});

openaiNodeSuite(target);
ollamaNodeSuite(target);
langchainSuite(target);
aiSdkSuite(target);
pythonSuite(target);
