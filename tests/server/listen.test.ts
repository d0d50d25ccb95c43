import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { listen } from "../../server/listen.ts";
import { type Edge, jsonOf, post, startEdge } from "../support/start-edge.ts";

let edge: Edge | undefined;
afterEach(async () => {
  await edge?.close(0);
  edge = undefined;
});
const chat = { model: "athena", stream: true, messages: [{ role: "user", content: "Hello" }] };

describe("stopping", () => {
  test("says so at once, lets a running stream finish, and takes nothing new", async () => {
    edge = await startEdge();
    edge.script.enqueue({ text: ["One ", "two ", "three."], chunkDelayMs: 100 });
    const response = await post(`${edge.url}/v1/chat/completions`, chat);
    const kept = connect(edge.port, "127.0.0.1");
    let heard = "";
    kept.on("data", (data) => {
      heard += data;
    });
    kept.on("error", () => {});
    // Half a request: the connection is not idle, so it outlives the stop and can still ask.
    kept.write("GET /ready HTTP/1.1\r\nHost: localhost\r\n");
    await sleep(20);
    const closed = edge.close();
    kept.write("\r\n");
    await vi.waitFor(() => expect(heard).toContain("HTTP/1.1 503"), 10_000);
    expect(heard).toContain('"status":"unavailable"');
    await expect(fetch(`${edge.url}/health`)).rejects.toThrow();
    expect(await response.text()).toMatch(/data: \[DONE\]\n\n$/);
    await closed;
  });

  test("cuts what takes longer than the limit, and tells the engine", async () => {
    edge = await startEdge();
    edge.script.enqueue({ kind: "silence" });
    const response = await post(`${edge.url}/v1/chat/completions`, chat);
    const started = performance.now();
    await edge.close(100);
    expect(performance.now() - started).toBeLessThan(1_000);
    await expect(response.text()).rejects.toThrow();
    await vi.waitFor(() => expect(edge?.script.queries[0]?.signal.aborted).toBe(true), 10_000);
  });

  test("is quick when nobody is there, kept connections included, and may be asked for twice", async () => {
    edge = await startEdge();
    await (await fetch(`${edge.url}/health`)).text();
    const started = performance.now();
    await Promise.all([edge.close(), edge.close()]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("does not wait for a connection on which nothing was ever asked", async () => {
    edge = await startEdge();
    const silent = connect(edge.port, "127.0.0.1").resume();
    const gone = once(silent, "close");
    await once(silent, "connect");
    const started = performance.now();
    await edge.close();
    expect(performance.now() - started).toBeLessThan(3_000);
    await gone;
  });
});

describe("a slow client", () => {
  const lifetime = (port: number, first: string, trickle: string) =>
    new Promise<number>((resolve) => {
      const started = performance.now();
      const socket = connect(port, "127.0.0.1");
      socket.write(first);
      const timer = setInterval(() => trickle !== "" && socket.write(trickle), 50);
      socket.on("error", () => {});
      socket.on("data", () => {});
      socket.on("close", () => {
        clearInterval(timer);
        resolve(performance.now() - started);
      });
    });

  test("that trickles headers or its body, or says nothing at all, is cut", async () => {
    edge = await startEdge();
    const quick = await listen(edge.app, { host: "127.0.0.1", port: 0, headersTimeoutMs: 250, requestTimeoutMs: 600 });
    try {
      const body =
        "POST /ai/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n";
      const lives = await Promise.all([
        lifetime(quick.port, "GET / HTTP/1.1\r\nX-A: ", "a"),
        lifetime(quick.port, "", ""),
        lifetime(quick.port, body, " "),
      ]);
      for (const ms of lives) expect(ms).toBeLessThan(2_500);
    } finally {
      await quick.close(0);
    }
  });
});

test("an address that is taken is said in words that name the setting", async () => {
  edge = await startEdge();
  await expect(listen(edge.app, { host: "127.0.0.1", port: edge.port })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("ATHENA_PORT"),
  });
});

test("the address is told as a URL", async () => {
  edge = await startEdge();
  expect(edge.url).toBe(`http://127.0.0.1:${edge.port}`);
  expect((await jsonOf(await fetch(`${edge.url}/health`))).status).toBe("ok");
});
