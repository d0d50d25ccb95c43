import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ChatClient, connectChat, type Frame } from "../../support/chat-client.ts";
import { type EngineGate, openEngineGate } from "../../support/engine-gate.ts";
import { freePort, freshDataDir } from "../../support/server-process.ts";
import { type AthenaProcess, startAthena } from "../../support/start-athena.ts";
import { usedDataDir } from "../../support/used-data-dir.ts";

const folders: string[] = [];
const clients: ChatClient[] = [];
let engine: AthenaProcess;
let front: AthenaProcess;
let gate: EngineGate;

beforeAll(async () => {
  folders.push(await usedDataDir(), await freshDataDir());
  const [engineDir, frontDir] = folders as [string, string];
  engine = await startAthena("serve", await freePort(), {
    ATHENA_DATA_DIR: engineDir,
    ATHENA_API_KEYS: "ada=a-secret-of-ada,eve=a-secret-of-eve",
    ATHENA_MAX_MESSAGE_CHARS: "1000",
  });
  gate = await openEngineGate(() => engine.url);
  front = await startAthena("front", await freePort(), {
    ATHENA_DATA_DIR: frontDir,
    ATHENA_BACKEND_URL: gate.url,
    ATHENA_FRONT_FLUSH_SECONDS: "0.1",
  });
}, 180_000);
afterEach(() => {
  gate.judge = () => undefined;
  for (const client of clients.splice(0)) client.socket.terminate();
});
afterAll(async () => {
  await Promise.all([front?.kill(), engine?.kill(), gate?.close()]);
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const api = async (method: string, path: string, body?: unknown): Promise<Frame> => {
  const response = await fetch(engine.url + path, {
    method,
    headers: { authorization: "Bearer a-secret-of-ada", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
};
const makeThread = async (): Promise<string> => (await api("POST", "/threads", {})).id;
const stored = async (thread: string): Promise<string[]> =>
  (await api("GET", `/threads/${thread}/messages?limit=500`)).messages.map(({ content }: Frame) => content);
const enter = async (hello: object): Promise<ChatClient> => {
  const client = await connectChat(front.url, { token: "a-secret-of-ada", ...hello });
  clients.push(client);
  return client;
};

test("an engine whose database is down is as one that is away: one enters, is told, and what is asked is kept", async () => {
  const thread_id = await makeThread();
  const client = await enter({ thread_id });
  client.send({ type: "message", text: "before", reply: false });
  await client.frame(({ position }) => position === 1);
  gate.judge = (call) => (/ \/(me|health)\b/.test(call) ? undefined : { status: 503, code: "database_unavailable" });
  client.send({ type: "message", id: "q", text: "What is 2 + 2?" });
  expect(await client.frame(({ type, ref }) => type === "degraded" && ref === "q")).toMatchObject({ part: "backend" });
  await client.frame(({ type, ref, over }) => type === "degraded" && !ref && !over);
  for (const _ of [1, 2]) {
    const again = await enter({ thread_id, resume_from: 0, changed_since: new Date().toISOString() });
    await again.frame(({ content, pending }) => pending && content === "What is 2 + 2?");
    expect(again.of("message")[0]).toMatchObject({ position: 1, content: "before" });
  }
  // Nor does the rest, as long as nothing says that they may not: the engine is gone altogether.
  gate.judge = () => ({ status: 502, code: "none_of_its_own" });
  expect((await enter({ thread_id })).of("welcome")).toHaveLength(1);
  // Who comes in meanwhile is not told that it is back.
  expect(client.of("degraded").filter(({ over }) => over)).toEqual([]);

  gate.judge = () => undefined;
  await client.frame(({ position }) => position === 2, 30_000);
  await client.frame(({ type, over }) => type === "degraded" && over);
  expect(await stored(thread_id)).toEqual(["before", "What is 2 + 2?"]);
}, 60_000);

test("whoever said what the engine refuses for good is told, also when they come back; what comes after it is brought", async () => {
  const channel = (await api("POST", "/channels", { kind: "group", title: "Club", scope: "public" })).id;
  const client = await enter({ channel });
  const { thread_id } = client.of("welcome")[0];
  const other = await enter({ token: "a-secret-of-eve", channel });
  gate.judge = (call, body) =>
    call.endsWith("/append") && body.includes("unbearable") ? { status: 413, code: "too_large" } : undefined;
  client.send({ type: "message", id: "bad", text: "unbearable", reply: false });
  client.send({ type: "message", id: "good", text: "fine", reply: false });
  const { message_id } = await client.frame(({ type }) => type === "error");
  expect(client.of("error")[0]).toMatchObject({
    ref: "bad",
    code: "too_large",
    retryable: false,
    message: expect.stringMatching(/^This message was kept, but will not be in the thread: [^.]* too large\. /),
  });
  await client.frame(({ ref, position }) => ref === "good" && position === 1);
  expect(await stored(thread_id)).toEqual(["fine"]);
  const again = await enter({ thread_id });
  const told = await again.frame(({ type }) => type === "error");
  expect(told).toMatchObject({ message_id, code: "too_large" });
  expect(JSON.stringify(told)).not.toContain("unbearable");
  expect(again.of("message").some(({ content }) => content === "unbearable")).toBe(false);
  expect(other.of("error")).toEqual([]);
  const ready = await (await fetch(`${front.url}/ready`)).json();
  expect(ready).toMatchObject({ status: "ready", messages: { waiting: 0, refused: 1 } });
  expect(await (await fetch(`${front.url}/metrics`)).text()).toMatch(/^front_refused_messages 1$/m);
}, 60_000);

test("whose thread is gone when the engine is back is told of what was kept for it, before and after they are cut off", async () => {
  const thread_id = await makeThread();
  const client = await enter({ thread_id });
  gate.judge = (call) => (call.startsWith("GET /health") ? undefined : { status: 502, code: "none_of_its_own" });
  client.send({ type: "message", id: "late", text: "too late", reply: false });
  const pending = await client.frame(({ ref, pending }) => ref === "late" && pending);
  gate.judge = (call) =>
    call.includes(thread_id) || call.endsWith("/enter") ? { status: 404, code: "not_found" } : undefined;
  const refusal = {
    message_id: pending.id,
    code: "not_found",
    message: expect.stringContaining("is not there any more"),
  };
  expect(await client.frame(({ type }) => type === "error", 30_000)).toMatchObject({ ...refusal, ref: "late" });
  expect(await client.closed).toBe(4404);
  const again = await enter({ thread_id: thread_id.toUpperCase() });
  expect(await again.closed).toBe(4404);
  expect(again.of("error")[0]).toMatchObject(refusal);
}, 60_000);

test("what the engine finds too long, or a proxy before it too large, is refused and leaves the others alone", async () => {
  const thread_id = await makeThread();
  const client = await enter({ thread_id });
  gate.judge = (call, body) =>
    call.endsWith("/append") && body.includes("walrus") ? { status: 413, code: "none_of_its_own" } : undefined;
  const long = "x".repeat(1_001);
  for (const [index, text] of ["one", long, "two", "walrus", "three"].entries()) {
    client.send({ type: "message", id: `m${index}`, text, reply: false });
  }
  await client.frame(({ position }) => position === 3);
  expect(await stored(thread_id)).toEqual(["one", "two", "three"]);
  const told = client.of("error").map(({ ref, code }) => [ref, code]);
  expect(told).toEqual([
    ["m1", "too_large"],
    ["m3", "too_large"],
  ]);
  expect(client.of("degraded")).toEqual([]);
}, 60_000);
