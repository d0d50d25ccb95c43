import { afterEach, describe, expect, test } from "vitest";
import { eventsOf, gatewayOn, requestTo, textOf } from "../../support/gateway.ts";
import { type ModelServer, startModelServer } from "../../support/model-server.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});
const serverWith = async (options: Parameters<typeof startModelServer>[0] = {}): Promise<ModelServer> => {
  const server = await startModelServer({ models: ["m"], ...options });
  opened.push(server);
  return server;
};
const gatewayTo = async (server: ModelServer, options: Parameters<typeof gatewayOn>[1] = {}) => {
  const gateway = await gatewayOn({ OPENAI_BASE_URL: server.openaiUrl, ATHENA_MODEL: "openai/m" }, options);
  opened.push(gateway);
  return gateway;
};

describe("a dead upstream", () => {
  test("sees at most 10 of 1,000 calls made one after the other, and the others wait no 20 ms", async () => {
    const server = await serverWith({ reply: { kind: "failure", status: 503 } });
    const gateway = await gatewayTo(server);
    const waits: number[] = [];
    for (let at = 0; at < 1_000; at += 1) {
      const started = performance.now();
      await expect(eventsOf(gateway.stream(requestTo("openai/m")))).rejects.toMatchObject({
        code: "PROVIDER_SERVER_ERROR",
      });
      waits.push(performance.now() - started);
    }
    expect(server.requests.length).toBeLessThanOrEqual(10);
    const late = waits.slice(5).sort((a, b) => a - b);
    expect(late[Math.floor(late.length * 0.99)]).toBeLessThan(20);
    expect((await gateway.states())[0]).toMatchObject({ name: "openai", state: "open-breaker" });
    expect(await gateway.metrics.registry.getSingleMetricAsString("breaker_open")).toContain(
      'breaker_open{name="openai/m"} 1',
    );
  });

  test("sees at most 10 of 1,000 calls made at the same time", async () => {
    const server = await serverWith({ reply: { kind: "failure", status: 503 } });
    const gateway = await gatewayTo(server);
    const answers = await Promise.allSettled(
      Array.from({ length: 1_000 }, () => eventsOf(gateway.stream(requestTo("openai/m")))),
    );
    expect(answers.every(({ status }) => status === "rejected")).toBe(true);
    expect(server.requests.length).toBeLessThanOrEqual(10);
  });

  test("is used again once it has healed", async () => {
    const server = await serverWith({ reply: { kind: "failure", status: 503 } });
    const gateway = await gatewayTo(server, { breakerOpenMs: 300 });
    for (let at = 0; at < 3; at += 1) await eventsOf(gateway.stream(requestTo("openai/m"))).catch(() => undefined);
    const calls = server.requests.length;
    server.respond({ text: "back" });
    await expect(eventsOf(gateway.stream(requestTo("openai/m")))).rejects.toMatchObject({ retryAfterSeconds: 10 });
    expect(server.requests.length).toBe(calls);
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(textOf(await eventsOf(gateway.stream(requestTo("openai/m"))))).toBe("back");
    expect(await gateway.metrics.registry.getSingleMetricAsString("breaker_open")).toContain(
      'breaker_open{name="openai/m"} 0',
    );
  });

  test("that is not there at all is told apart from a slow one", async () => {
    const server = await serverWith();
    const gateway = await gatewayTo(server);
    await server.close();
    await expect(eventsOf(gateway.stream(requestTo("openai/m")))).rejects.toMatchObject({
      code: "PROVIDER_SERVER_ERROR",
      message: expect.stringContaining("OPENAI_BASE_URL"),
    });
  });
});

describe("a living upstream", () => {
  test("answers 200 calls at the same time, from a cold start", async () => {
    const server = await serverWith({ reply: { text: ["a", "b"], chunkDelayMs: 5 } });
    const gateway = await gatewayTo(server);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => eventsOf(gateway.stream(requestTo("openai/m")))),
    );
    expect(answers.map(textOf)).toEqual(Array.from({ length: 200 }, () => "ab"));
    expect(server.requests.every(({ aborted }) => !aborted)).toBe(true);
  });

  test("that refuses requests does not open the breaker", async () => {
    const server = await serverWith({ reply: { kind: "failure", status: 422 } });
    const gateway = await gatewayTo(server);
    for (let at = 0; at < 12; at += 1) {
      await expect(eventsOf(gateway.stream(requestTo("openai/m")))).rejects.toMatchObject({ code: "PROVIDER_REFUSED" });
    }
    expect(server.requests).toHaveLength(12);
  });
});
