import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "../../../platform/errors/app-error.ts";
import { createMetrics } from "../../../platform/metrics/metrics.ts";
import { type Listening, listen } from "../../../server/listen.ts";
import { createWorkerApp } from "../../../server/worker/worker-app.ts";
import type { TemporalWorkerState } from "../../../workflows/jobs/temporal/create-temporal-worker.ts";

describe("what a worker shows over HTTP", () => {
  let state: TemporalWorkerState = "connecting";
  let isDatabaseThere = true;
  const metrics = createMetrics();
  let listening: Listening;
  beforeAll(async () => {
    const identify = (headers: { readonly authorization?: string | undefined }) => {
      if (headers.authorization !== "Bearer right") throw new AppError("UNAUTHENTICATED", "Which key?");
      return { id: "ada", roles: ["user"], profile: "openai" };
    };
    const database = {
      kind: "external" as const,
      ping: () => (isDatabaseThere ? Promise.resolve(0.1) : Promise.reject(new Error("away"))),
    };
    const app = createWorkerApp({
      worker: { state: () => state, buildId: "abc" },
      database: database as never,
      metrics,
      logger: pino({ level: "silent" }),
      anonymous: false,
      identify: identify as never,
      identifyCore: identify as never,
      maxBodyBytes: 1_024,
    });
    listening = await listen(app, { host: "127.0.0.1", port: 0 });
  });
  afterAll(() => listening?.close(100));

  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${listening.url}${path}`, { headers });

  test("it runs, whether it works or not", async () => {
    const reply = await get("/health");
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ status: "ok" });
  });

  test.each([
    ["connecting", true, 503],
    ["running", true, 200],
    ["running", false, 503],
    ["draining", true, 503],
    ["stopped", true, 503],
  ] as const)("it is ready only while it works and the database is there: %s, %s → %s", async (now, there, status) => {
    state = now;
    isDatabaseThere = there;
    const reply = await get("/ready");
    expect(reply.status).toBe(status);
    expect(await reply.json()).toEqual({
      status: status === 200 ? "ready" : "unavailable",
      worker: now,
      build_id: "abc",
      database: there ? "up" : "down",
    });
    expect(reply.headers.get("retry-after")).toBe(status === 200 ? null : "1");
  });

  test("what it did is for who has a key", async () => {
    metrics.jobStepSeconds.observe({ step: "task", outcome: "ok" }, 0.2);
    expect((await get("/metrics")).status).toBe(401);
    const reply = await get("/metrics", { authorization: "Bearer right" });
    expect(await reply.text()).toContain('job_step_duration_seconds_count{step="task",outcome="ok"} 1');
  });

  test("nothing else is there", async () => {
    expect((await get("/v1/models")).status).toBe(404);
    expect((await fetch(`${listening.url}/ready`, { method: "POST" })).status).toBe(405);
  });
});
