import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ChatClient, connectChat, type Frame } from "../../support/chat-client.ts";
import { createChatSpeaker } from "../../support/chat-speaker.ts";
import { freePort, freshDataDir } from "../../support/server-process.ts";
import { type AthenaProcess, startAthena } from "../../support/start-athena.ts";
import { until } from "../../support/until.ts";
import { usedDataDir } from "../../support/used-data-dir.ts";

const keys = "ada=a-secret-of-ada,eve=a-secret-of-eve";
const folders: string[] = [];
const clients: ChatClient[] = [];
let engine: AthenaProcess;
let front: AthenaProcess;
let enginePort: number;
let frontPort: number;
let engineDir: string;
let frontDir: string;

const startEngine = async () => {
  engine = await startAthena("serve", enginePort, { ATHENA_DATA_DIR: engineDir, ATHENA_API_KEYS: keys });
};
const startFront = async () => {
  front = await startAthena("front", frontPort, {
    ATHENA_DATA_DIR: frontDir,
    ATHENA_BACKEND_URL: `http://127.0.0.1:${enginePort}`,
    ATHENA_FRONT_FLUSH_SECONDS: "0.1",
    ATHENA_FRONT_BUFFER: "400",
  });
};

beforeAll(async () => {
  folders.push(await usedDataDir(), await freshDataDir());
  [engineDir, frontDir] = folders as [string, string];
  [enginePort, frontPort] = [await freePort(), await freePort()];
  await startEngine();
  await startFront();
}, 180_000);
afterEach(() => {
  for (const client of clients.splice(0)) client.socket.terminate();
});
afterAll(async () => {
  await Promise.all([front?.kill(), engine?.kill()]);
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
/** A busy engine counts as away for a moment: clients come again, as they are told. */
const enter = async (hello: object = {}, who = "ada"): Promise<ChatClient> => {
  for (let attempt = 1; ; attempt += 1) {
    const client = await connectChat(front.url, { token: `a-secret-of-${who}`, ...hello });
    clients.push(client);
    await until(() => client.of("welcome").length + client.of("error").length > 0);
    if (attempt === 5 || !client.of("error").some(({ retryable }) => retryable)) return client;
    await delay(500);
  }
};
const makeThread = async (body: object = {}): Promise<string> => (await api("POST", "/threads", body)).id;
const stored = async (thread: string): Promise<Frame[]> => {
  const all: Frame[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page = await api("GET", `/threads/${thread}/messages?limit=500&after=${after}`);
    all.push(...page.messages);
    after = page.next_after;
  }
  return all;
};

test("takes messages at once, brings them to the engine in order, and tells every client where they lie", async () => {
  const thread_id = await makeThread();
  const [one, two] = [await enter({ thread_id }), await enter({ thread_id })];
  for (const text of ["a", "b", "c"]) one.send({ type: "message", id: text, text, reply: false });
  await Promise.all([one, two].map((client) => client.frame(({ position }) => position === 3)));
  expect((await stored(thread_id)).map(({ content, author }) => [content, author])).toEqual([
    ["a", "key:ada"],
    ["b", "key:ada"],
    ["c", "key:ada"],
  ]);
  const pending = one.frames.find((frame) => frame.pending && frame.ref === "a");
  const settled = one.frames.find((frame) => frame.position === 1);
  expect(pending).toMatchObject({ position: null, content: "a" });
  expect(settled).toMatchObject({ id: pending.id, ref: "a" });
  for (const client of [one, two]) {
    const places = client.of("message").filter(({ position }) => position !== null);
    expect(places.map(({ position, content }) => [position, content])).toEqual([
      [1, "a"],
      [2, "b"],
      [3, "c"],
    ]);
  }
});

test("a question goes through to the engine and its answer comes back as it is written", async () => {
  const thread_id = await makeThread();
  const [asking, other] = [await enter({ thread_id }), await enter({ thread_id })];
  asking.send({ type: "message", text: "this first", reply: false });
  asking.send({ type: "message", id: "q", text: "What is 17 * 23?" });
  const done = await asking.frame(({ type }) => type === "done", 30_000);
  expect(done).toMatchObject({ ref: "q", position: 2, answer: expect.stringContaining("391") });
  expect(
    asking
      .of("delta")
      .map(({ text }) => text)
      .join(""),
  ).toBe(done.answer);
  await other.frame(({ position, role }) => position === 3 && role === "assistant");
  other.send({ type: "edit", message_id: asking.frames.find(({ position }) => position === 1).id, text: "changed" });
  await asking.frame(({ state, content }) => state === "edited" && content === "changed");

  const back = await enter({ thread_id, resume_from: 1 });
  await back.frame(({ position, type }) => type === "message" && position === 3);
  expect(back.of("message").map(({ position }) => position)).toEqual([2, 3]);
}, 60_000);

test("another's thread is as missing as none, and a wrong key is refused", async () => {
  const thread_id = await makeThread();
  const answers = [];
  for (const hello of [{ thread_id }, { thread_id: crypto.randomUUID() }]) {
    const client = await enter(hello, "eve");
    const { request_id, ...error } = client.frames[0];
    answers.push([error, await client.closed]);
  }
  expect(answers[0]).toMatchObject([{ code: "not_found" }, 4404]);
  expect(answers[1]).toEqual(answers[0]);
  const stranger = await enter({}, "nobody");
  expect(await stranger.closed).toBe(4401);
});

test("nothing of a confidential thread is kept at the front", async () => {
  const thread_id = await makeThread({ mode: "confidential" });
  const client = await enter({ thread_id });
  client.send({ type: "message", text: "the walrus sings", reply: false });
  await client.frame(({ position }) => position === 1);
  expect(client.frames.some(({ pending }) => pending)).toBe(false);
  expect(await stored(thread_id)).toHaveLength(1);
  expect(await readFile(join(frontDir, "front", "waiting.journal"), "utf8")).not.toContain("walrus");
}, 180_000);

test("what was deleted at the engine is sent to nobody who comes later", async () => {
  const thread_id = await makeThread();
  const client = await enter({ thread_id });
  client.send({ type: "message", text: "the walrus sings", reply: false });
  const { id } = await client.frame(({ position }) => position === 1);
  await (await enter({ thread_id, resume_from: 0 })).frame(
    ({ position, type }) => type === "message" && position === 1,
  );
  await fetch(`${engine.url}/threads/${thread_id}/messages/${id}`, {
    method: "DELETE",
    headers: { authorization: "Bearer a-secret-of-ada" },
  });
  const later = await enter({ thread_id, resume_from: 0 });
  expect(await later.frame(({ position, type }) => type === "message" && position === 1)).toMatchObject({
    state: "deleted",
    content: "",
  });
});

test("a thread that turned confidential at the engine is kept no more, and no trace of it stays in the journal", async () => {
  const journal = () => readFile(join(frontDir, "front", "waiting.journal"), "utf8");
  const thread_id = await makeThread();
  const client = await enter({ thread_id });
  client.send({ type: "message", text: "while it is open", reply: false });
  await client.frame(({ position }) => position === 1);
  expect(await journal()).toContain(thread_id);
  await api("POST", "/ai/query", { thread_id, mode: "confidential", text: "What is 2 + 2?" });
  await delay(1_100); // so long the front believes what it knows of a thread
  client.send({ type: "message", id: "after", text: "the walrus sings", reply: false });
  expect(await client.frame(({ type, ref }) => type === "message" && ref === "after")).toMatchObject({ position: 4 });
  await until(async () => !(await journal()).includes(thread_id));
}, 60_000);

test("while the engine is away messages are kept, up to a limit and none of a confidential thread, and come into the thread when it is back", async () => {
  const secretThread = await makeThread({ mode: "confidential" });
  const secret = await enter({ thread_id: secretThread });
  const thread_id = await makeThread();
  const client = await enter({ thread_id });
  client.send({ type: "message", text: "before", reply: false });
  await client.frame(({ position }) => position === 1);
  await engine.kill();
  secret.send({ type: "message", id: "lost", text: "the walrus waits", reply: false });
  expect(await secret.frame(({ type }) => type === "error")).toMatchObject({
    ref: "lost",
    code: "upstream_unavailable",
    retryable: true,
  });
  client.send({ type: "message", id: "q", text: "What is 2 + 2?" });
  expect(await client.frame(({ type, ref }) => type === "degraded" && ref === "q")).toMatchObject({ part: "backend" });
  for (let count = 0; count < 450; count += 1) {
    client.send({ type: "message", id: `m${count}`, text: `${count}`, reply: false });
  }
  await client.frame(({ type, ref }) => type === "error" && ref === "m449", 30_000);
  const waiting = client.frames.filter(({ pending, content }) => pending && content !== "before");
  const acknowledged = waiting.map(({ content }) => content);
  expect(new Set(acknowledged).size).toBe(400);
  // Whoever was known lately comes back, and sees what waits.
  const again = await enter({ thread_id, resume_from: 0 });
  await until(() => again.frames.filter(({ pending }) => pending).length === 400);
  expect(again.of("message")[0]).toMatchObject({ position: 1, content: "before" });
  // What waits cannot be read on the disk.
  const journal = await readFile(join(frontDir, "front", "waiting.journal"), "utf8");
  expect(journal).not.toMatch(/What is|a-secret|walrus/);
  expect(journal).not.toContain(secretThread);

  await startEngine();
  await client.frame(({ position }) => position === 401, 60_000);
  const there = await stored(thread_id);
  expect(there.map(({ position }) => position)).toEqual(Array.from({ length: 401 }, (_, index) => index + 1));
  expect(there.slice(1).map(({ content }) => content)).toEqual([...new Set(acknowledged)]);
  expect(client.of("degraded").some(({ over }) => over)).toBe(true);
  expect(await stored(secretThread)).toEqual([]);
}, 300_000);

test("loses and doubles nothing that it acknowledged, killed ten times, with the engine killed in between", async () => {
  const group = (await api("POST", "/channels", { kind: "group", title: "Club", scope: "public" })).id;
  const speakers = ["ada", "eve", "ada", "eve"].map((who, index) =>
    createChatSpeaker(() => front.url, { token: `a-secret-of-${who}`, channel: group }, `${who}${index}`),
  );
  let talking = true;
  const talks = speakers.map(async (speaker) => {
    for (let number = 0; talking; number += 1) await speaker.say(number);
  });
  const total = () => speakers.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
  for (let kills = 0; kills < 10; kills += 1) {
    const before = total();
    await until(() => total() >= before + 8, 60_000);
    await delay(Math.random() * 150);
    if (kills === 5) await engine.kill();
    await front.kill();
    await startFront();
    if (kills === 5) await startEngine();
  }
  talking = false;
  await Promise.all(talks);
  const thread_id = (await enter({ channel: group })).of("welcome")[0].thread_id;
  await until(async () => (await stored(thread_id)).length >= total(), 60_000);
  expect(await front.stop()).toBe(0);
  const there = await stored(thread_id);
  expect(there.map(({ position }) => position)).toEqual(there.map((_, index) => index + 1));
  for (const speaker of speakers) {
    const own = speaker.acknowledged[0]!.split(" ")[0]!;
    const said = there.filter(({ content }) => content.startsWith(`${own} `)).map(({ content }) => content);
    expect(said).toEqual(speaker.acknowledged);
    speaker.close();
  }
}, 600_000);
