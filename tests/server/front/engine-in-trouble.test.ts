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
    ATHENA_API_KEYS: "ada=a-secret-of-ada",
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
