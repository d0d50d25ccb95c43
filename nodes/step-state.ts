import type { Thread } from "../atlas/timeline.ts";
import type { EgressPermit } from "../platform/egress/egress.ts";
import type { QueryInput, QueryRuntime, Step, StepResult } from "./query.ts";

/** What `Send` hands to a node that runs one step. */
export interface StepState {
  readonly step: Step;
  readonly query: QueryInput;
  readonly thread: Thread;
  readonly permit: EgressPermit;
  readonly locale: string;
  readonly timezone: string;
}

export interface StepWrites {
  results: StepResult[];
}

/**
 * Runs one step under its own time-out, which also ends with the query. Whatever goes wrong becomes a failed result with a
 * sentence; only the query's own end is thrown.
 */
export const runStep = async (
  state: StepState,
  runtime: QueryRuntime,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<Pick<StepResult, "evidence" | "text" | "degraded">>,
  reasonOf: (error: unknown, timedOut: boolean) => string,
): Promise<StepWrites> => {
  const started = performance.now();
  const query = runtime.context?.signal ?? state.query.signal;
  query.throwIfAborted();
  const own = new AbortController();
  const stop = () => own.abort(query.reason);
  query.addEventListener("abort", stop, { once: true });
  let timedOut = false;
  let timer: NodeJS.Timeout | undefined;
  // A step that ignores its signal must not hold the query up, so the time-out also settles the race.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      timedOut = true;
      own.abort();
      reject(new Error("step timed out"));
    }, timeoutMs);
  });
  const left = new Promise<never>((_, reject) =>
    own.signal.addEventListener("abort", () => reject(own.signal.reason), { once: true }),
  );
  left.catch(() => undefined);
  try {
    const done = await Promise.race([work(own.signal), late, left]);
    return { results: [{ step: state.step, status: "ok", ...done, ms: performance.now() - started }] };
  } catch (error) {
    query.throwIfAborted();
    return {
      results: [
        {
          step: state.step,
          status: "failed",
          evidence: [],
          text: "",
          degraded: [],
          reason: reasonOf(error, timedOut),
          ms: performance.now() - started,
        },
      ],
    };
  } finally {
    clearTimeout(timer);
    query.removeEventListener("abort", stop);
  }
};
