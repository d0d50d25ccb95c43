import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ada, bob, type JobsEdge, ops, startJobsEdge } from "../support/jobs-edge.ts";
import { jsonOf, post } from "../support/start-edge.ts";

const usage = { tokens: 1, cost: 0 };
let jobs: JobsEdge;
beforeAll(async () => {
  jobs = await startJobsEdge();
});
afterAll(() => jobs.close());
beforeEach(() => jobs.forget());

const tell = (id: string, action: string, body: object = {}, who = ada) =>
  post(`${jobs.edge.url}/v1/jobs/${id}/${action}`, body, who);
const stored = async (): Promise<number> =>
  (await jobs.database.query<{ count: number }>("select count(*)::integer as count from jobs"))[0]!.count;

describe("POST /v1/jobs", () => {
  test("stores the job, has the engine begin it, and says where to look", async () => {
    const response = await jobs.start({});
    const job = await jsonOf(response);
    expect(response.status).toBe(202);
    expect(response.headers.get("location")).toBe(`/v1/jobs/${job.id}`);
    expect(job).toMatchObject({
      crew: "research",
      status: "queued",
      progress: { done: 0, total: 2, running: [] },
      usage: { tokens: 0, cost: 0 },
      thread_id: expect.any(String),
    });
    expect(jobs.engine.told).toEqual([`run ${job.id}`]);
    expect(await jsonOf(await jobs.get(`/threads/${job.thread_id}`))).toMatchObject({
      mode: "open",
      meta: { title: "Finds and writes." },
    });
  });

  test("the same key is the same job in the same conversation; with another input it is refused", async () => {
    const [first, second] = await Promise.all([
      jobs.started({ idempotency_key: "k" }),
      jobs.started({ idempotency_key: "k" }),
    ]);
    expect(second.id).toBe(first.id);
    expect((await jobs.started({ idempotency_key: "k" }, bob)).id).not.toBe(first.id);
    const other = await jobs.start({ idempotency_key: "k", input: { question: "Who then?" } });
    expect([other.status, (await jsonOf(other)).error.code]).toEqual([422, "idempotency_mismatch"]);
    expect(await stored()).toBe(2);
  });

  test("the key may come as a header; one that is wrong, or another than the body's, is refused", async () => {
    const keyed = (key: string) => ({ ...ada, "idempotency-key": key });
    const { id } = await jobs.started({}, keyed("k"));
    for (const again of [
      await jobs.started({ idempotency_key: "k" }),
      await jobs.started({ idempotency_key: null }, keyed("k")),
      await jobs.started({ idempotency_key: "k" }, keyed("k")),
    ]) {
      expect(again.id).toBe(id);
    }
    for (const [key, body] of [["l", { idempotency_key: "k" }] as const, ["a b", {}] as const, ["", {}] as const]) {
      const response = await jobs.start(body, keyed(key));
      expect([response.status, (await jsonOf(response)).error.param]).toEqual([400, "Idempotency-Key"]);
    }
    expect(await stored()).toBe(1);
  });

  test("under a known key another conversation, mode, limits or crew of the same id is refused, the same ones are not", async () => {
    const { thread_id } = await jobs.started({}, ops);
    const crewOf = (task: string) => ({
      id: "research",
      description: "Mine",
      agents: [{ id: "worker", role: "Worker", goal: "Work" }],
      tasks: [{ id: task, description: "Do it.", expected_output: "Done.", without_model: "extract" }],
    });
    const whole = { crew: crewOf("one"), mode: "open", limits: { tokens: 50, steps: null }, thread_id };
    const first = await jobs.started({ ...whole, idempotency_key: "k" }, ops);
    const again = { ...whole, mode: null, limits: { tokens: 50 }, thread_id: thread_id.toUpperCase() };
    expect((await jobs.started({ ...again, idempotency_key: "k" }, ops)).id).toBe(first.id);
    for (const change of [
      { thread_id: null },
      { mode: "confidential" },
      { limits: null },
      { limits: { tokens: 51 } },
      { crew: crewOf("another") },
      { crew: "research" },
    ]) {
      const other = await jobs.start({ ...whole, ...change, idempotency_key: "k" }, ops);
      expect([other.status, (await jsonOf(other)).error.code]).toEqual([422, "idempotency_mismatch"]);
    }
    expect(await stored()).toBe(2);
  });

  test("a job is taken on while its engine is away", async () => {
    jobs.engine.isAway = true;
    const { id } = await jobs.started();
    expect(await jsonOf(await jobs.get(`/v1/jobs/${id}`))).toMatchObject({ status: "queued" });
  });

  test("its limits are the lowest of the crew's, the installation's and the caller's", async () => {
    const { id } = await jobs.started({ limits: { steps: 7, wall_seconds: 1_000, budget: 2.5 } });
    expect((await jobs.store.records.work(id))?.crew.limits).toEqual({
      steps: 7,
      tokens: 400,
      wallSeconds: 60,
      budget: 2.5,
      parallel: 4,
    });
  });

  test("a confidential one turns its conversation so; one in a confidential conversation is confidential", async () => {
    const { id, thread_id } = await jobs.started({ mode: "confidential" });
    expect(await jobs.store.records.work(id)).toMatchObject({ mode: "confidential" });
    const { id: second } = await jobs.started({ thread_id });
    expect(await jobs.store.records.work(second)).toMatchObject({ mode: "confidential", threadId: thread_id });
    expect(JSON.stringify(await jobs.database.query("select * from jobs"))).not.toContain("Why?");
  });

  test.each([
    ["an unknown crew", { crew: "nobody" }, 400, "crew"],
    ["a crew that cannot run", { crew: "unusable" }, 400, "agents.0.tools"],
    ["a crew of one's own", { crew: { id: "own" } }, 403, undefined],
    ["an input without what is required", { input: {} }, 400, "input"],
    ["an input of another type", { input: { question: 7 } }, 400, "input.question"],
    ["an input that is too short", { input: { question: "?" } }, 400, "input.question"],
    ["an input with a field too many", { input: { question: "Why?", extra: 1 } }, 400, "input.extra"],
    ["an input that is none of a list", { input: { question: "Why?", depth: "deep" } }, 400, "input.depth"],
    ["an input that is no object", { input: ["Why?"] }, 400, "input"],
    ["a budget of zero", { limits: { budget: 0 } }, 400, "limits.budget"],
    ["no tokens", { limits: { tokens: 0 } }, 400, "limits.tokens"],
    ["an unknown limit", { limits: { miles: 1 } }, 400, "limits"],
    ["a key with spaces", { idempotency_key: "a b" }, 400, "idempotency_key"],
    ["an unknown conversation", { thread_id: "00000000-0000-4000-8000-000000000000" }, 404, undefined],
    ["what is no conversation", { thread_id: "'; drop" }, 404, undefined],
    ["an unknown mode", { mode: "secret" }, 400, "mode"],
  ])("%s is refused before anything starts", async (_what, body, status, field) => {
    const response = await jobs.start(body);
    const { error } = await jsonOf(response);
    expect([response.status, error.param ?? undefined]).toEqual([status, field]);
    expect(error.message).not.toMatch(/deep|\?"/);
    expect(await stored()).toBe(0);
    expect(jobs.engine.told).toEqual([]);
  });

  test("an input of 10 MB is 413, another's conversation 404", async () => {
    expect((await jobs.start({ input: { question: "x".repeat(10 * 1024 * 1024) } })).status).toBe(413);
    const { thread_id } = await jobs.started();
    expect((await jobs.start({ thread_id }, bob)).status).toBe(404);
    expect(await stored()).toBe(1);
  });

  test("more than may run at once are 429 with the time to wait; what is there already is still given", async () => {
    await jobs.started({ idempotency_key: "first" });
    await jobs.started();
    await jobs.started();
    const response = await jobs.start({});
    expect([response.status, Number(response.headers.get("retry-after")) >= 1]).toEqual([429, true]);
    await jobs.started({ idempotency_key: "first" });
    await jobs.started({}, bob);
  });

  test("people whom a front end does not name are refused, those of its chats have one bound together", async () => {
    const web = (chat?: string) => ({
      authorization: "Bearer web-secret",
      ...(chat === undefined ? {} : { "x-openwebui-chat-id": chat }),
    });
    const nobody = await jobs.start({}, web());
    expect([nobody.status, (await jsonOf(nobody)).error.param]).toEqual([400, "principal"]);
    const { id } = await jobs.started({}, web("one"));
    expect([
      (await jobs.get(`/v1/jobs/${id}`, web("one"))).status,
      (await jobs.get(`/v1/jobs/${id}`, web("two"))).status,
    ]).toEqual([200, 404]);
    await jobs.started({}, web("two"));
    await jobs.started({}, web("three"));
    expect((await jobs.start({}, web("four"))).status).toBe(429);
    expect(await stored()).toBe(3);
  });

  test("an administrator runs a crew that is in no registry", async () => {
    const crew = {
      id: "own",
      description: "Own.",
      agents: [{ id: "worker", role: "Worker", goal: "Work" }],
      tasks: [{ id: "one", description: "Do it.", expected_output: "Done.", without_model: "extract" }],
    };
    expect(await jobs.started({ crew, input: null }, ops)).toMatchObject({ crew: "own", progress: { total: 1 } });
    const bad = await jobs.start({ crew: { ...crew, tasks: [] } }, ops);
    expect([bad.status, (await jsonOf(bad)).error.param]).toEqual([400, "crew.tasks"]);
  });
});

describe("what a job is told", () => {
  test("an answer counts once; the engine is told to look", async () => {
    const { id } = await jobs.started();
    const output = { text: "A draft.", citations: [{ id: "1", title: "Source", itemId: "m" }] };
    await jobs.store.records.ask(id, `${id}/write/1/result`, { about: "result", task: "write", round: 1, output });
    expect(await jsonOf(await jobs.get(`/v1/jobs/${id}`))).toMatchObject({
      status: "waiting_approval",
      question: {
        key: `${id}/write/1/result`,
        about: "result",
        output: { text: "A draft.", citations: [{ id: "1", title: "Source", item_id: "m" }] },
      },
    });
    const [first, second] = await Promise.all([tell(id, "approve"), tell(id, "reject", { reason: "No." })]);
    expect([first.status, second.status].sort()).toEqual([200, 409]);
    expect(jobs.engine.told).toContain(`tell ${id}`);
    expect((await tell(id, "approve", { key: "another" })).status).toBe(409);
    const decision = await jobs.store.records.decision(id, `${id}/write/1/result`);
    expect(decision).toMatchObject({ by: "key:ada", decision: first.status === 200 ? "approve" : "reject" });
  });

  test("another round is asked for with a reason", async () => {
    const { id } = await jobs.started();
    const call = { tool: "send_mail", key: "k", summary: "Mail to Ada" };
    await jobs.store.records.ask(id, "q", { about: "outcome", task: "write", round: 1, call });
    const waiting = await jsonOf(await jobs.get(`/v1/jobs/${id}`));
    expect(waiting).toMatchObject({
      status: "outcome_unknown",
      question: { about: "outcome", call: { tool: "send_mail", summary: "Mail to Ada" } },
    });
    expect(JSON.stringify(waiting.question.call)).not.toContain('"k"');
    expect(await jsonOf(await tell(id, "repeat", { reason: "It did not.", key: "q" }))).toMatchObject({
      status: "queued",
    });
    expect(await jobs.store.records.decision(id, "q")).toMatchObject({ decision: "repeat", reason: "It did not." });
  });

  test("that it is to stop, with or without a body", async () => {
    const { id } = await jobs.started();
    const bare = await fetch(`${jobs.edge.url}/v1/jobs/${id}/cancel`, { method: "POST", headers: ada });
    expect(bare.status).toBe(202);
    expect((await tell(id, "cancel", { reason: "Enough." })).status).toBe(202);
    expect(await jobs.store.records.wishesToCancel(id)).toBe(true);
    expect(jobs.engine.told.filter((line) => line === `tell ${id}`)).toHaveLength(2);
  });

  test("an answer without a body, or with one that has no JSON type, as curl sends it", async () => {
    const { id } = await jobs.started();
    for (const key of ["a", "b", "c"]) await jobs.store.records.ask(id, key, { about: "task", task: "find", round: 1 });
    const url = `${jobs.edge.url}/v1/jobs/${id}`;
    const send = (action: string, init: RequestInit = {}) =>
      fetch(`${url}/${action}`, { method: "POST", ...init, headers: { ...ada, ...init.headers } });
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await send("approve")).status).toBe(409); // it waits for three
    expect((await send("approve", { body: "{}", headers: { ...form, origin: "https://page.test" } })).status).toBe(415);
    expect((await send("approve", { body: "reason=Yes", headers: form })).status).toBe(400);
    expect((await send("approve", { body: '{"key": "a"}', headers: form })).status).toBe(200);
    expect((await send("approve", { body: '{"key": "b"}', headers: { "content-type": "text/plain" } })).status).toBe(
      200,
    );
    expect((await send("reject")).status).toBe(200);
    expect(await jobs.store.records.decision(id, "c")).toEqual({ decision: "reject", by: "key:ada" });
  });

  test("another's job is 404 in every way, like one that is not there", async () => {
    const { id } = await jobs.started();
    await jobs.store.records.ask(id, "q", { about: "task", task: "find", round: 1 });
    jobs.engine.told = [];
    const bodies = new Set<string>();
    for (const one of [id, "00000000-0000-4000-8000-000000000000", "x"]) {
      const answers = await Promise.all([
        jobs.get(`/v1/jobs/${one}`, bob),
        jobs.get(`/v1/jobs/${one}/events`, bob),
        ...["approve", "repeat", "reject", "cancel"].map((action) => tell(one, action, {}, bob)),
      ]);
      for (const answer of answers) {
        expect(answer.status).toBe(404);
        const { error } = await jsonOf(answer);
        bodies.add(JSON.stringify({ ...error, request_id: undefined }));
      }
    }
    expect(bodies.size).toBe(1);
    expect((await jsonOf(await jobs.get("/v1/jobs", bob))).jobs).toEqual([]);
    expect(await jobs.store.records.decision(id, "q")).toBeUndefined();
    expect(jobs.engine.told).toEqual([]);
  });
});

test("jobs are listed page by page and by status", async () => {
  const ids: string[] = [];
  for (let index = 0; index < 3; index += 1) ids.unshift((await jobs.started()).id);
  await jobs.store.records.finish(ids[2]!, { status: "cancelled", usage });
  const first = await jsonOf(await jobs.get("/v1/jobs?limit=2"));
  expect([first.jobs.map(({ id }: { id: string }) => id), first.next_after]).toEqual([ids.slice(0, 2), ids[1]]);
  const rest = await jsonOf(await jobs.get(`/v1/jobs?limit=2&after=${first.next_after}`));
  expect([rest.jobs.map(({ id }: { id: string }) => id), rest.next_after]).toEqual([[ids[2]], null]);
  expect((await jsonOf(await jobs.get("/v1/jobs?status=cancelled"))).jobs).toHaveLength(1);
  expect((await jsonOf(await jobs.get("/v1/jobs?status=cancelled"))).jobs[0]).toMatchObject({ has_result: false });
  expect((await jobs.get("/v1/jobs?status=lost")).status).toBe(400);
});
