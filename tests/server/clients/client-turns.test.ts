import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningEngine, startEngine } from "../../support/engine.ts";
import { everythingStored } from "../../support/everything-stored.ts";
import { type ModelServer, startModelServer } from "../../support/model-server.ts";

const secret = "a signing secret of some length";
const environment = {
  ATHENA_API_KEYS: "web=k1:open-webui,home=k3:home-assistant,plain=k4",
  ATHENA_IDENTITY_SECRET: secret,
  ATHENA_AUXILIARY_PER_MINUTE: "3",
};
const tokenOf = (sub: string) =>
  new SignJWT({})
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(sub)
    .setIssuer("open-webui")
    .setIssuedAt()
    .setExpirationTime("5 minutes")
    .sign(new TextEncoder().encode(secret));

const question = (text: string, more: object = {}) => ({
  model: "athena",
  messages: [{ role: "user", content: text }],
  ...more,
});
const titleRequest = {
  model: "athena",
  messages: [
    {
      role: "user",
      content:
        '### Task:\nMake a 3-5 word title.\nJSON format: { "title": "…" }\n<chat_history>\nUSER: what is 2 + 2?\n</chat_history>',
    },
  ],
};

describe("clients that number their own conversations", () => {
  let engine: RunningEngine;
  beforeAll(async () => {
    engine = await startEngine(environment);
  });
  afterAll(() => engine.close());

  const ask = async (key: string, text: string, headers: Record<string, string> = {}, more: object = {}) => {
    const response = await engine.post("/v1/chat/completions", question(text, more), {
      authorization: `Bearer ${key}`,
      ...headers,
    });
    expect(response.status).toBe(200);
    const body = (await response.json()) as { choices: { message: { content: string } }[] };
    return { thread: response.headers.get("x-athena-thread"), text: body.choices[0]!.message.content };
  };
  const openWebUi = async (person: string, chat: string) => ({
    "x-openwebui-user-jwt": await tokenOf(person),
    "x-openwebui-chat-id": chat,
  });

  test("one chat of one person is one thread; other chats and other people have their own", async () => {
    const first = await ask("k1", "What is 2 + 2?", await openWebUi("ada", "chat-1"));
    expect(first.text).toContain("4");
    const again = await ask("k1", "What is 3 + 3?", await openWebUi("ada", "chat-1"));
    const otherChat = await ask("k1", "What is 2 + 2?", await openWebUi("ada", "chat-2"));
    const otherPerson = await ask("k1", "What is 2 + 2?", await openWebUi("bob", "chat-1"));
    expect(again.thread).toBe(first.thread);
    expect(new Set([first.thread, otherChat.thread, otherPerson.thread]).size).toBe(3);
  });

  test("a thread is the person's own: another person behind the same key cannot read it", async () => {
    const { thread } = await ask("k1", "What is 2 + 2?", await openWebUi("ada", "chat-3"));
    const read = async (person: string) =>
      fetch(`${engine.url}/threads/${thread}/messages`, {
        headers: { authorization: "Bearer k1", "x-openwebui-user-jwt": await tokenOf(person) },
      });
    expect((await read("ada")).status).toBe(200);
    expect((await read("bob")).status).toBe(404);
  });

  test("requests of a new conversation that come at once meet in one thread", async () => {
    const headers = await openWebUi("ada", "chat-4");
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => ask("k1", `What is ${index} + 1?`, headers)),
    );
    expect(new Set(answers.map(({ thread }) => thread)).size).toBe(1);
  });

  test("Home Assistant's `user` is the conversation, and its answers are plain speech", async () => {
    const first = await ask("k3", "What is 17 % of 2,340?", {}, { user: "01HXYZ" });
    const again = await ask("k3", "What is 2 + 2?", {}, { user: "01HXYZ" });
    expect(again.thread).toBe(first.thread);
    expect(first.text).not.toMatch(/[*#`]/);
  });

  test("a client without a conversation of its own is stateless", async () => {
    const first = await ask("k4", "What is 2 + 2?", {}, { user: "ada" });
    const again = await ask("k4", "What is 2 + 2?", {}, { user: "ada" });
    expect(again.thread).not.toBe(first.thread);
  });

  test("a person named in plain headers is refused in the surface's own envelope", async () => {
    const response = await engine.post("/v1/chat/completions", question("hi"), {
      authorization: "Bearer k1",
      "x-openwebui-user-id": "ada",
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  });

  test("a title costs no thread, no message and no log row, and no model: it is made from the question", async () => {
    // Those who follow events write down how far they are, whatever is asked.
    const all = () => everythingStored(engine.engine.database, "public", ["event_consumers"]);
    const before = await all();
    const response = await engine.post("/v1/chat/completions", titleRequest, { authorization: "Bearer k4" });
    const body = (await response.json()) as { choices: { message: { content: string } }[] };
    expect(JSON.parse(body.choices[0]!.message.content)).toEqual({ title: "What is 2 + 2" });
    expect(response.headers.get("x-athena-thread")).toBeNull();
    expect(await all()).toBe(before);
  });

  test("the side lane has a quota of its own, which ordinary questions do not use up", async () => {
    // However the minute falls, more than three of eight are in one.
    const refused: Response[] = [];
    for (let request = 0; request < 8; request += 1) {
      const headers = { authorization: "Bearer k1", ...(await openWebUi("carol", "chat-9")) };
      const response = await engine.post("/v1/chat/completions", titleRequest, headers);
      if (response.status === 429) refused.push(response);
    }
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect((await ask("k1", "What is 2 + 2?", await openWebUi("carol", "chat-9"))).text).toContain("4");
  });
});

describe("the side lane with a model", () => {
  let engine: RunningEngine;
  let model: ModelServer;
  beforeAll(async () => {
    model = await startModelServer({ reply: { text: ['{"title": "Small sums"}'] } });
    engine = await startEngine({
      OPENAI_BASE_URL: model.openaiUrl,
      OPENAI_API_KEY: "x",
      ATHENA_MODEL: "openai/stand-in",
    });
  });
  afterAll(async () => {
    await engine.close();
    await model.close();
  });

  test("the model is shown the page's prompt alone: no tools, no evidence, no instructions of ours", async () => {
    const response = await engine.post("/v1/chat/completions", titleRequest);
    const body = (await response.json()) as { choices: { message: { content: string } }[] };
    expect(body.choices[0]!.message.content).toBe('{"title": "Small sums"}');
    const sent = model.requests.at(-1)!.body as { messages: object[]; tools?: unknown };
    expect(sent.messages).toEqual(titleRequest.messages);
    expect(sent.tools).toBeUndefined();
  });
});
