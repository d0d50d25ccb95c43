import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectChat } from "../support/chat-client.ts";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { startModelServer } from "../support/model-server.ts";
import { jsonOf } from "../support/start-edge.ts";
import { until } from "../support/until.ts";

const link = /\/v1\/jobs\/([0-9a-f-]{36})/;

describe("long jobs begun from chat", { timeout: 60_000 }, () => {
  let running: RunningEngine;
  beforeAll(async () => {
    running = await startEngine({ ATHENA_EVENTS_IDLE_SECONDS: "0.1" });
  });
  afterAll(() => running.close());
  const get = async (path: string) => jsonOf(await fetch(`${running.url}${path}`));
  const ask = async (body: object, headers?: Record<string, string>) =>
    jsonOf(await running.post("/ai/query", body, headers));
  const idIn = (answer: string): string => link.exec(answer)?.[1] ?? expect.unreachable(answer);
  const ended = async (id: string) => {
    await until(async () => ["completed", "failed"].includes((await get(`/v1/jobs/${id}`)).status), 30_000);
    return get(`/v1/jobs/${id}`);
  };

  test("the answer links the job, and its result comes into the same conversation", async () => {
    const asked = await ask({ text: "What is 17% of 2340 and write the report for this week" });
    expect(asked.answer).toMatch(/^17% of 2,340 is 397\.8\.\nThe report is being written/);
    expect(asked).toMatchObject({ degraded: [], validation: { ok: true } });
    const id = idIn(asked.answer);
    const job = await ended(id);
    expect(job).toMatchObject({ crew: "report", status: "completed", thread_id: asked.thread_id });
    const { messages } = await get(`/threads/${asked.thread_id}/messages`);
    expect(messages.map(({ role }: { role: string }) => role)).toEqual(["user", "assistant", "agent"]);
    expect(messages[2].content).toBe(job.result.text);
  });

  // One of them has another date than the engine at any time.
  test.each(["Pacific/Kiritimati", "Pacific/Pago_Pago"])(
    "a report is about the days of %s that the answer names",
    async (timezone) => {
      const { answer } = await ask({ text: "zrób raport za wczoraj", timezone });
      const [, days] = /w przygotowaniu \(([^)]+)\)/.exec(answer) ?? expect.unreachable(answer);
      expect((await ended(idIn(answer))).result.text).toContain(`# Raport: ${days}\n`);
    },
  );

  test("every surface says it alike, streamed or not", async () => {
    const client = new OpenAI({ baseURL: `${running.url}/v1`, apiKey: "x" });
    const messages = [{ role: "user" as const, content: "zrób raport za wczoraj" }];
    const whole = await client.chat.completions.create({ model: "athena", messages });
    let streamed = "";
    for await (const chunk of await client.chat.completions.create({ model: "athena", messages, stream: true })) {
      streamed += chunk.choices[0]?.delta.content ?? "";
    }
    const ollama = await jsonOf(await running.post("/api/chat", { model: "athena", messages, stream: false }));
    for (const answer of [whole.choices[0]?.message.content ?? "", streamed, ollama.message.content]) {
      expect(answer).toMatch(/^Raport w przygotowaniu \([^)]+\)\. To zadanie [0-9a-f-]{36}, postęp: /);
      expect((await get(`/v1/jobs/${idIn(answer)}`)).crew).toBe("report");
    }
  });

  test("a chat request sent again under its key is the same job", async () => {
    const messages = [{ role: "user", content: "write the report for yesterday" }];
    const send = async (key: string) => {
      const response = await running.post(
        "/v1/chat/completions",
        { model: "athena", messages },
        { "idempotency-key": key },
      );
      return idIn((await jsonOf(response)).choices[0].message.content);
    };
    const [first, again, other] = [await send("k-1"), await send("k-1"), await send("k-2")];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test("its progress is told on asking, its result when it is done", async () => {
    const { thread_id, answer } = await ask({ text: "write the report for yesterday" });
    const job = await ended(idIn(answer));
    const told = await ask({ text: "how is my report?", thread_id });
    expect(told.answer).toBe(`Report: it is done.\n\n${job.result.text}`);
    expect(told.intents).toMatchObject([{ name: "job_status", tier: "pattern" }]);
    expect((await ask({ text: "co z moim raportem?" })).answer).toMatch(/^Raport: zakończono\.\n\n/);
  });

  test("one that waits says for what, and stops when that is asked", async () => {
    const worker = { id: "worker", role: "Worker", goal: "Work" };
    const task = { id: "act", description: "Do it", expected_output: "Done.", without_model: "combine" };
    const crew = {
      id: "asking",
      description: "Asks.",
      agents: [worker],
      tasks: [{ ...task, human_approval: "before" }],
    };
    const { id } = await jsonOf(await running.post("/v1/jobs", { crew }));
    await until(async () => (await get(`/v1/jobs/${id}`)).status === "waiting_approval", 30_000);
    expect((await ask({ text: `status of job ${id}` })).answer).toMatch(
      `asking: it waits for you to agree that the task 'act' begins (0 of 1 are done).\nYes: POST /v1/jobs/${id}/approve.`,
    );
    expect((await ask({ text: "cancel my report" })).answer).toContain(`- asking: ${id}`);
    expect((await ask({ text: `cancel job ${id}` })).answer).toMatch(
      /^asking: it (?:is being stopped|was cancelled)\.$/,
    );
    await until(async () => (await get(`/v1/jobs/${id}`)).status === "cancelled", 30_000);
  });

  test("a chat socket sees the result arrive, with sources that are there", async () => {
    const { id: threadId } = await jsonOf(await running.post("/threads", {}));
    await ask({ text: "I remember that heat pumps in old houses need large radiators.", thread_id: threadId });
    const client = await connectChat(running.url, { type: "hello", thread_id: threadId });
    try {
      client.send({ type: "message", id: "m-1", text: "do a deep research on heat pumps for old houses" });
      const done = await client.frame((frame) => frame.type === "done", 20_000);
      const result = await client.frame((frame) => frame.type === "message" && frame.role === "agent", 30_000);
      expect(result.author).toBe("deep-research");
      expect(result.meta.job.id).toBe(idIn(done.answer));
      const sources: string[] = result.meta.evidence.map(({ item_id }: { item_id: string }) => item_id);
      expect(sources).not.toEqual([]);
      const there = await running.engine.database.query<{ id: string }>(
        "select id from messages where id = any ($1::uuid[])",
        [sources],
      );
      expect(there.map(({ id }) => id).sort()).toEqual([...sources].sort());
    } finally {
      await client.close();
    }
  });

  test("a confidential conversation has a confidential job, of which no event says a word", async () => {
    const { thread_id, answer } = await ask({ text: "research the Zanzibar leopard for me", mode: "confidential" });
    await ended(idIn(answer));
    const stored = await running.engine.database.query("select mode, input, ending from jobs where thread_id = $1", [
      thread_id,
    ]);
    expect(stored).toEqual([{ mode: "confidential", input: null, ending: null }]);
    const events = await running.engine.database.query("select payload::text as payload from outbox");
    expect(JSON.stringify(events)).not.toContain("leopard");
    const later = { text: "how is my research?" };
    expect((await ask({ ...later, mode: "confidential" })).answer).toMatch(/^Research: it is done\.\n\n/);
    expect((await ask(later)).answer).toContain(`confidential conversation ${thread_id}`);
  });
});

test("what cannot be begun is said plainly, and no job is left behind", { timeout: 60_000 }, async () => {
  const running = await startEngine({
    ATHENA_API_KEYS: "ada=ada-secret,web=web-secret:open-webui",
    ATHENA_JOBS_PARALLEL: "1",
    ATHENA_JOBS_AT_ONCE: "1",
  });
  try {
    const { database } = running.engine;
    const ada = { authorization: "Bearer ada-secret" };
    const ask = async (text: string, who: Record<string, string> = ada) =>
      jsonOf(await running.post("/ai/query", { text }, who));
    const count = async () => (await database.query("select 1 from jobs")).length;
    expect((await ask("prepare a report for next week")).answer).toMatch(/^Nothing was begun: say which period/);
    const nobody = await ask("research heat pumps for me", { authorization: "Bearer web-secret" });
    expect(nobody.answer).toMatch(/^Nothing was begun: this program does not say who asks/);
    expect(await count()).toBe(0);
    // One that waits in nobody's hands takes the only place.
    await running.post("/v1/jobs", { crew: "report", input: { period: "today" }, idempotency_key: "first" }, ada);
    await database.query("update jobs set status = 'running', ended_at = null");
    const refused = await ask("research heat pumps for me");
    expect(refused.answer).toMatch(/^Nothing was begun: as many of your long jobs run as may at once\./);
    expect(refused.degraded).toMatchObject([{ part: "deep-research", reason: refused.answer }]);
    expect(await count()).toBe(1);
  } finally {
    await running.close();
  }
});

test("an answer that takes longer than the limit goes on as a job, and comes into the conversation", {
  timeout: 60_000,
}, async () => {
  const model = await startModelServer();
  const running = await startEngine({
    ...{ OPENAI_BASE_URL: model.openaiUrl, OPENAI_API_KEY: "unused" },
    ATHENA_SYNC_LIMIT_SECONDS: "0.3",
  });
  try {
    model.enqueue({ kind: "silence" });
    model.respond({ text: "Because of Rayleigh scattering." });
    const asked = await jsonOf(await running.post("/ai/query", { text: "why is the sky blue?" }));
    expect(asked.answer).toMatch(/^This takes longer, so I go on with it as job /);
    await until(async () => model.requests[0]?.aborted === true);
    const read = async () => jsonOf(await fetch(`${running.url}/threads/${asked.thread_id}/messages`));
    await until(async () => (await read()).messages.length === 3, 30_000);
    const [, , result] = (await read()).messages;
    expect(result).toMatchObject({ role: "agent", author: "answer", content: "Because of Rayleigh scattering." });
  } finally {
    await running.close();
    await model.close();
  }
});
