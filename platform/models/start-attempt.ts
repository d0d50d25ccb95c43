import { AppError } from "../errors/app-error.ts";
import { type FailureContext, mapFailure } from "./map-failure.ts";
import type { ProviderDelta } from "./provider.ts";

export interface AttemptOptions {
  readonly open: (signal: AbortSignal) => AsyncIterable<ProviderDelta>;
  readonly context: FailureContext;
  /** Of the caller. */
  readonly signal: AbortSignal;
  /** Longest wait for the first text, reasoning, tool call or finish. */
  readonly firstTokenMs: number;
  /** Longest silence afterwards. */
  readonly idleMs: number;
  /** `performance.now()` milliseconds. */
  readonly deadlineAt: number;
}

/** How long a server may take for its token counts once it said that the answer is finished. */
const usageGraceMs = 2_000;
const longestTimer = 2 ** 31 - 1;

/**
 * One upstream call under its clocks. Time-outs, the deadline and the caller's abort take effect at once, whether or not
 * the provider's package reacts, and abort the request. A stream that ends without a finish was cut off.
 * @throws {AppError} PROVIDER_TIMEOUT, DEADLINE_EXCEEDED, PROVIDER_SERVER_ERROR, or what the provider threw; the signal's reason.
 */
export async function* startAttempt(options: AttemptOptions): AsyncGenerator<ProviderDelta> {
  const { signal, context, idleMs } = options;
  signal.throwIfAborted();
  const controller = new AbortController();
  let stopped: { readonly error: unknown } | undefined;
  let waiting: ((error: unknown) => void) | undefined;
  const stop = (error: unknown) => {
    if (stopped) return;
    stopped = { error };
    controller.abort();
    waiting?.(error);
  };
  const timers: NodeJS.Timeout[] = [];
  const timer = (ms: number, action: () => void): NodeJS.Timeout => {
    const started = setTimeout(action, Math.min(Math.max(0, ms), longestTimer));
    timers.push(started);
    return started;
  };
  const onAbort = () => stop(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  timer(options.deadlineAt - performance.now(), () =>
    stop(new AppError("DEADLINE_EXCEEDED", "The model did not finish in the time that the query has.")),
  );
  const first = timer(options.firstTokenMs, () => stop(mapFailure({ kind: "first-token" }, context)));
  // A consumer that is slow to take what came is not the provider's silence.
  const stopIfWaiting = () => waiting && stop(mapFailure({ kind: "idle" }, context));

  const iterator = options.open(controller.signal)[Symbol.asyncIterator]();
  // A promise of its own each time: racing against one long-lived promise would keep every chunk until the end.
  const next = () =>
    new Promise<IteratorResult<ProviderDelta>>((resolve, reject) => {
      if (stopped) return reject(stopped.error);
      waiting = reject;
      iterator.next().then(resolve, (error) => reject(stopped ? stopped.error : error));
    }).finally(() => {
      waiting = undefined;
    });
  let silence: NodeJS.Timeout | undefined;
  let finished = false;
  try {
    for (;;) {
      silence?.refresh();
      const result = await next();
      if (result.done) break;
      const delta = result.value;
      if (!silence && isSubstance(delta)) {
        clearTimeout(first);
        silence = timer(idleMs, stopIfWaiting);
      }
      if (delta.finish !== undefined && !finished) {
        finished = true;
        clearTimeout(silence);
        silence = timer(usageGraceMs, stopIfWaiting);
      }
      yield delta;
    }
    if (!finished) throw mapFailure({ kind: "cut" }, context);
  } catch (error) {
    // Once it said how it ended the answer is complete, even if its token counts never come.
    if (!finished || signal.aborted) throw error;
  } finally {
    for (const one of timers) clearTimeout(one);
    signal.removeEventListener("abort", onAbort);
    // A finished reply gets a moment to end by itself, which keeps its connection for the next request.
    if (finished) setTimeout(() => controller.abort(), usageGraceMs).unref();
    else controller.abort();
    iterator.return?.(undefined).catch(() => undefined);
  }
}

const isSubstance = ({ text, reasoning, toolFragments, finish }: ProviderDelta): boolean =>
  text !== undefined || reasoning !== undefined || toolFragments !== undefined || finish !== undefined;
