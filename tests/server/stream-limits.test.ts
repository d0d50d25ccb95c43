import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Edge, startEdge } from "../support/start-edge.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ stream: { keepAliveMs: 10_000, stalledMs: 300 } });
});
afterAll(() => edge.close(100));
beforeEach(() => edge.script.reset());

const send = async (path: string, body: object, port = edge.port): Promise<Socket> => {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  const json = JSON.stringify(body);
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
  return socket;
};
const chat = { model: "athena", messages: [{ role: "user", content: "Hello" }] };
const openStreams = async () => (await edge.deps.metrics.openStreams.get()).values[0]?.value ?? 0;

describe("a client that goes away", () => {
  test.each([
    ["a chat stream", "/v1/chat/completions", { ...chat, stream: true }],
    ["a chat answer", "/v1/chat/completions", chat],
    ["lines of Ollama's", "/api/chat", chat],
    ["a native query", "/ai/query", { text: "Hello" }],
    ["a raw model's stream", "/v1/chat/completions", { ...chat, model: "openai/stand-in", stream: true }],
  ])("in the middle of %s stops the work within 250 ms", async (_, path, body) => {
    edge.script.enqueue({ kind: "silence" });
    const socket = await send(path, body);
    const arrived = edge.script;
    await vi.waitFor(() => expect(arrived.queries.length + arrived.chats.length).toBe(1), 10_000);
    await sleep(20);
    const left = performance.now();
    socket.destroy();
    await vi.waitFor(() => expect(edge.script.aborts).toHaveLength(1), 10_000);
    expect(edge.script.aborts[0]! - left).toBeLessThan(250);
    await vi.waitFor(async () => expect(await openStreams()).toBe(0), 10_000);
  });

  test("after a complete answer aborts nothing", async () => {
    edge.script.enqueue({ text: "Hi." });
    const response = await fetch(`${edge.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", connection: "close" },
      body: JSON.stringify({ ...chat, stream: true }),
    });
    await response.text();
    await sleep(30);
    expect(edge.script.queries[0]?.signal.aborted).toBe(false);
  });
});

describe("a client that stops reading", () => {
  test("holds the engine back, queues at most 1 MB and is cut off", async () => {
    const megabyte = "x".repeat(1_000_000);
    edge.script.enqueue({ text: Array.from({ length: 60 }, () => megabyte) });
    const socket = await send("/v1/chat/completions", { ...chat, stream: true });
    socket.pause();
    const before = process.memoryUsage().arrayBuffers;
    const closed = new Promise<number>((resolve) => {
      const started = performance.now();
      socket.once("close", () => resolve(performance.now() - started));
    });
    await vi.waitFor(() => expect(edge.script.aborts).toHaveLength(1), { timeout: 8_000 });
    // The kernel's buffers take some; the rest was never made.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
    socket.resume();
    expect(await closed).toBeLessThan(8_000);
    await vi.waitFor(async () => expect(await openStreams()).toBe(0), 10_000);
  });
});

test("the engine makes no more small pieces than a client that stops reading has room for", async () => {
  let made = 0;
  const piece = "x".repeat(4_096);
  const slow = await startEdge({
    stream: { keepAliveMs: 10_000, stalledMs: 300 },
    deps: {
      engine: {
        async run({ signal }, onEvent) {
          await onEvent?.({ type: "accepted", threadId: "t", messageId: "m", position: 1 });
          for (; made < 15_000 && !signal.aborted; made += 1) await onEvent?.({ type: "text", text: piece });
          signal.throwIfAborted();
          throw new Error("nobody held the engine back");
        },
      },
    },
  });
  try {
    const socket = await send("/v1/chat/completions", { ...chat, stream: true }, slow.port);
    socket.pause();
    await vi.waitFor(async () => expect((await slow.deps.metrics.openStreams.get()).values[0]?.value).toBe(1), 10_000);
    await vi.waitFor(async () => expect((await slow.deps.metrics.openStreams.get()).values[0]?.value).toBe(0), 8_000);
    // What the kernel's buffers of both ends take, not the 60 MB that could have been made.
    expect(made * piece.length).toBeLessThan(16_000_000);
    socket.destroy();
  } finally {
    await slow.close(100);
  }
});

test("500 streams at once all complete, and no listener or stream is left", async () => {
  const streams = Array.from({ length: 500 }, async () => {
    edge.script.enqueue({ text: ["One ", "two."], chunkDelayMs: 20 });
    const response = await fetch(`${edge.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...chat, stream: true }),
    });
    return (await response.text()).endsWith("data: [DONE]\n\n");
  });
  expect((await Promise.all(streams)).every(Boolean)).toBe(true);
  await vi.waitFor(async () => expect(await openStreams()).toBe(0), 10_000);
});
