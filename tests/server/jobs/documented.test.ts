import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type RunningEngine, startEngine } from "../../support/engine.ts";
import { startModelServer } from "../../support/model-server.ts";
import { runAthena } from "../../support/run-command.ts";
import { jsonOf } from "../../support/start-edge.ts";
import { until } from "../../support/until.ts";

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(read("docs/jobs.md")) ?? [];
const crew = parse(example).crews[0];

let athena: RunningEngine;
beforeAll(async () => {
  athena = await startEngine();
});
afterAll(() => athena.close());

const start = (body: object) => athena.post("/v1/jobs", body);
const jobOf = async (id: string, url = athena.url) => jsonOf(await fetch(`${url}/v1/jobs/${id}`));
const reaches = async (id: string, status: string, url = athena.url) => {
  await until(async () => (await jobOf(id, url)).status === status, 20_000);
  return jobOf(id, url);
};

test("the README's command runs a crew through the server and prints its result", { timeout: 60_000 }, async () => {
  const [, name = "", input = ""] = /npx athena crew run (\S+) --input '([^']+)'/.exec(read("README.md")) ?? [];
  const environment = { ATHENA_DATA_DIR: athena.dataDir, ATHENA_PORT: new URL(athena.url).port };
  const ran = await runAthena(["crew", "run", name, "--input", input], environment);
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/^# Report: heat pumps\n/) });
});

test("the page's crew runs as it is: it finds what was said, asks, and its result counts once", async () => {
  await athena.post("/ai/query", { text: "Note: the boiler loses water at the valve." });
  const { id, thread_id } = await jsonOf(await start({ crew, input: { topic: "the boiler" } }));
  const { question } = await reaches(id, "waiting_approval");
  expect(question).toMatchObject({ about: "result", task: "page" });
  expect(question.output.text).toContain("loses water at the valve");
  expect((await athena.post(`/v1/jobs/${id}/approve`, {})).status).toBe(200);
  expect((await athena.post(`/v1/jobs/${id}/approve`, {})).status).toBe(409);
  const { result } = await reaches(id, "completed");
  const { messages } = await jsonOf(await fetch(`${athena.url}/threads/${thread_id}/messages`));
  expect(messages).toMatchObject([{ content: result.text }]);
});

describe("a crew that cannot run is refused before anything starts", () => {
  const [find, page] = crew.tasks;
  const [reader, writer] = crew.agents;
  test.each([
    ["tasks in a circle", { tasks: [{ ...find, needs: ["page"] }, page] }, /circle|one another/],
    ["an unknown tool", { agents: [{ ...reader, tools: ["magic"] }, writer] }, /magic/],
    ["an unknown model", { agents: [reader, { ...writer, model: "no-such-alias" }] }, /no-such-alias/],
    [
      "an unknown guardrail",
      { tasks: [find, { ...page, guardrails: [{ kind: "function", name: "magic" }] }] },
      /magic/,
    ],
    ["an unknown way", { tasks: [find, { ...page, without_model: "magic" }] }, /magic/],
    ["an unknown agent", { tasks: [find, { ...page, agent: "nobody" }] }, /nobody/],
    ["an unknown need", { tasks: [find, { ...page, needs: ["nothing"] }] }, /nothing/],
    ["no steps", { limits: { ...crew.limits, steps: 0 } }, /steps/],
    ["no budget", { limits: { ...crew.limits, budget: 0 } }, /budget/],
  ])("%s", async (_what, change, reason) => {
    const count = async () => (await athena.engine.database.query("select id from jobs")).length;
    const before = await count();
    const response = await start({ crew: { ...crew, ...change }, input: { topic: "the boiler" } });
    const { error } = await jsonOf(response);
    expect([response.status, error.code]).toEqual([400, "invalid_input"]);
    expect(`${error.param} ${error.message}`).toMatch(reason);
    expect(await count()).toBe(before);
  });
});

test("a job that is cancelled closes the connection to the model that it waits for", async () => {
  const server = await startModelServer({ reply: { text: "Slowly.", firstChunkDelayMs: 60_000 } });
  const other = await startEngine({ OPENAI_BASE_URL: server.openaiUrl, ATHENA_MODEL: "openai/stand-in" });
  try {
    const { id } = await jsonOf(await other.post("/v1/jobs", { crew, input: { topic: "the boiler" } }));
    await until(() => server.requests.length > 0, 20_000);
    const at = performance.now();
    await other.post(`/v1/jobs/${id}/cancel`, {});
    await until(() => server.requests.every(({ aborted }) => aborted), 10_000);
    expect(Math.max(...server.requests.map(({ abortedAt = 0 }) => abortedAt)) - at).toBeLessThan(5_000);
    expect(await reaches(id, "cancelled", other.url)).not.toHaveProperty("result");
  } finally {
    await other.close();
    await server.close();
  }
});

test("a job goes on for nobody whose key was taken away meanwhile", async () => {
  const server = await startModelServer({ reply: { text: "Slowly.", firstChunkDelayMs: 60_000 } });
  const models = { OPENAI_BASE_URL: server.openaiUrl, ATHENA_MODEL: "openai/stand-in" };
  const first = await startEngine({ ...models, ATHENA_API_KEYS: "ada=ada-secret:admin,ops=ops-secret:admin" });
  let second: RunningEngine | undefined;
  try {
    const body = { crew, input: { topic: "the boiler" } };
    const { id } = await jsonOf(await first.post("/v1/jobs", body, { authorization: "Bearer ada-secret" }));
    await until(() => server.requests.length > 0, 20_000);
    await first.engine.close();
    const asked = server.requests.length;
    second = await startEngine({ ...models, ATHENA_API_KEYS: "ops=ops-secret:admin", ATHENA_DATA_DIR: first.dataDir });
    const { database } = second.engine;
    const ended = () =>
      database.query("select status, error_code from jobs where id = $1 and ended_at is not null", [id]);
    await until(async () => (await ended()).length > 0, 20_000);
    expect(await ended()).toEqual([{ status: "failed", error_code: "POLICY_DENIED" }]);
    expect(server.requests).toHaveLength(asked);
  } finally {
    await second?.close();
    await server.close();
  }
});
