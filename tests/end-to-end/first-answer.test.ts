import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localPrincipal } from "../../platform/policy/principal.ts";
import { type RunningEngine, startEngine } from "../support/engine.ts";

const question = "What's the weather in Kraków tomorrow, how high is Gdańsk airport, and what is 17 % of 2,340?";

describe("the first question, with no model, no service and no network", () => {
  let athena: RunningEngine;
  beforeAll(async () => {
    athena = await startEngine();
  });
  afterAll(() => athena.close());

  test("is answered from what is at hand, and what could not be reached is said", async () => {
    const response = await athena.post("/v1/chat/completions", {
      model: "athena",
      messages: [{ role: "user", content: question }],
    });
    expect(response.status).toBe(200);
    const completion = (await response.json()) as {
      choices: { message: { content: string } }[];
      athena: {
        thread_id: string;
        intents: { name: string }[];
        degraded: { part: string }[];
        evidence: { id: string; service: string; source: string }[];
        egress: string;
        validation: { ok: boolean };
        timings: Record<string, number>;
      };
    };
    const answer = completion.choices[0]?.message.content ?? "";
    expect(answer).toContain("489");
    expect(answer).toContain("397.8");
    expect(answer).toMatch(/weather.*cannot be reached/i);
    expect(completion.athena.intents.map(({ name }) => name)).toEqual(["weather", "airports", "calculate"]);
    expect(completion.athena.degraded.map(({ part }) => part)).toContain("weather");
    expect(completion.athena.evidence.map(({ service }) => service)).toEqual(["airports", "calculate"]);
    expect(completion.athena).toMatchObject({ egress: "full", validation: { ok: true } });
    expect(response.headers.get("x-athena-thread")).toBe(completion.athena.thread_id);

    const timeline = (await fetch(`${athena.url}/threads/${completion.athena.thread_id}/messages`).then((reply) =>
      reply.json(),
    )) as {
      messages: { role: string; position: number; content: string }[];
    };
    expect(timeline.messages.map(({ role, position, content }) => [role, position, content])).toEqual([
      ["user", 1, question],
      ["assistant", 2, answer],
    ]);
  });

  test("is answered the same in Polish", async () => {
    const response = await athena.post("/ai/query", {
      sender: "ada",
      text: "Jaka będzie pogoda w Krakowie jutro, jak wysoko leży lotnisko w Gdańsku i ile to 17% z 2340?",
    });
    const { answer, intents } = (await response.json()) as { answer: string; intents: { name: string }[] };
    expect(intents.map(({ name }) => name)).toEqual(["weather", "airports", "calculate"]);
    expect(answer).toContain("149 m");
    expect(answer).toContain("397,8");
  });

  test("a confidential question leaves nothing readable in the database", async () => {
    const marker = "zebra-4711";
    const response = await athena.post("/ai/query", {
      sender: "ada",
      text: `How high is Gdańsk airport, ${marker}?`,
      mode: "confidential",
    });
    expect(response.status).toBe(200);
    const { answer, thread_id } = (await response.json()) as { answer: string; thread_id: string };
    expect(answer).toContain("489");
    const tables = await athena.engine.database.query<{ table_name: string }>(
      "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    );
    for (const { table_name } of tables) {
      const rows = await athena.engine.database.query(`select t::text as row from ${table_name} t`);
      for (const { row } of rows as { row: string }[]) {
        expect(row.includes(marker), table_name).toBe(false);
        if (table_name === "messages" && row.includes(thread_id)) expect(row).not.toContain("489 ft");
      }
    }
    const receipts = (await fetch(`${athena.url}/threads/${thread_id}/receipts`).then((reply) => reply.json())) as {
      receipts: { egress: string }[];
    };
    expect(receipts.receipts[0]).toMatchObject({ egress: "blocked" });
  });

  test("text that a database cannot hold is stored with U+FFFD in its place", async () => {
    const response = await athena.post("/ai/query", { sender: "ada", text: "How high is Gdańsk airport?\u0000\ud800" });
    expect(response.status).toBe(200);
    const { thread_id } = (await response.json()) as { thread_id: string };
    const { messages } = (await fetch(`${athena.url}/threads/${thread_id}/messages`).then((reply) => reply.json())) as {
      messages: { content: string }[];
    };
    expect(messages[0]?.content).toBe("How high is Gdańsk airport?\ufffd\ufffd");
  });

  test("a query whose client leaves before the answer still has its receipt", async () => {
    const client = new AbortController();
    let thread = "";
    const running = athena.engine.deps.engine.run(
      {
        principal: localPrincipal,
        surface: "ai-query",
        messages: [{ role: "user", content: question }],
        mode: "open",
        consent: false,
        requestId: "leaves",
        signal: client.signal,
      },
      (event) => {
        if (event.type !== "accepted") return;
        thread = event.threadId;
        client.abort();
      },
    );
    await expect(running).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
    const { receipts } = (await fetch(`${athena.url}/threads/${thread}/receipts`).then((reply) => reply.json())) as {
      receipts: unknown[];
    };
    expect(receipts).toHaveLength(1);
    const { messages } = (await fetch(`${athena.url}/threads/${thread}/messages`).then((reply) => reply.json())) as {
      messages: unknown[];
    };
    expect(messages).toHaveLength(1);
  });
});
