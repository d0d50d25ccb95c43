import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canaries, canariesIn, canarySentence } from "../support/canaries.ts";
import { startCloudEngine } from "../support/cloud-engine.ts";
import { providersAt, type RunningEngine } from "../support/engine.ts";
import { everythingStored } from "../support/everything-stored.ts";
import { type ModelReply, type ModelServer, startModelServer } from "../support/model-server.ts";
import { type ProviderServer, startProviderServer } from "../support/provider-server.ts";

const confidential = { "x-athena-mode": "confidential" };
const tool = {
  type: "function",
  function: {
    name: "send_mail",
    description: `Sends mail for ${canaries.person}`,
    parameters: { type: "object", properties: { to: { type: "string", description: canaries.email } } },
  },
};
const user = (content: string) => ({ role: "user", content });

/** Every way in, with the canaries in it: each surface, streamed and whole, tools, vectors, titles, services, bad requests. */
const requestsOf = (text: string): [path: string, body: unknown, headers?: Record<string, string>][] => [
  ["/ai/query", { sender: "ada", text, mode: "confidential" }],
  ["/ai/query", { sender: "ada", text: `What is the weather in Kraków? ${text}`, mode: "confidential" }],
  ["/ai/query", { sender: "ada", text: `Search the web for ${text}`, mode: "confidential" }],
  ["/ai/query", { sender: "ada", text: `17 % of 2,340, and ${text}`, mode: "confidential" }],
  ["/v1/chat/completions", { model: "athena-private", messages: [user(text)] }],
  ["/v1/chat/completions", { model: "athena-private", stream: true, messages: [user(text)] }],
  ["/v1/chat/completions", { model: "athena", messages: [user(text)], tools: [tool] }, confidential],
  ["/v1/chat/completions", { model: "athena", messages: [user(text)], metadata: { mode: "confidential" } }],
  ["/v1/chat/completions", { model: "openai/stand-in", messages: [user(text)] }, confidential],
  ["/v1/chat/completions", { model: "openai/stand-in", stream: true, messages: [user(text)] }, confidential],
  [
    "/v1/chat/completions",
    {
      model: "athena-private",
      messages: [
        user(text),
        {
          role: "assistant",
          content: null,
          tool_calls: [
            {
              id: "c1",
              type: "function",
              function: {
                name: "send_mail",
                arguments: JSON.stringify({
                  to: text,
                  [text]: 1,
                  pesel: Number(canaries.pesel),
                  [canaries.pesel]: [text],
                }),
              },
            },
          ],
        },
        { role: "tool", tool_call_id: "c1", content: text },
      ],
      tools: [tool],
    },
  ],
  [
    "/v1/chat/completions",
    {
      model: "athena-private",
      messages: [
        user(
          `### Task:\nGenerate a concise, 3-5 word title with an emoji summarizing the chat history.\n### Chat History:\n<chat_history>\nUSER: ${text}\n</chat_history>`,
        ),
      ],
    },
  ],
  ["/v1/embeddings", { model: "openai/stand-in-embed", input: [text] }, confidential],
  ["/v1/embeddings", { model: "athena-embed", input: [text] }, confidential],
  ["/api/chat", { model: "athena-private", stream: false, messages: [user(text)] }],
  ["/api/chat", { model: "athena-private", messages: [user(text)] }],
  ["/api/generate", { model: "athena-private", stream: false, prompt: text }],
  ["/api/embed", { model: "openai/stand-in-embed", input: text }, confidential],
  ["/v1/chat/completions", { model: text, messages: [user(text)] }, confidential],
  ["/v1/chat/completions", { model: "athena-private", messages: text }, confidential],
  ["/ai/query", { sender: text, text: { wrong: text }, mode: "confidential" }],
  ["/ai/query", { text, mode: "confidential", thread_id: "00000000-0000-4000-8000-000000000000" }],
];

describe("confidential queries, when the only model and every source are elsewhere", () => {
  let cloud: ModelServer;
  let sources: ProviderServer;
  let athena: RunningEngine;
  const logs: string[] = [];
  beforeAll(async () => {
    cloud = await startModelServer({ models: ["stand-in", "stand-in-embed"], reply: { text: "From elsewhere." } });
    sources = await startProviderServer();
    athena = await startCloudEngine(
      cloud,
      { ...providersAt(sources.url), SEARXNG_URL: sources.url, NEWS_FEEDS: `${sources.url}/feed`, LOG_LEVEL: "trace" },
      pino({ level: "trace" }, { write: (line: string) => void logs.push(line) }),
    );
  }, 60_000);
  afterAll(async () => {
    await athena.close();
    await Promise.all([cloud.close(), sources.close()]);
  });

  test("100 requests of every kind send not one byte of themselves anywhere, and leave no trace that can be read", async () => {
    const kinds = requestsOf(canarySentence);
    const statuses = new Map<number, number>();
    for (let round = 0; statuses.size === 0 || sum(statuses) < 100; round += 1) {
      const answers = await Promise.all(kinds.map(([path, body, headers]) => athena.post(path, body, headers)));
      for (const answer of answers) {
        await answer.text();
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      }
      expect(round).toBeLessThan(30);
    }
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
    expect(statuses.get(200) ?? 0).toBeGreaterThan(50);

    // What was asked of the model's server is only which models it has.
    expect(cloud.requests).toEqual([]);
    expect(cloud.listings.every(({ method, path }) => method === "GET" && !canariesIn(path).length)).toBe(true);
    expect(sources.requests).toEqual([]);

    expect(canariesIn(logs.join("\n"))).toEqual([]);
    expect(canariesIn(await (await fetch(`${athena.url}/metrics`)).text())).toEqual([]);
    expect(canariesIn(await (await fetch(`${athena.url}/ready`)).text())).toEqual([]);
    expect(canariesIn(await everythingStored(athena.engine.database))).toEqual([]);
    const receipts = await athena.engine.database.query<{ lines: number; mode: string }>(
      "select jsonb_array_length(receipt) as lines, mode from query_logs",
    );
    expect(receipts.length).toBeGreaterThan(50);
    expect(receipts.every(({ mode }) => mode === "confidential")).toBe(true);
  }, 120_000);

  test("calls without the graph leave a receipt of their own, and their tokens are counted", async () => {
    const before = cloud.requests.length;
    const open = await athena.post("/v1/chat/completions", { model: "openai/stand-in", messages: [user("Hello")] });
    expect(open.status).toBe(200);
    const vectors = await athena.post("/v1/embeddings", { model: "openai/stand-in-embed", input: "Hello" });
    expect(vectors.status).toBe(200);
    expect(cloud.requests).toHaveLength(before + 2);
    const rows = await athena.engine.database.query(
      "select principal, surface, agent, mode, egress, model, receipt from query_logs where thread_id is null and mode = 'open' order by agent desc",
    );
    expect(rows).toMatchObject([
      { principal: "local", surface: "openai", agent: "model", egress: "full", model: "openai/stand-in" },
      { principal: "local", surface: "openai", agent: "embeddings", egress: "full", model: "openai/stand-in-embed" },
    ]);
    expect(rows.map(({ receipt }) => receipt)).toMatchObject([
      [{ destination: "openai", kind: "model", content: "sentence", decision: "sent" }],
      [{ destination: "openai", kind: "embedder", content: "sentence", decision: "sent" }],
    ]);
    const held = await athena.engine.database.query<{ receipt: { decision: string }[] }>(
      "select receipt from query_logs where thread_id is null and mode = 'confidential'",
    );
    expect(held.length).toBeGreaterThan(0);
    expect(held.flatMap(({ receipt }) => receipt).every(({ decision }) => decision === "held")).toBe(true);
    const metrics = await (await fetch(`${athena.url}/metrics`)).text();
    expect(metrics).toMatch(/tokens_in_total\{[^}]*agent_id="model"[^}]*\} [1-9]/);
  });

  test("a thread that was confidential once stays so, whatever later requests say", async () => {
    const first = await athena.post("/ai/query", { sender: "ada", text: "Good morning", mode: "confidential" });
    const { thread_id } = (await first.json()) as { thread_id: string };
    const sent = cloud.requests.length;
    await athena.post("/ai/query", { sender: "ada", text: canarySentence, mode: "open", thread_id });
    await athena.post(
      "/v1/chat/completions",
      { model: "athena", messages: [user(canarySentence)] },
      { "x-athena-thread": thread_id, "x-athena-mode": "open" },
    );
    expect(cloud.requests).toHaveLength(sent);
    expect(canariesIn(await everythingStored(athena.engine.database))).toEqual([]);
  });
});

const sum = (counts: ReadonlyMap<number, number>): number =>
  [...counts.values()].reduce((all, count) => all + count, 0);

describe("a sanitized conversation", () => {
  let cloud: ModelServer;
  let athena: RunningEngine;
  beforeAll(async () => {
    cloud = await startModelServer();
    athena = await startCloudEngine(cloud, { ATHENA_BLOCKED_EGRESS: "sanitized" });
  }, 60_000);
  afterAll(async () => {
    await athena.close();
    await cloud.close();
  });
  const sentence = canarySentence.replace(`, ${canaries.plain}`, "");

  test("shows the model placeholders only, and the caller the originals, in streams and in tool arguments", async () => {
    // Who asks for JSON wants to know the intent.
    const answering = (reply: ModelReply) =>
      cloud.respond(({ body }) =>
        "response_format" in (body as object) ? { text: '{"intent":"chat","confidence":0.9,"slots":{}}' } : reply,
      );
    answering({ text: ["Your mail is ⟨EM", "AIL_1⟩, your number ⟨PHO", "NE_1⟩."] });
    const streamed = await athena.post("/v1/chat/completions", {
      model: "athena-private",
      stream: true,
      messages: [user(sentence)],
    });
    const text = (await streamed.text())
      .split("\n")
      .filter((line) => line.startsWith("data: {"))
      .map((line) => JSON.parse(line.slice(6)).choices?.[0]?.delta?.content ?? "")
      .join("");
    expect(text).toContain(`Your mail is ${canaries.email}, your number ${canaries.phone}.`);

    answering({
      toolCalls: [{ id: "c9", name: "send_mail", arguments: { to: "⟨EMAIL_1⟩", note: 'say "⟨PERSON_1⟩"\n' } }],
      toolFragmentSize: 3,
    });
    const called = await athena.post("/v1/chat/completions", {
      model: "athena-private",
      messages: [
        user("Hello"),
        {
          role: "assistant",
          content: null,
          tool_calls: [
            {
              id: `call_${canaries.pesel}`,
              type: "function",
              function: {
                name: "send_mail",
                arguments: JSON.stringify({ [canaries.email]: Number(canaries.pesel), regon: Number(canaries.regon) }),
              },
            },
          ],
        },
        { role: "tool", tool_call_id: `call_${canaries.pesel}`, content: JSON.stringify({ [canaries.iban]: 1 }) },
        user(`Send a mail to me with my name. ${sentence}`),
      ],
      tools: [tool],
    });
    const { choices } = (await called.json()) as {
      choices: { message: { tool_calls: { function: { arguments: string } }[] } }[];
    };
    expect(JSON.parse(choices[0]?.message.tool_calls[0]?.function.arguments ?? "{}")).toEqual({
      to: canaries.email,
      note: `say "${canaries.person}"\n`,
    });

    expect(cloud.requests.length).toBeGreaterThan(1);
    for (const { body } of cloud.requests) expect(canariesIn(JSON.stringify(body))).toEqual([]);
    expect(JSON.stringify(cloud.requests[0]?.body)).toContain("⟨EMAIL_1⟩");
  });

  test("shows no placeholder that the model made up", async () => {
    cloud.respond({ text: "Then it was ⟨PERSON_99⟩." });
    const answer = await athena.post("/v1/chat/completions", { model: "athena-private", messages: [user(sentence)] });
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain("PERSON_99");
  });

  test("sends nothing when a text is too long to be looked through", async () => {
    const sent = cloud.requests.length;
    const answer = await athena.post("/v1/chat/completions", {
      model: "athena-private",
      messages: [user("x@y.z ".repeat(40_000))],
    });
    await answer.text();
    expect(answer.status).toBeLessThan(500);
    expect(cloud.requests).toHaveLength(sent);
  });
});

describe("a generalised conversation", () => {
  let cloud: ModelServer;
  let athena: RunningEngine;
  beforeAll(async () => {
    cloud = await startModelServer({
      models: ["stand-in", "stand-in-embed"],
      reply: { text: "Here is some general advice." },
    });
    athena = await startCloudEngine(cloud, { ATHENA_BLOCKED_EGRESS: "generalised" });
  }, 60_000);
  afterAll(async () => {
    await athena.close();
    await cloud.close();
  });

  test("tells the model what is asked for and not one word of it", async () => {
    const answer = await athena.post("/ai/query", {
      sender: "ada",
      text: `My neighbour keeps complaining about the piano; what should I tell her? ${canarySentence}`,
      mode: "confidential",
    });
    const reply = (await answer.json()) as { answer: string; thread_id: string };
    expect(answer.status).toBe(200);
    expect(reply.answer).toContain("general advice");
    expect(cloud.requests.length).toBeGreaterThan(0);
    for (const { body } of cloud.requests) {
      const sent = JSON.stringify(body);
      expect(canariesIn(sent)).toEqual([]);
      expect(sent).not.toMatch(/neighbour|piano|complain/);
      expect(sent).toContain("The user asks for");
    }
    const { receipts } = (await (await fetch(`${athena.url}/threads/${reply.thread_id}/receipts`)).json()) as {
      receipts: { egress: string; lines: { kind: string; content: string; decision: string }[] }[];
    };
    expect(receipts[0]?.egress).toBe("generalised");
    expect(receipts[0]?.lines.filter(({ kind, decision }) => kind === "model" && decision === "sent")).toMatchObject([
      { content: "features" },
    ]);
  });

  test("sends no vectors and no raw words elsewhere", async () => {
    const sent = cloud.requests.length;
    for (const [path, body] of [
      ["/v1/embeddings", { model: "openai/stand-in-embed", input: "my secret" }],
      ["/v1/chat/completions", { model: "openai/stand-in", messages: [user("my secret")] }],
    ] as const) {
      const answer = await athena.post(path, body, confidential);
      await answer.text();
      expect(answer.status).toBe(403);
    }
    expect(cloud.requests).toHaveLength(sent);
  });
});
