import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { runAthena } from "../support/run-command.ts";
import { runAthenaHere } from "../support/run-command-here.ts";
import { freePort, removeDataDir } from "../support/server-process.ts";
import { jsonOf } from "../support/start-edge.ts";
import { until } from "../support/until.ts";
import { usedDataDir } from "../support/used-data-dir.ts";

const worker = { id: "worker", role: "Worker", goal: "Work" };
const task = { description: "Do it: {topic}", expected_output: "Done.", without_model: "combine" };
/** Asks before its second task. */
const asking = {
  id: "asking",
  description: "Asks somebody.",
  input: { type: "object", properties: { topic: { type: "string" } }, required: ["topic"] },
  agents: [worker],
  tasks: [
    { ...task, id: "first" },
    { ...task, id: "second", needs: ["first"], human_approval: "before" },
  ],
};
const input = { topic: "heat pumps in old houses" };

let dataDir: string;
beforeAll(async () => {
  dataDir = await usedDataDir();
});
afterAll(() => removeDataDir(dataDir));

describe("long jobs of a serving engine", { timeout: 120_000 }, () => {
  let running: RunningEngine;
  beforeAll(async () => {
    running = await startEngine({ ATHENA_DATA_DIR: dataDir, ATHENA_EVENTS_IDLE_SECONDS: "0.1" });
  });
  afterAll(() => running.close());
  const get = async (path: string) => jsonOf(await fetch(`${running.url}${path}`));
  const ends = async (id: string, ...statuses: string[]) => {
    const over = statuses.length > 0 ? statuses : ["completed", "failed", "cancelled"];
    await until(async () => over.includes((await get(`/v1/jobs/${id}`)).status), 30_000);
    return get(`/v1/jobs/${id}`);
  };

  test("what jobs take up is a metric from the start", async () => {
    expect(await (await fetch(`${running.url}/metrics`)).text()).toMatch(/^jobs_stored_bytes [1-9]/m);
  });

  test("a shipped crew runs without a model; its events stream to the end, its result is in the conversation once", async () => {
    const begun = await running.post("/v1/jobs", { crew: "report", input: { period: "today" }, idempotency_key: "r" });
    expect(begun.status).toBe(202);
    const { id, thread_id } = await jsonOf(begun);
    const events = await (await fetch(`${running.url}/v1/jobs/${id}/events`)).text();
    expect(events).toMatch(/^event: started\n[\s\S]*\nevent: completed\n/m);
    const job = await get(`/v1/jobs/${id}`);
    expect(job).toMatchObject({ status: "completed", result: { text: expect.stringMatching(/\S/) } });
    expect(job.progress.done).toBe(job.progress.total);
    const { messages } = await get(`/threads/${thread_id}/messages`);
    expect(messages).toMatchObject([
      { role: "agent", author: "report", content: job.result.text, meta: { job: { id, status: "completed" } } },
    ]);
    expect(
      (
        await jsonOf(
          await running.post("/v1/jobs", { crew: "report", input: { period: "today" }, idempotency_key: "r" }),
        )
      ).id,
    ).toBe(id);
  });

  test("one that asks waits, goes on when it is answered, and ends where it is rejected or cancelled", async () => {
    const begin = async (about = input) =>
      (await jsonOf(await running.post("/v1/jobs", { crew: asking, input: about }))).id as string;
    const polish = { topic: "Jakie są koszty pompy ciepła w starym domu?" };
    const [approved, rejected, cancelled] = [await begin(), await begin(), await begin(polish)];
    for (const id of [approved, rejected, cancelled]) {
      expect(await ends(id, "waiting_approval")).toMatchObject({ question: { about: "task", task: "second" } });
    }
    expect((await running.post(`/v1/jobs/${approved}/approve`, {})).status).toBe(200);
    expect((await running.post(`/v1/jobs/${approved}/reject`, {})).status).toBe(409);
    await running.post(`/v1/jobs/${rejected}/reject`, { reason: "Not this year" });
    await running.post(`/v1/jobs/${cancelled}/cancel`, {});
    expect(await ends(approved)).toMatchObject({ status: "completed" });
    expect(await ends(rejected)).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("Not this year"), task: "second" },
    });
    const { thread_id } = await ends(cancelled);
    expect(await get(`/v1/jobs/${cancelled}`)).toMatchObject({ status: "cancelled" });
    expect((await get(`/threads/${thread_id}/messages`)).messages).toMatchObject([
      { content: "Zadanie „asking” zostało anulowane." },
    ]);
  });

  test("an event of another program starts one, once, with the rights of its principal", async () => {
    const runId = randomUUID();
    const { id: threadId } = await jsonOf(await running.post("/threads", {}));
    for (let times = 0; times < 2; times += 1) {
      await running.engine.database.query(
        `insert into outbox (aggregate_type, aggregate_id, event_type, payload)
         values ('request', $1, 'agent.run.requested.report', $2)`,
        [
          runId,
          JSON.stringify({
            run_id: runId,
            agent: "report",
            principal: "local",
            thread_id: threadId,
            input: { period: "yesterday" },
          }),
        ],
      );
    }
    const ofThread = async () =>
      (await get("/v1/jobs")).jobs.filter((job: { thread_id: string }) => job.thread_id === threadId);
    await until(async () => (await ofThread())[0]?.status === "completed", 30_000);
    await until(async () => {
      const rows = await running.engine.database.query("select 1 from outbox where status = 'pending'");
      return rows.length === 0;
    });
    expect(await ofThread()).toHaveLength(1);
    expect((await get(`/threads/${threadId}/messages`)).messages).toHaveLength(1);
  });

  test("the retention runs on its schedule", async () => {
    expect((await running.post("/schedules/job-retention/run", {})).status).toBe(202);
    const ran = /^schedule_runs_total\{(?=.*job-retention)(?=.*done).*\} 1$/m;
    await until(async () => ran.test(await (await fetch(`${running.url}/metrics`)).text()));
  });

  test("the commands show, answer and run jobs through the server", async () => {
    const environment = { ATHENA_DATA_DIR: dataDir, ATHENA_PORT: new URL(running.url).port };
    const athena = (...words: string[]) => runAthenaHere(words, environment);
    // As a process, which has to end by itself.
    const ran = await runAthena(["crew", "run", "report", "--input", '{"period": "week"}'], environment);
    expect(ran).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\S+[\s\S]*\nJob: \S+, thread: \S+, 0 tokens\.\n$/),
    });
    expect(ran.stderr).toMatch(/^Job \S+\nbegun\n/);
    const { id } = await jsonOf(await running.post("/v1/jobs", { crew: asking, input }));
    await ends(id, "waiting_approval");
    expect((await athena("jobs", "list", "--status", "waiting_approval")).stdout).toMatch(
      new RegExp(`^${id}  \\S+Z  asking  waiting_approval  1/2`, "m"),
    );
    expect((await athena("jobs", "show", id)).stdout).toContain(
      `may 'second' begin?\n  athena jobs approve ${id} --key second/begin `,
    );
    expect(await runAthena(["jobs", "approve", id], environment)).toMatchObject({ code: 0 });
    await ends(id, "completed");
    expect(await athena("jobs", "approve", id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("waits for nothing"),
    });
    expect(JSON.parse((await athena("jobs", "show", id, "--json")).stdout)).toMatchObject({ id, status: "completed" });
    expect(await athena("crew", "run", "nobody")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no such crew"),
    });
    expect(await athena("crew", "run", "report", "--input", "[1]")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--input must be a JSON object"),
    });
  });
});

test("without a server the command runs a crew here, and leaves a question to whoever answers it", {
  timeout: 120_000,
}, async () => {
  const { writeFile } = await import("node:fs/promises");
  const file = `${dataDir}/asking.yaml`;
  await writeFile(file, JSON.stringify({ crews: [{ ...asking, manager: null, enabled: true }] }));
  await writeFile(`${dataDir}/input.json`, JSON.stringify(input));
  const environment = { ATHENA_DATA_DIR: dataDir, ATHENA_PORT: `${await freePort()}` };
  const athena = (...words: string[]) => runAthenaHere(words, environment);
  const incident = '{"incident": "The cache is down."}';
  expect(await athena("crew", "run", "triage", "--input", incident)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Part: cache"),
  });
  const ran = await runAthena(["crew", "run", file, "--input", `@${dataDir}/input.json`], environment);
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  const [, id] = /athena jobs approve (\S+)/.exec(ran.stderr) ?? [];
  expect(await athena("jobs", "approve", `${id}`)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\S+ .*running.*\nIt goes on when the server runs\.\n$/),
  });
  const running = await startEngine({ ATHENA_DATA_DIR: dataDir });
  try {
    await until(async () => (await jsonOf(await fetch(`${running.url}/v1/jobs/${id}`))).status === "completed", 30_000);
  } finally {
    await running.close();
  }
  expect(await athena("crew", "run", "report", "--input", '{"period": "today"}', "--json")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('"status": "completed"'),
  });
});
