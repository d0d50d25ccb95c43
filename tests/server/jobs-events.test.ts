import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ada, type JobsEdge, startJobsEdge } from "../support/jobs-edge.ts";
import { dataLines } from "../support/start-edge.ts";
import { until } from "../support/until.ts";

const usage = { tokens: 1, cost: 0 };
let jobs: JobsEdge;
beforeAll(async () => {
  jobs = await startJobsEdge();
});
afterAll(() => jobs.close());
beforeEach(() => jobs.forget());

describe("GET /v1/jobs/{id}/events", () => {
  const idsOf = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  const kindsOf = (text: string) => [...text.matchAll(/^event: (.*)$/gm)].map(([, kind]) => kind);

  test("gives what comes as it comes, goes on after the last one known, and ends behind the job's end", async () => {
    const { id } = await jobs.started();
    await jobs.store.records.emit(id, { id: "a", kind: "started" });
    const response = await jobs.get(`/v1/jobs/${id}/events`);
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const whole = response.text();
    await jobs.store.records.emit(id, { id: "b", kind: "task_started", task: "find", round: 1, agent: "worker" });
    await delay(300); // long enough for a keep-alive
    const since = performance.now();
    await jobs.store.records.emit(id, {
      id: "c",
      kind: "task_refused",
      task: "find",
      round: 1,
      text: "Line\nand line\u2028.",
    });
    await jobs.store.records.finish(id, { status: "completed", result: { text: "Done.", citations: [] }, usage });
    const text = await whole;
    expect(performance.now() - since).toBeLessThan(1_500); // not at the next look, but at once
    expect(text).toContain(": keep-alive\n\n");
    expect(kindsOf(text)).toEqual(["started", "task_started", "task_refused", "completed"]);
    const data = dataLines(
      text
        .split("\n")
        .filter((line) => line.startsWith("data: "))
        .join("\n"),
    );
    expect(data[2]).toMatchObject({ sequence: 3, kind: "task_refused", text: "Line\nand line\u2028." });
    expect(idsOf(text)).toEqual([1, 2, 3, 4]);
    const again = async (who: Record<string, string>, query = "") =>
      idsOf(await (await jobs.get(`/v1/jobs/${id}/events${query}`, { ...ada, ...who })).text());
    expect(await again({ "last-event-id": "2" })).toEqual([3, 4]);
    expect(await again({}, "?after=3")).toEqual([4]);
    expect(await again({ "last-event-id": "1" }, "?after=3")).toEqual([2, 3, 4]);
    expect(await again({ "last-event-id": "4" })).toEqual([]);
    expect((await jobs.get(`/v1/jobs/${id}/events`, { ...ada, "last-event-id": "x" })).status).toBe(400);
  });

  test("stops looking when the client goes", async () => {
    const { id } = await jobs.started();
    const gone = new AbortController();
    const response = await fetch(`${jobs.edge.url}/v1/jobs/${id}/events`, { headers: ada, signal: gone.signal });
    const open = async () => /^http_open_streams (\d+)$/m.exec(await (await jobs.get("/metrics")).text())?.[1];
    expect(response.status).toBe(200);
    await until(async () => (await open()) === "1");
    gone.abort();
    await until(async () => (await open()) === "0");
  });
});
