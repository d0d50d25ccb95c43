import { describe, expect, test } from "vitest";
import { AppError } from "../../../../platform/errors/app-error.ts";
import { CrewFailure } from "../../../../workflows/crews/crew-failure.ts";
import { attemptTask } from "../../../../workflows/jobs/embedded/attempt-task.ts";
import { pauseAfter } from "../../../../workflows/jobs/task-attempts.ts";
import { untilAborted } from "../../../support/scripted-work.ts";

const attempts = { most: 3, firstPauseMs: 10, longestPauseMs: 1_000, timeoutMs: 1_000 };
const overTime = () => new CrewFailure("limit_reached", "no time left", "one");
const away = new AppError("UPSTREAM_UNAVAILABLE", "The service is away.");
const optionsOf = (more: object = {}) => ({
  attempts,
  timeLeftMs: 10_000,
  overTime,
  signal: new AbortController().signal,
  ...more,
});

describe("a task's attempts", () => {
  test("pause longer each time, up to a limit, and at least as long as the service asks", () => {
    expect([1, 2, 3, 4, 20].map((count) => pauseAfter(count, away, attempts))).toEqual([10, 20, 40, 80, 1_000]);
    const asked = new AppError("RATE_LIMITED", "Slower.", { retryAfterSeconds: 0.5 });
    expect(pauseAfter(1, asked, attempts)).toBe(500);
  });

  test("end with the job's time, whatever is under way", async () => {
    const never = ({ signal }: { readonly signal: AbortSignal }) => untilAborted(signal);
    await expect(attemptTask(never, optionsOf({ timeLeftMs: 50 }))).rejects.toMatchObject({ reason: "limit_reached" });
    const failing = () => Promise.reject(away);
    const slowly = { attempts: { ...attempts, firstPauseMs: 800 }, timeLeftMs: 50 };
    const from = performance.now();
    await expect(attemptTask(failing, optionsOf(slowly))).rejects.toMatchObject({ reason: "limit_reached" });
    expect(performance.now() - from).toBeLessThan(700);
  });

  test("end at once when the job is stopped, with its reason, also in a pause", async () => {
    const stop = new AbortController();
    const failing = () => Promise.reject(away);
    const slowly = { attempts: { ...attempts, firstPauseMs: 5_000, longestPauseMs: 5_000 }, signal: stop.signal };
    const attempted = attemptTask(failing, optionsOf(slowly));
    setTimeout(() => stop.abort(new Error("stopped")), 30);
    const from = performance.now();
    await expect(attempted).rejects.toThrow("stopped");
    expect(performance.now() - from).toBeLessThan(1_000);
  });

  test("do not wait for work that does not heed its signal", async () => {
    const deaf = () => new Promise<never>(() => undefined);
    const from = performance.now();
    await expect(attemptTask(deaf, optionsOf({ timeLeftMs: 50 }))).rejects.toMatchObject({ reason: "limit_reached" });
    expect(performance.now() - from).toBeLessThan(4_000);
  });

  test("of what is not to be repeated are one", async () => {
    let count = 0;
    const unknown = new AppError("DATABASE_UNAVAILABLE", "It is not known whether it was stored.", {
      retryable: false,
    });
    const work = () => {
      count += 1;
      return Promise.reject(unknown);
    };
    await expect(attemptTask(work, optionsOf())).rejects.toBe(unknown);
    expect(count).toBe(1);
  });
});
