import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createTeams } from "../../atlas/teams.ts";
import { type ChatClient, connectChat, type Frame } from "../support/chat-client.ts";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { everythingStored } from "../support/everything-stored.ts";
import { usedDataDir } from "../support/used-data-dir.ts";

let engine: RunningEngine;
let dataDir: string;
const clients: ChatClient[] = [];

beforeAll(async () => {
  dataDir = await usedDataDir();
  engine = await startEngine({
    ATHENA_DATA_DIR: dataDir,
    ATHENA_API_KEYS: "ada=a-secret-of-ada,eve=a-secret-of-eve",
    ATHENA_CORS_ORIGINS: "https://chat.example",
    ATHENA_MAX_MESSAGE_CHARS: "1000",
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
});
afterAll(async () => {
  await engine?.close();
  await rm(dataDir, { recursive: true, force: true });
});

type Who = "ada" | "eve";
const api = async (who: Who, method: string, path: string, body?: unknown) => {
  const response = await fetch(engine.url + path, {
    method,
    headers: { authorization: `Bearer a-secret-of-${who}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Frame };
};
const enter = async (who: Who, hello: object = {}, headers: Record<string, string> = {}): Promise<ChatClient> => {
  const client = await connectChat(engine.url, { token: `a-secret-of-${who}`, ...hello }, headers);
  clients.push(client);
  return client;
};
const makeThread = async (): Promise<string> => (await api("ada", "POST", "/threads", {})).body.id;
const makeGroup = async (): Promise<string> =>
  (await api("ada", "POST", "/channels", { kind: "group", title: "Club", scope: "public" })).body.id;
const contents = (client: ChatClient) => client.of("message").map(({ content }) => content);

test("a question is answered in deltas and kept, and every client of the channel sees both messages", async () => {
  const [asking, other] = [await enter("ada"), await enter("ada")];
  asking.send({ type: "message", id: "q1", text: "What is 17 * 23?" });
  const done = await asking.frame(({ type }) => type === "done");
  expect(done).toMatchObject({ ref: "q1", answer: expect.stringContaining("391"), degraded: [], position: 1 });
  expect(
    asking
      .of("delta")
      .map(({ text }) => text)
      .join(""),
  ).toBe(done.answer);
  expect(asking.of("receipt")).toMatchObject([{ ref: "q1", egress: "full" }]);
  expect(asking.frames.at(-1)).toBe(done);
  await other.frame(({ position, role }) => position === 2 && role === "assistant");
  expect(other.of("message")).toMatchObject([
    { position: 1, role: "user", author: "key:ada", content: "What is 17 * 23?" },
    { position: 2, role: "assistant", id: done.answer_id, content: done.answer },
  ]);
  expect(other.of("delta")).toEqual([]);
  expect(asking.of("message")[0]).toMatchObject({ ref: "q1", id: done.message_id });
});

test("a client that comes back gets what it missed, edits and deletions too, and nothing twice", async () => {
  const thread_id = await makeThread();
  const writer = await enter("ada", { thread_id });
  const reader = await enter("ada", { thread_id });
  for (const text of ["one", "two", "three"]) writer.send({ type: "message", text, reply: false });
  await reader.frame(({ position }) => position === 3);
  const { time } = reader.of("welcome")[0];
  await reader.close();
  const [first, second] = writer.of("message");
  writer.send({ type: "edit", message_id: first.id, text: "uno" });
  writer.send({ type: "delete", message_id: second.id });
  for (const text of ["four", "five"]) writer.send({ type: "message", text, reply: false });
  await writer.frame(({ position }) => position === 5);

  const back = await enter("ada", { thread_id, resume_from: 3, changed_since: time });
  await back.frame(({ position, type }) => type === "message" && position === 5);
  expect(back.of("welcome")).toMatchObject([{ position: 5, thread_id }]);
  expect(back.of("message").map(({ position, content, state }) => [position, content, state])).toEqual([
    [1, "uno", "edited"],
    [2, "", "deleted"],
    [4, "four", undefined],
    [5, "five", undefined],
  ]);
});

test("the same message id twice is stored once, also from another connection, and an answer is given again", async () => {
  const thread_id = await makeThread();
  const first = await enter("ada", { thread_id });
  first.send({ type: "message", id: "same", text: "just this", reply: false });
  await first.frame(({ position }) => position === 1);
  first.send({ type: "message", id: "same", text: "just this", reply: false });
  first.send({ type: "message", id: "sum", text: "What is 2 + 2?" });
  const done = await first.frame(({ type }) => type === "done");
  const second = await enter("ada", { thread_id, resume_from: 0 });
  second.send({ type: "message", id: "same", text: "just this", reply: false });
  second.send({ type: "message", id: "sum", text: "What is 2 + 2?" });
  expect(await second.frame(({ type }) => type === "done")).toMatchObject({ replayed: true, answer: done.answer });
  second.send({ type: "message", id: "sum", text: "What is 3 + 3?" });
  expect(await second.frame(({ type }) => type === "error")).toMatchObject({
    ref: "sum",
    code: "idempotency_mismatch",
  });
  const { body } = await api("ada", "GET", `/threads/${thread_id}/messages`);
  expect(body.messages).toHaveLength(3);
});

test("in a group people are left to themselves until Athena is mentioned", async () => {
  const channel = await makeGroup();
  const [ada, eve] = [await enter("ada", { channel }), await enter("eve", { channel })];
  expect(ada.of("welcome")[0]).toMatchObject({ kind: "group", thread_id: eve.of("welcome")[0].thread_id });
  ada.send({ type: "message", text: "What is 2 + 2? I know: @athenas" });
  eve.send({ type: "typing" });
  await ada.frame(({ type, author }) => type === "typing" && author === "key:eve");
  await eve.frame(({ position }) => position === 1);
  eve.send({ type: "message", text: "@Athena, what is 5 + 5?" });
  await ada.frame(({ position, role }) => position === 3 && role === "assistant");
  ada.send({ type: "message", text: "and 6 + 6?", mentions: ["athena"] });
  await eve.frame(({ position, role }) => position === 5 && role === "assistant");
  expect(eve.of("typing")).toEqual([]);
  expect(contents(ada)).toEqual(contents(eve));
  eve.send({ type: "delete", message_id: ada.of("message")[0].id });
  expect(await eve.frame(({ type }) => type === "error")).toMatchObject({ code: "policy_denied" });
});

test("20 clients that talk at once see everything, once, in one order", async () => {
  const channel = await makeGroup();
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, index) => enter(index % 2 === 0 ? "ada" : "eve", { channel })),
  );
  for (let round = 0; round < 10; round += 1) {
    for (const [index, client] of all.entries()) client.send({ type: "message", text: `${index}: ${round}` });
  }
  await Promise.all(all.map((client) => client.frame(({ position }) => position === 200, 60_000)));
  const said = contents(all[0]!);
  expect(new Set(said).size).toBe(200);
  for (const client of all) {
    expect(client.of("message").map(({ position }) => position)).toEqual(said.map((_, index) => index + 1));
    expect(contents(client)).toEqual(said);
  }
  // What one says in order lies in order.
  for (const index of all.keys()) {
    const own = said.filter((content) => content.startsWith(`${index}: `));
    expect(own).toEqual(Array.from({ length: 10 }, (_, round) => `${index}: ${round}`));
  }
  const metrics = async () =>
    (await fetch(`${engine.url}/metrics`, { headers: { authorization: "Bearer a-secret-of-ada" } })).text();
  await expect
    .poll(metrics, { timeout: 20_000 })
    .toMatch(new RegExp(`channel_ws_fanout_latency_seconds_count\\{channel_id="${channel}"\\} \\d+`));
  expect(await metrics()).toContain("channel_ws_connections 20");
}, 90_000);

test("another's thread and channel are as missing as what is not there", async () => {
  const thread_id = await makeThread();
  const answers: object[] = [];
  for (const hello of [
    { thread_id },
    { thread_id: randomUUID() },
    { thread_id: "nothing" },
    { thread_id, channel: "direct" },
  ]) {
    const client = await enter("eve", hello);
    const { request_id, ...error } = client.frames[0];
    answers.push({ error, code: await client.closed, frames: client.frames.length });
  }
  expect(answers[0]).toMatchObject({ code: 4404, frames: 1, error: { code: "not_found" } });
  expect(answers).toEqual(answers.map(() => answers[0]));
  const channels = [];
  for (const channel of ["direct:key:ada", "direct:key:nobody", "group:none"]) {
    const { request_id, ...error } = (await enter("eve", { channel })).frames[0];
    channels.push(error);
  }
  expect(channels[0]).toMatchObject({ code: "not_found" });
  expect(channels).toEqual([channels[0], channels[0], channels[0]]);
});

test("who leaves a team hears nothing more of it", async () => {
  const teams = createTeams({ database: engine.engine.database });
  await teams.add("crew", ["key:ada", "key:eve"]);
  const thread = await api("ada", "POST", "/threads", { scope: "team", team_id: "crew" });
  const [ada, eve] = [
    await enter("ada", { thread_id: thread.body.id }),
    await enter("eve", { thread_id: thread.body.id }),
  ];
  ada.send({ type: "message", text: "for the crew", reply: false });
  await eve.frame(({ position }) => position === 1);
  await teams.remove("crew", ["key:eve"]);
  ada.send({ type: "message", text: "without eve", reply: false });
  expect(await eve.closed).toBe(4404);
  expect(contents(eve)).toEqual(["for the crew"]);
});

test("what is confidential is stored encrypted, and the thread stays so", async () => {
  const thread_id = await makeThread();
  const client = await enter("ada", { thread_id });
  client.send({ type: "message", text: "the walrus sings at dawn", reply: false, mode: "confidential" });
  await client.frame(({ position }) => position === 1);
  client.send({ type: "message", text: "What is 40 + 2? The walrus asks." });
  const done = await client.frame(({ type }) => type === "done" || type === "error");
  const again = await enter("ada", { thread_id, resume_from: 0 });
  expect(again.of("welcome")[0].mode).toBe("confidential");
  await again.frame(({ position }) => position === 1);
  expect(contents(again)[0]).toBe("the walrus sings at dawn");
  expect(done.egress).not.toBe("full");
  expect(await everythingStored(engine.engine.database)).not.toContain("walrus");
});

describe("bad input", () => {
  test("is told and changes nothing, and the connection goes on", async () => {
    const thread_id = await makeThread();
    const client = await enter("ada", { thread_id });
    for (const garbage of ["{", "null", "[]", '{"type":"nothing"}', '{"__proto__":{"type":"message"}}', "\uFEFF{}"]) {
      client.socket.send(garbage);
    }
    client.socket.send(Buffer.from([0, 1, 2]), { binary: true });
    for (const frame of [
      { type: "hello" },
      { type: "message", text: "" },
      { type: "message", text: 7 },
      { type: "message", id: "a b", text: "x" },
      { type: "message", text: "x".repeat(1_001), reply: false },
      { type: "edit", message_id: "nothing", text: "x" },
      { type: "delete", message_id: randomUUID() },
      { type: "abort", id: "unknown" },
    ]) {
      client.send(frame);
    }
    client.send({ type: "message", text: "still here", reply: false });
    await client.frame(({ content }) => content === "still here");
    expect(client.of("error")).toHaveLength(14);
    expect(client.of("error").every(({ code }) => /^(invalid_input|too_large|not_found)$/.test(code))).toBe(true);
    expect((await api("ada", "GET", `/threads/${thread_id}`)).body.last_position).toBe(1);
  });

  test("closes a connection whose frame is too large, and the server goes on", async () => {
    const client = await enter("ada");
    client.send({ type: "message", text: "x".repeat(1_100_000) });
    expect(await client.closed).toBe(1009);
    expect((await enter("ada")).of("welcome")).toHaveLength(1);
  });

  test.each([
    [4400, "{"],
    [4400, JSON.stringify({ type: "message", text: "hi" })],
    [4401, JSON.stringify({ type: "hello" })],
    [4401, JSON.stringify({ type: "hello", token: "wrong" })],
  ])("closes with %i when the first frame is %s", async (code, first) => {
    const client = await connectChat(engine.url);
    clients.push(client);
    client.socket.send(first);
    expect(await client.closed).toBe(code);
  });

  test("a burst of frames waits for its turn and loses nothing", async () => {
    const thread_id = await makeThread();
    const client = await enter("ada", { thread_id });
    for (let count = 0; count < 160; count += 1) client.send({ type: "message", text: `${count}`, reply: false });
    await client.frame(({ position }) => position === 160, 30_000);
    expect(contents(client)).toEqual(Array.from({ length: 160 }, (_, index) => `${index}`));
  }, 40_000);
});

describe("the handshake", () => {
  const handshake = (path: string, headers: Record<string, string>): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(engine.url);
      const socket = connect(Number(port), hostname);
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk;
        if (text.includes("\r\n\r\n")) socket.destroy();
      });
      socket.on("close", () => resolve(text.split("\r\n")[0]!));
      socket.on("error", reject);
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n${lines.join("")}\r\n`);
    });
  const asked = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": Buffer.alloc(16, 7).toString("base64"),
  };

  test("is refused to pages of foreign origins, and granted to own and listed ones and to programs", async () => {
    expect(await handshake("/ws/chat", { ...asked, Origin: "https://evil.example" })).toContain(" 403 ");
    expect(await handshake("/ws/chat", { ...asked, Origin: "null" })).toContain(" 403 ");
    expect(await handshake("/ws/chat", { ...asked, Origin: engine.url })).toContain(" 101 ");
    expect(await handshake("/ws/chat", { ...asked, Origin: "https://chat.example" })).toContain(" 101 ");
    expect(await handshake("/ws/chat", asked)).toContain(" 101 ");
  });

  test("is for its path only: others are answered as usual", async () => {
    expect(await handshake("/health", { Connection: "Upgrade", Upgrade: "h2c" })).toContain(" 200 ");
    expect(await handshake("/ws/other", asked)).toContain(" 404 ");
    const plain = await fetch(`${engine.url}/ws/chat`);
    expect([plain.status, plain.headers.get("upgrade")]).toEqual([426, "websocket"]);
  });

  test("takes the key from the Authorization header too, never from the address", async () => {
    const header = await connectChat(engine.url, {}, { Authorization: "Bearer a-secret-of-ada" });
    clients.push(header);
    expect(header.of("welcome")).toMatchObject([{ principal: "key:ada" }]);
    expect(await handshake("/ws/chat?token=a-secret-of-ada", asked)).toContain(" 101 ");
    await delay(0);
  });
});
