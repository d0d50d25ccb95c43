import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { runAthena } from "../support/run-command.ts";
import { removeDataDir } from "../support/server-process.ts";
import { jsonOf } from "../support/start-edge.ts";
import { until } from "../support/until.ts";
import { usedDataDir } from "../support/used-data-dir.ts";

let dataDir: string;
beforeAll(async () => {
  dataDir = await usedDataDir();
});
afterAll(() => removeDataDir(dataDir));

interface Listed {
  readonly id: string;
  readonly enabled: boolean;
  readonly next_run: string | null;
  readonly runs: readonly { readonly status: string; readonly cause: string; readonly error: string | null }[];
}

describe("schedules of a serving engine", { timeout: 60_000 }, () => {
  let running: RunningEngine;
  const get = async (): Promise<readonly Listed[]> => (await jsonOf(await fetch(`${running.url}/schedules`))).schedules;
  const one = async (id: string) => (await get()).find((schedule) => schedule.id === id);
  beforeAll(async () => {
    running = await startEngine({ ATHENA_DATA_DIR: dataDir });
  });
  afterAll(() => running.close());

  test("shipped ones are planned as soon as the engine leads", async () => {
    await until(async () => (await one("nightly-index"))?.next_run != null);
    expect(await (await fetch(`${running.url}/metrics`)).text()).toMatch(/^scheduler_leads 1$/m);
  });

  test.each([
    "core-sync",
    "nightly-index",
    "thread-summaries",
    "hot-window",
    "topic-graph",
    "weekly-digest",
    "job-retention",
  ])("%s is run at once, and says how it ended", async (id) => {
    expect((await running.post(`/schedules/${id}/run`, {})).status).toBe(202);
    await until(async () => (await one(id))?.runs[0]?.status !== "running");
    expect((await one(id))?.runs[0]).toMatchObject({ cause: "hand", status: "done", error: null });
  });

  test("one is paused and resumed; one that is not there is 404", async () => {
    expect((await running.post("/schedules/nightly-index/pause", {})).status).toBe(204);
    expect(await one("nightly-index")).toMatchObject({ enabled: false });
    expect((await running.post("/schedules/nightly-index/resume", {})).status).toBe(204);
    expect(await one("nightly-index")).toMatchObject({ enabled: true });
    for (const action of ["run", "pause", "resume"]) {
      expect((await running.post(`/schedules/nobody's/${action}`, {})).status).toBe(404);
    }
  });
});

test("a caller with a key is an administrator only when the key says so", { timeout: 60_000 }, async () => {
  const running = await startEngine({
    ATHENA_DATA_DIR: dataDir,
    ATHENA_API_KEYS: "ada=ada-secret,ops=ops-secret:admin",
  });
  try {
    const headers = { authorization: "Bearer ada-secret" };
    expect((await fetch(`${running.url}/schedules`, { headers })).status).toBe(403);
    for (const action of ["run", "pause", "resume"]) {
      expect((await running.post(`/schedules/nightly-index/${action}`, {}, headers)).status).toBe(403);
    }
    const rows = await running.engine.database.query("select 1 from schedules where not enabled");
    expect(rows).toEqual([]);
    const admin = { authorization: "Bearer ops-secret" };
    expect((await fetch(`${running.url}/schedules`, { headers: admin })).status).toBe(200);
    expect((await running.post("/schedules/nightly-index/resume", {}, admin)).status).toBe(204);
  } finally {
    await running.close();
  }
});

test("the command lists, runs, pauses and resumes", { timeout: 120_000 }, async () => {
  const athena = (...words: string[]) => runAthena(["schedules", ...words], { ATHENA_DATA_DIR: dataDir });
  expect(await athena("pause", "nightly-index")).toMatchObject({ code: 0, stdout: "nightly-index is paused.\n" });
  expect((await athena("list")).stdout).toMatch(/^nightly-index {2}0 3 \* \* \* {2}paused/m);
  const ran = await athena("run", "nightly-index");
  expect({ ...ran, stderr: "" }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^nightly-index done in /) });
  expect(await athena("resume", "nightly-index")).toMatchObject({ code: 0 });
  expect((await athena("list")).stdout).toMatch(/^nightly-index .*last \S+ done/m);
  expect(await athena("run", "nobody's")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("no such schedule"),
  });
});
