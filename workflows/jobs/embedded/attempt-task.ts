import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../../platform/errors/app-error.ts";
import type { CrewFailure } from "../../crews/crew-failure.ts";
import type { TaskRun } from "../do-task.ts";
import { isTransient, mayBeModel, pauseAfter, type TaskAttempts } from "../task-attempts.ts";

export interface AttemptOptions {
  readonly attempts: TaskAttempts;
  /** Time that the job has left. */
  readonly timeLeftMs: number;
  /** What is told when that is used up. */
  readonly overTime: () => CrewFailure;
  /** Ends all attempts. */
  readonly signal: AbortSignal;
}

/** Longest wait for work that is given up to end by itself, so that two attempts do not run side by side. */
const graceMs = 2_000;

/** One attempt, given up after the time or when the signal fires; work that does not heed its signal is left behind. */
const attempt = async <Result>(
  work: (run: TaskRun) => Promise<Result>,
  timeoutMs: number,
  signal: AbortSignal,
  withoutModel: boolean,
): Promise<Result> => {
  const own = new AbortController();
  const stop = () => own.abort(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  const late = () => own.abort(new AppError("DEADLINE_EXCEEDED", "The task did not end in time."));
  const timer = setTimeout(late, timeoutMs);
  try {
    const working = work({ signal: own.signal, ...(withoutModel ? { withoutModel } : {}) });
    working.catch(() => undefined);
    const givenUp = Promise.withResolvers<never>();
    const giveUp = async () => {
      await Promise.race([working.catch(() => undefined), delay(graceMs, undefined, { ref: false })]);
      givenUp.reject(own.signal.reason);
    };
    own.signal.addEventListener("abort", giveUp, { once: true });
    givenUp.promise.catch(() => undefined);
    return await Promise.race([working, givenUp.promise]);
  } catch (error) {
    // Whatever the work makes of being given up.
    throw own.signal.aborted ? own.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
};

/**
 * Does a task's work, again after a failure that may pass, with growing pauses; at last without the model that failed.
 * @throws the signal's reason; what `overTime` gives when the job's time is used up; else the last failure.
 */
export const attemptTask = async <Result>(
  work: (run: TaskRun) => Promise<Result>,
  { attempts, timeLeftMs, overTime, signal }: AttemptOptions,
): Promise<Result> => {
  const endsAt = performance.now() + timeLeftMs;
  for (let count = 1; ; count += 1) {
    const leftMs = endsAt - performance.now();
    if (leftMs <= 0) throw overTime();
    signal.throwIfAborted();
    const withoutModel = count > attempts.most;
    try {
      return await attempt(work, Math.min(leftMs, attempts.timeoutMs), signal, withoutModel);
    } catch (error) {
      signal.throwIfAborted();
      if (performance.now() >= endsAt) throw overTime();
      if (!isTransient(error) || withoutModel) throw error;
      if (count >= attempts.most) {
        if (mayBeModel(error)) continue;
        throw error;
      }
      const pauseMs = pauseAfter(count, error, attempts);
      const restMs = endsAt - performance.now();
      await delay(Math.min(pauseMs, restMs), undefined, { signal }).catch(() => signal.throwIfAborted());
      // By the clock there may be a moment left: a timer may be early.
      if (pauseMs >= restMs) throw overTime();
    }
  }
};
