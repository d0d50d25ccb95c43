import { ApplicationFailure, CancelledFailure, Context } from "@temporalio/activity";
import type { TaskRun } from "../do-task.ts";
import { fitsHistory } from "./payload-limit.ts";
import type { StepFailure } from "./step-failure.ts";

export type StepOutcome = "ok" | "failed" | "cancelled";

export interface RunStepOptions {
  readonly timeoutSeconds: number;
  /** How often the step says that it is alive, and hears whether it is cancelled. */
  readonly beatMs: number;
  readonly onEnd: (outcome: StepOutcome, seconds: number) => void;
  /** What the workflow is told of a failure. */
  readonly toFailure: (error: unknown) => ApplicationFailure;
}

/** Longest wait for work that is given up to end by itself. */
const graceMs = 2_000;

const tooLarge = () =>
  ApplicationFailure.nonRetryable(
    "A step gave more than fits into a job's history; long results must be kept and go by ref.",
    "TOO_LARGE",
    { retryable: false } satisfies StepFailure,
  );
const overTime = () =>
  ApplicationFailure.nonRetryable("The step's time was up.", "DEADLINE_EXCEEDED", {
    retryable: true,
  } satisfies StepFailure);

/**
 * Runs work as an activity of Temporal: it says that it is alive, and is given up when it is cancelled, its time is up or the
 * worker stops. Only the last is tried again without counting.
 */
export const runStep = async <Result>(
  { timeoutSeconds, beatMs, onEnd, toFailure }: RunStepOptions,
  work: (run: TaskRun) => Promise<Result>,
): Promise<Result> => {
  const context = Context.current();
  const stopped = context.cancellationSignal;
  const late = Symbol("late");
  // One controller for each step: listeners on the worker's own signals would stay.
  const controller = new AbortController();
  const stop = () => controller.abort(stopped.reason);
  const abandoned = Promise.withResolvers<never>();
  abandoned.promise.catch(() => undefined);
  let leaving: NodeJS.Timeout | undefined;
  const leave = () => {
    leaving = setTimeout(() => abandoned.reject(controller.signal.reason), graceMs);
  };
  controller.signal.addEventListener("abort", leave, { once: true });
  stopped.addEventListener("abort", stop, { once: true });
  if (stopped.aborted) stop();
  const limit = setTimeout(() => controller.abort(late), 1_000 * timeoutSeconds);
  const beat = setInterval(() => context.heartbeat(), beatMs);
  const since = performance.now();
  const end = (outcome: StepOutcome) => onEnd(outcome, (performance.now() - since) / 1_000);
  try {
    const working = work({ signal: controller.signal, beat: () => context.heartbeat() });
    working.catch(() => undefined);
    const result = await Promise.race([working, abandoned.promise]);
    if (!fitsHistory(result)) throw tooLarge();
    end("ok");
    return result;
  } catch (error) {
    if (stopped.aborted) {
      end("cancelled");
      const { reason } = stopped;
      if (reason instanceof CancelledFailure && reason.message !== "WORKER_SHUTDOWN") throw reason;
      throw ApplicationFailure.retryable("The worker stops; another one goes on.", "WORKER_STOPPED");
    }
    end("failed");
    throw controller.signal.reason === late ? overTime() : toFailure(error);
  } finally {
    clearTimeout(limit);
    clearTimeout(leaving);
    clearInterval(beat);
    stopped.removeEventListener("abort", stop);
  }
};
