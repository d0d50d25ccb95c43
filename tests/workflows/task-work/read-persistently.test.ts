import { expect, test } from "vitest";
import { AppError } from "../../../platform/errors/app-error.ts";
import { readPersistently } from "../../../workflows/task-work/read-persistently.ts";
import type { CrewAnswer } from "../../../workflows/task-work/task-work-deps.ts";

const { signal } = new AbortController();
const found: CrewAnswer = { status: "ok", text: "Found.", sources: [] };

/** Reads that fail until a call; counts them. */
const failingUntil = (call: number, error: unknown) => {
  let made = 0;
  return {
    made: () => made,
    async read() {
      made += 1;
      if (made < call) throw error;
      return found;
    },
  };
};
const away = new AppError("UPSTREAM_UNAVAILABLE", "The search did not answer.");

test("what may pass is called again, and its answer is the answer", async () => {
  const { read, made } = failingUntil(3, away);
  expect(await readPersistently(read, { signal, pausesMs: [1, 1] })).toEqual(found);
  expect(made()).toBe(3);
});

test("what does not pass in time is an answer that says why", async () => {
  const { read, made } = failingUntil(9, away);
  expect(await readPersistently(read, { signal, pausesMs: [1] })).toEqual({ status: "failed", reason: away.message });
  expect(made()).toBe(2);
});

test.each([
  ["our own database is away", new AppError("DATABASE_UNAVAILABLE", "No database.")],
  ["it will not pass", new AppError("NOT_CONFIGURED", "No key is set.")],
  ["nobody foresaw it", new TypeError("no such field")],
])("a failure is thrown at once when %s", async (_why, error) => {
  const { read, made } = failingUntil(9, error);
  await expect(readPersistently(read, { signal, pausesMs: [1] })).rejects.toBe(error);
  expect(made()).toBe(1);
});

test("who is stopped in a pause throws the signal's reason", async () => {
  const stop = new AbortController();
  const reading = readPersistently(failingUntil(9, away).read, { signal: stop.signal, pausesMs: [60_000] });
  setTimeout(() => stop.abort(new Error("stopped")), 5);
  await expect(reading).rejects.toThrow("stopped");
});

test("a service that asks for a longer pause gets it", async () => {
  const { read } = failingUntil(2, new AppError("RATE_LIMITED", "Too many.", { retryAfterSeconds: 0.05 }));
  const since = performance.now();
  await readPersistently(read, { signal, pausesMs: [1] });
  expect(performance.now() - since).toBeGreaterThan(40);
});
