import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import express from "express";
import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { AppError } from "../../../platform/errors/app-error.ts";
import { createBroadcast } from "../../../platform/events/broadcast.ts";
import { createMetrics } from "../../../platform/metrics/metrics.ts";
import { localPrincipal } from "../../../platform/policy/principal.ts";
import type { ChatBackend, WireMessage } from "../../../server/chat-socket/chat-backend.ts";
import type { ChatLimits } from "../../../server/chat-socket/chat-limits.ts";
import { createChatServer } from "../../../server/chat-socket/create-chat-server.ts";
import { type Listening, listen } from "../../../server/listen.ts";
import { type ChatClient, connectChat } from "../../support/chat-client.ts";
import { until } from "../../support/until.ts";

/** A thread in memory that keeps its state; asking goes on until it is stopped. */
const createThread = () => {
  const messages: WireMessage[] = [];
  const aborted: string[] = [];
  const peers: (string | undefined)[] = [];
  const backend: ChatBackend = {
    async identify(token, { peer }) {
      peers.push(peer);
      return { id: token ?? "local", principal: localPrincipal, token };
    },
    async enter() {
      return {
        id: "thread",
        channelId: "direct:local",
        kind: "direct",
        agents: [],
        mode: "open",
        lastPosition: messages.length,
      };
    },
    async messages(_caller, _thread, { after, limit }) {
      return { messages: messages.slice(after, after + limit), more: messages.length > after + limit };
    },
    changed: async () => [],
    async say(caller, _thread, { text, key }) {
      messages.push({
        id: key,
        position: messages.length + 1,
        role: "user",
        author: caller.id,
        content: text,
        created_at: new Date().toISOString(),
        meta: {},
      });
    },
    ask: (_caller, _thread, { key }, { signal, onEvent }) =>
      new Promise((_resolve, reject) => {
        void onEvent({ type: "accepted" });
        signal.addEventListener("abort", () => {
          aborted.push(key);
          reject(new Error("stopped"));
        });
      }),
    edit: async () => {},
    remove: async () => {},
  };
  return { backend, messages, aborted, peers };
};

const running: Listening[] = [];
const clients: ChatClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await Promise.all(running.splice(0).map((server) => server.close(500)));
});

const start = async (limits: Partial<ChatLimits>) => {
  const thread = createThread();
  const broadcast = createBroadcast("embedded");
  const chat = createChatServer({
    backend: thread.backend,
    broadcast,
    metrics: createMetrics(),
    logger: pino({ level: "silent" }),
    anonymous: false,
    origins: [],
    limits: { sweepMs: 50, ...limits },
  });
  const server = await listen(express(), { host: "127.0.0.1", port: 0, upgrades: chat });
  running.push(server);
  const enter = async (hello?: object): Promise<ChatClient> => {
    const client = await connectChat(server.url, hello);
    clients.push(client);
    return client;
  };
  return { ...thread, server, enter, chat };
};

describe("limits of /ws/chat", () => {
  test("a client that reads nothing is cut off, told to resume, and loses nothing by it", async () => {
    const { enter, messages, backend } = await start({ stalledMs: 300, queuedBytes: 16 * 1024 });
    const slow = await enter({});
    const caller = { id: "other", principal: localPrincipal, token: undefined };
    const thread = await backend.enter(caller, {});
    (slow.socket as unknown as { _socket: { pause(): void; resume(): void } })._socket.pause();
    // More than the kernel's buffers take.
    for (let count = 0; count < 300; count += 1) {
      await backend.say(caller, thread, { type: "message", key: `${count}`, text: "x".repeat(60_000) });
    }
    await delay(1_000); // until it is given up
    (slow.socket as unknown as { _socket: { pause(): void; resume(): void } })._socket.resume();
    expect(await slow.closed).toBe(4410);
    expect(slow.position()).toBeLessThan(300);
    const back = await enter({ resume_from: slow.position() });
    await back.frame(({ position, type }) => type === "message" && position === 300);
    const seen = [...slow.of("message"), ...back.of("message")].map(({ position }) => position);
    expect(seen).toEqual(messages.map(({ position }) => position));
  }, 30_000);

  test("whoever says no hello in time is cut off", async () => {
    const { enter } = await start({ helloMs: 60 });
    expect(await (await enter()).closed).toBe(4408);
  });

  test("a caller has so many connections and no more, and may come again when one is gone", async () => {
    const { enter } = await start({ connectionsPerPrincipal: 2 });
    const [first] = [await enter({ token: "ada" }), await enter({ token: "ada" })];
    const third = await enter({ token: "ada" });
    expect([third.frames[0].code, await third.closed]).toEqual(["rate_limited", 4429]);
    expect((await enter({ token: "eve" })).of("welcome")).toHaveLength(1);
    await first.close();
    await until(async () => (await enter({ token: "ada" })).of("welcome").length === 1);
  });

  test("refuses handshakes while too many have not said who they are", async () => {
    const { enter } = await start({ unknownConnections: 2 });
    await enter();
    await enter();
    await expect(enter()).rejects.toThrow("503");
  });

  test("a refused handshake is answered in the error envelope, and says when to come again", async () => {
    const { enter, server } = await start({ unknownConnections: 1 });
    const handshake = async (headers: Record<string, string>) => {
      const request = get(`${server.url}/ws/chat`, {
        headers: {
          Connection: "Upgrade",
          Upgrade: "websocket",
          "Sec-WebSocket-Version": "13",
          "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
          ...headers,
        },
      });
      const [response] = (await once(request, "response")) as [IncomingMessage];
      return { status: response.statusCode, headers: response.headers, body: JSON.parse(await text(response)) };
    };
    const foreign = await handshake({ Origin: "https://elsewhere.example" });
    expect(foreign).toMatchObject({
      status: 403,
      body: { error: { type: expect.any(String), code: "policy_denied", message: expect.stringContaining("origin") } },
    });
    await enter();
    const full = await handshake({});
    expect(full).toMatchObject({
      status: 503,
      headers: { "retry-after": "1" },
      body: { error: { code: "upstream_unavailable" }, request_id: full.headers["x-request-id"] },
    });
    expect(full.headers["x-request-id"]).not.toBe(foreign.headers["x-request-id"]);
  });

  test("a backend is told where a connection comes from", async () => {
    const { enter, peers } = await start({});
    await enter({});
    expect(peers).toEqual(["127.0.0.1"]);
  });

  test("frames that come faster than the rate wait, and too many cut the client off", async () => {
    const { enter, messages } = await start({ framesPerSecond: 100, burst: 5, waitingFrames: 50 });
    const client = await enter({});
    const from = performance.now();
    for (let count = 0; count < 30; count += 1) client.send({ type: "message", text: `${count}`, reply: false });
    await client.frame(({ position, type }) => type === "message" && position === 30);
    expect(performance.now() - from).toBeGreaterThan(200);
    expect(messages.map(({ content }) => content)).toEqual(Array.from({ length: 30 }, (_, index) => `${index}`));
    for (let count = 0; count < 500; count += 1) client.send({ type: "typing" });
    expect(await client.closed).toBe(4429);
  });

  test("a connection that does not answer is ended", async () => {
    const { enter } = await start({ heartbeatMs: 50 });
    const client = await enter({});
    await client.frame(({ type }) => type === "ping");
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    (client.socket as unknown as { _autoPong: boolean })._autoPong = false;
    expect(await client.closed).toBe(1006);
  });

  test("answers are stopped by the client, bounded in number, and given up when nobody is there", async () => {
    const { enter, aborted } = await start({ answers: 2, abandonedMs: 50 });
    const client = await enter({});
    for (const id of ["one", "two", "three"]) client.send({ type: "message", id, text: "?" });
    expect(await client.frame(({ type }) => type === "error")).toMatchObject({ ref: "three", code: "rate_limited" });
    client.send({ type: "abort", id: "one" });
    expect(await client.frame(({ ref, type }) => type === "error" && ref === "one")).toMatchObject({
      code: "client_closed",
    });
    expect(aborted).toEqual(["one"]);
    await client.close();
    await until(() => aborted.length === 2);
  });

  test("a client whose hello fails half way is nobody for whom an answer goes on", async () => {
    const { enter, aborted, backend } = await start({ abandonedMs: 50 });
    backend.changed = async () => {
      throw new AppError("DATABASE_UNAVAILABLE", "The database does not answer.");
    };
    const asking = await enter({});
    asking.send({ type: "message", id: "one", text: "?" });
    const failed = await enter({ resume_from: 0, changed_since: new Date().toISOString() });
    expect(await failed.closed).toBe(1011);
    await asking.close();
    await until(() => aborted.length === 1);
  });

  test("a server that stops tells its clients to resume", async () => {
    const { enter, server } = await start({});
    const client = await enter({});
    await server.close(1_000);
    expect(await client.closed).toBe(1001);
  });
});
