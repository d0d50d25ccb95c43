import { expect, test } from "vitest";
import { type FollowJobOptions, followJob } from "../../../server/jobs/follow-job.ts";
import type { JobStatus } from "../../../workflows/jobs/job.ts";
import type { JobEvent } from "../../../workflows/jobs/job-store.ts";
import { until } from "../../support/until.ts";

const event = (sequence: number, kind: JobEvent["kind"] = "task_done"): JobEvent => ({
  sequence,
  kind,
  id: `${sequence}`,
  at: "2026-03-01T00:00:00.000Z",
});

/** A job whose events are added as the test likes. */
const deskOf = () => {
  const events: JobEvent[] = [];
  const hearers = new Set<() => void>();
  const state = { status: "running" as JobStatus, isThere: true, looks: 0 };
  return {
    state,
    hearers,
    add(...more: JobEvent[]) {
      events.push(...more);
      for (const hear of hearers) hear();
    },
    async get(_principal: string, id: string) {
      state.looks += 1;
      if (!state.isThere) return undefined;
      return {
        ...{ id, crew: "c", status: state.status, threadId: "t", createdAt: "" },
        progress: { done: 0, total: 1, running: [] },
        usage: { tokens: 0, cost: 0 },
      };
    },
    events: async (_principal: string, _id: string, { after, limit }: { after: number; limit: number }) =>
      events.filter(({ sequence }) => sequence > after).slice(0, limit),
    watch(_id: string, hear: () => void) {
      hearers.add(hear);
      return () => void hearers.delete(hear);
    },
  };
};

const follow = (desk: ReturnType<typeof deskOf>, options: Partial<FollowJobOptions> = {}) => {
  const seen: number[] = [];
  const leaving = new AbortController();
  const over = (async () => {
    const from = { principal: "ada", id: "j", after: 0, signal: leaving.signal, ...options };
    for await (const { sequence } of followJob(desk, from)) seen.push(sequence);
  })();
  return { seen, over, leaving };
};

test("every event is given once, in order, over pages and pauses, until the last one", async () => {
  const desk = deskOf();
  desk.add(...Array.from({ length: 250 }, (_, index) => event(index + 1)));
  const { seen, over } = follow(desk, { after: 20, lookMs: 60_000 });
  await until(() => seen.length === 230);
  desk.add(event(300));
  desk.add(event(301));
  await until(() => seen.length === 232);
  desk.add(event(302, "failed"), event(303));
  await over;
  expect(seen).toEqual([...Array.from({ length: 230 }, (_, index) => index + 21), 300, 301, 302]);
  expect(desk.hearers.size).toBe(0);
});

test("a note that was lost is made up by the next look", async () => {
  const desk = deskOf();
  const { seen, over } = follow(desk, { lookMs: 20 });
  await until(() => desk.state.looks > 1);
  desk.hearers.clear();
  desk.add(event(1), event(2, "completed"));
  await over;
  expect(seen).toEqual([1, 2]);
});

test("it ends with a job that has ended before, or is not there any more", async () => {
  const ended = deskOf();
  ended.state.status = "completed";
  await follow(ended, { after: 7 }).over;
  const gone = deskOf();
  const { over } = follow(gone, { lookMs: 20 });
  gone.state.isThere = false;
  await over;
  expect([ended.hearers.size, gone.hearers.size]).toEqual([0, 0]);
});

test("it ends at once when who listens goes, and at the next look when the process leaves", async () => {
  const desk = deskOf();
  const client = follow(desk, { lookMs: 60_000 });
  await until(() => desk.state.looks === 1);
  client.leaving.abort();
  await client.over;
  let isLeaving = false;
  const process = follow(desk, { lookMs: 20, isLeaving: () => isLeaving });
  await until(() => desk.state.looks > 2);
  isLeaving = true;
  await process.over;
  expect(desk.hearers.size).toBe(0);
});
