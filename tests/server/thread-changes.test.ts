import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { usedDataDir } from "../support/used-data-dir.ts";

let engine: RunningEngine;
let dataDir: string;
beforeAll(async () => {
  dataDir = await usedDataDir();
  engine = await startEngine({
    ATHENA_DATA_DIR: dataDir,
    ATHENA_API_KEYS: "ada=a-secret-of-ada,eve=a-secret-of-eve",
    ATHENA_MAX_MESSAGE_CHARS: "1000",
  });
});
afterAll(async () => {
  await engine?.close();
  await rm(dataDir, { recursive: true, force: true });
});

const send = async (who: "ada" | "eve", method: string, path: string, body?: unknown) => {
  const response = await fetch(engine.url + path, {
    method,
    headers: { authorization: `Bearer a-secret-of-${who}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: shapes are what the tests look at
  return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as any };
};
const makeThread = async (body: object = {}): Promise<string> => (await send("ada", "POST", "/threads", body)).body.id;
const batch = (...contents: string[]) => contents.map((content) => ({ role: "user", content }));

describe("threads", () => {
  test("are made empty, with a title, and found by it", async () => {
    const made = await send("ada", "POST", "/threads", { title: "Mars trip", mode: "open" });
    expect(made).toMatchObject({
      status: 201,
      body: { owner: "key:ada", scope: "personal", last_position: 0, meta: { title: "Mars trip" } },
    });
    const { body } = await send("ada", "GET", "/threads?q=mars&scope=personal");
    expect(body.threads).toEqual([made.body]);
    expect((await send("ada", "GET", "/threads?scope=team")).body.threads).toEqual([]);
    expect((await send("ada", "GET", "/threads?scope=nobody")).status).toBe(400);
    expect(await send("ada", "POST", "/threads", { scope: "team", team_id: "none" })).toMatchObject({
      status: 400,
      body: { error: { param: "team_id" } },
    });
    expect((await send("ada", "POST", "/threads", { channel_id: "none" })).status).toBe(404);
  });
});

test("channels are made, listed and given threads", async () => {
  const made = await send("ada", "POST", "/channels", {
    kind: "group",
    title: "Club",
    scope: "public",
    agents: ["athena"],
  });
  expect(made).toMatchObject({
    status: 201,
    body: { kind: "group", scope: "public", owner: "key:ada", indexed: true },
  });
  expect((await send("eve", "GET", "/channels?limit=500")).body.channels).toContainEqual(made.body);
  const thread = await send("eve", "POST", "/threads", { channel_id: made.body.id });
  expect(thread).toMatchObject({ status: 201, body: { channel_id: made.body.id, scope: "public", owner: "key:eve" } });
  const said = { since_position: 0, messages: batch("hello") };
  expect((await send("ada", "POST", `/threads/${thread.body.id}/append`, said)).status).toBe(200);
  expect((await send("ada", "GET", `/threads?scope=public&channel_id=${made.body.id}`)).body.threads).toHaveLength(1);
  expect((await send("ada", "POST", "/channels", { kind: "direct", title: "x", scope: "personal" })).status).toBe(400);
  expect((await send("ada", "POST", "/channels", { kind: "group", title: "x", scope: "team" })).status).toBe(400);
});

describe("append", () => {
  test("writes a batch once, however often it is sent", async () => {
    const id = await makeThread();
    const given = { since_position: 0, messages: [...batch("one"), { role: "agent", author: "n8n", content: "two" }] };
    const first = await send("ada", "POST", `/threads/${id}/append`, given);
    expect(first).toMatchObject({ status: 200, body: { thread_id: id, last_position: 2, added: 2 } });
    expect((await send("ada", "POST", `/threads/${id}/append`, given)).body).toEqual({ ...first.body, added: 0 });
    const { body } = await send("ada", "GET", `/threads/${id}/messages`);
    expect(body.messages).toMatchObject([
      { position: 1, role: "user", author: "key:ada", content: "one" },
      { position: 2, role: "agent", author: "n8n", content: "two" },
    ]);
  });

  test("answers 409 with the expected position for a gap and for other content", async () => {
    const id = await makeThread();
    await send("ada", "POST", `/threads/${id}/append`, { since_position: 0, messages: batch("one", "two") });
    for (const given of [
      { since_position: 3, messages: batch("four") },
      { since_position: 1, messages: batch("zwei", "drei") },
    ]) {
      expect(await send("ada", "POST", `/threads/${id}/append`, given)).toMatchObject({
        status: 409,
        body: { error: { code: "conflict", expected_position: 2 }, request_id: expect.any(String) },
      });
    }
    expect((await send("ada", "GET", `/threads/${id}`)).body.last_position).toBe(2);
  });

  test("takes another's thread for a missing one", async () => {
    const id = await makeThread();
    const answers = [];
    for (const thread of [id, randomUUID(), "nothing"]) {
      const { status, body } = await send("eve", "POST", `/threads/${thread}/append`, {
        since_position: 0,
        messages: batch("hi"),
      });
      answers.push({ status, error: body.error });
    }
    expect(answers[0]!.status).toBe(404);
    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
  });

  test.each([
    [413, "messages.1.content", { since_position: 0, messages: batch("a", "x".repeat(1_001)) }],
    [413, "messages", { since_position: 0, messages: batch(...Array.from({ length: 1_001 }, () => "a")) }],
    [413, "body", { since_position: 0, messages: batch(...Array.from({ length: 1_100 }, () => "x".repeat(1_000))) }],
    [400, "messages.0.role", { since_position: 0, messages: [{ role: "boss", content: "a" }] }],
    [400, "messages.0.content", { since_position: 0, messages: [{ role: "user" }] }],
    [400, "messages.0.created_at", { since_position: 0, messages: [{ role: "user", content: "a", created_at: "x" }] }],
    ...["0000-01-01T00:00:00Z", "0001-01-01T00:00:00+05:00"].map((created_at): [number, string, object] => [
      400,
      "messages.0.created_at",
      { since_position: 0, messages: [{ role: "user", content: "a", created_at }] },
    ]),
    [400, "messages", { since_position: 0, messages: [] }],
    [400, "since_position", { since_position: -1, messages: batch("a") }],
    [400, "since_position", { messages: batch("a") }],
  ])("refuses bad input with %i and %s, and writes nothing", async (status, param, given) => {
    const id = await makeThread();
    expect(await send("ada", "POST", `/threads/${id}/append`, given)).toMatchObject({
      status,
      body: { error: { param } },
    });
    expect((await send("ada", "GET", `/threads/${id}`)).body.last_position).toBe(0);
  });
});

describe("messages", () => {
  test.each(["open", "confidential"])("of a thread that is %s are edited, deleted and looked up", async (mode) => {
    const id = await makeThread({ mode });
    const { body } = await send("ada", "POST", `/threads/${id}/append`, {
      since_position: 0,
      messages: batch("a", "b"),
    });
    const [first, second] = body.messages.map(
      ({ id: message }: { id: string }) => `/threads/${id}/messages/${message}`,
    );
    expect(await send("ada", "PATCH", first, { content: "A" })).toMatchObject({
      status: 200,
      body: { content: "A", state: "edited", changed_at: expect.any(String) },
    });
    expect(await send("ada", "DELETE", second)).toEqual({ status: 204, body: undefined });
    const listed = await send("ada", "GET", `/threads/${id}/messages`);
    expect(listed.body.messages).toMatchObject([
      { position: 1, content: "A", state: "edited" },
      { position: 2, content: "", state: "deleted" },
    ]);
    const { revisions } = (await send("ada", "GET", `${second}/revisions`)).body;
    expect(revisions).toMatchObject([
      { kind: "original", content: "b", actor: "key:ada" },
      { kind: "tombstone", content: null, actor: "key:ada" },
    ]);
    expect((await send("ada", "PATCH", second, { content: "back" })).status).toBe(404);
    expect((await send("ada", "PATCH", first, { content: "x".repeat(1_001) })).status).toBe(413);
    expect((await send("ada", "PATCH", first, {})).status).toBe(400);
    for (const [method, path, given] of [
      ["PATCH", first, { content: "E" }],
      ["DELETE", first],
      ["GET", `${first}/revisions`],
    ] as const) {
      expect((await send("eve", method, path, given)).status).toBe(404);
      expect((await send("ada", method, `/threads/${id}/messages/none${path.slice(first.length)}`, given)).status).toBe(
        404,
      );
    }
  });
});

describe("another's thread", () => {
  const requests = (id: string, message: string) =>
    [
      ["GET", `/threads/${id}`],
      ["GET", `/threads/${id}/messages`],
      ["GET", `/threads/${id}/receipts`],
      ["POST", `/threads/${id}/append`, { since_position: 0, messages: batch("hi") }],
      ["PATCH", `/threads/${id}/messages/${message}`, { content: "hi" }],
      ["DELETE", `/threads/${id}/messages/${message}`],
      ["GET", `/threads/${id}/messages/${message}/revisions`],
      ["POST", "/ai/query", { text: "hi", thread_id: id }],
    ] as const;
  const ask = async ([method, path, body]: ReturnType<typeof requests>[number]) => {
    const at = performance.now();
    const response = await fetch(engine.url + path, {
      method,
      headers: { authorization: "Bearer a-secret-of-eve", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { request_id, ...answer } = (await response.json()) as Record<string, unknown>;
    const headers = Object.fromEntries(response.headers);
    for (const own of ["date", "x-request-id"]) if (own in headers) headers[own] = "";
    return { ms: performance.now() - at, seen: { status: response.status, answer, headers, id: typeof request_id } };
  };
  const foreign = async () => {
    const id = await makeThread();
    const { body } = await send("ada", "POST", `/threads/${id}/append`, { since_position: 0, messages: batch("mine") });
    return requests(id, body.messages[0].id);
  };

  test("is answered as one that is not there, headers included, and stays as it is", async () => {
    const mine = await foreign();
    const missing = requests(randomUUID(), randomUUID());
    for (const [place, request] of mine.entries()) {
      const { seen } = await ask(request);
      expect(seen.status).toBe(404);
      expect(seen).toEqual((await ask(missing[place]!)).seen);
    }
    expect((await send("ada", "GET", mine[0][1])).body.last_position).toBe(1);
  });

  // Again when the machine was busy with something else just then.
  test("takes as long as one that is not there", { retry: 4, timeout: 60_000 }, async () => {
    const median = (times: readonly number[]) => times.toSorted((one, other) => one - other)[times.length >> 1]!;
    const times = { foreign: [] as number[], missing: [] as number[] };
    const [read, , , append] = await foreign();
    for (let round = 0; round < 60; round += 1) {
      const [readMissing, , , appendMissing] = requests(randomUUID(), randomUUID());
      for (const [kind, request] of [
        ["foreign", read],
        ["missing", readMissing],
        ["foreign", append],
        ["missing", appendMissing],
      ] as const) {
        times[kind].push((await ask(request)).ms);
      }
    }
    const ratio = median(times.foreign) / median(times.missing);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
  });
});
