import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createWriteSummary, type WriteSummary } from "../../../atlas/summaries/write-summary.ts";
import type { ModelGateway } from "../../../platform/models/model-gateway.ts";
import { gatewayOn, openPermit } from "../../support/gateway.ts";
import { type ModelServer, startModelServer } from "../../support/model-server.ts";

describe("a summary that a model writes", () => {
  let server: ModelServer;
  let gateway: ModelGateway;
  beforeAll(async () => {
    server = await startModelServer({ models: ["m"], apiKey: "secret" });
    gateway = await gatewayOn({
      OPENAI_BASE_URL: server.openaiUrl,
      OPENAI_API_KEY: "secret",
      ATHENA_MODEL: "openai/m",
    });
  });
  afterAll(async () => {
    await gateway.close();
    await server.close();
  });
  beforeEach(() => server.reset());

  const write = (...asked: Parameters<WriteSummary>) =>
    createWriteSummary({ models: gateway, model: "openai/m", permit: () => openPermit(), timeoutMs: 3_000 })(...asked);
  const { signal } = new AbortController();

  test("is asked for in the thread's language, with the thread as material", async () => {
    server.enqueue({ text: ["Zamówiono ", "tulipany. "] });
    expect(await write("Zamówiłem tulipany.", "pl", 100, signal)).toBe("Zamówiono tulipany.");
    const [request] = server.requests.filter(({ path }) => path.endsWith("/chat/completions"));
    const [system, user] = (request!.body as { messages: { role: string; content: string }[] }).messages;
    expect(system).toMatchObject({ role: "system", content: expect.stringContaining("in Polish") });
    expect(user).toEqual({ role: "user", content: "Zamówiłem tulipany." });
  });

  test("is left out when the model fails or says nothing", async () => {
    server.enqueue({ text: ["  "] });
    expect(await write("Something was said.", "en", 100, signal)).toBeUndefined();
    server.enqueue({ kind: "failure", status: 400 });
    expect(await write("Something was said.", "en", 100, signal)).toBeUndefined();
  });

  test("ends with the caller's own reason when the process stops", async () => {
    const reason = new Error("stopping");
    await expect(write("Something was said.", "en", 100, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
