import type { QueryContext, QueryEvent, QueryRuntime } from "../query.ts";

/**
 * Watches one answer on its way; at the limit it is handed over, while nothing of it has been done that cannot be taken back. One
 * that has begun to come, with thoughts that are shown or with text that is not out yet, has until shortly before its deadline.
 */
export interface SyncLimit {
  /** As the query's own, but that it ends when the answer is handed over, and that what is shown counts as done. */
  readonly runtime: QueryRuntime;
  /**
   * Said before anything that cannot be taken back; from then on nothing is handed over. Waits for a hand-over that is being
   * made, and throws when it was.
   */
  touch(): Promise<void>;
  /** Said when the answer has begun to come. */
  comes(): void;
  /** Stops watching; true when the answer was handed over. */
  end(): Promise<boolean>;
}

export interface SyncLimitDeps {
  readonly context: QueryContext;
  /** `performance.now()` of the limit. */
  readonly limitAt: number;
  /** The same for an answer that has begun to come. */
  readonly latestAt: number;
  /** Hands the answer over; false when nobody takes it, and then it goes on here. */
  readonly handOver: () => Promise<boolean>;
}

/** Starts to watch. Made for one attempt of a model, ended whatever becomes of it. */
export const startSyncLimit = ({ context, limitAt, latestAt, handOver }: SyncLimitDeps): SyncLimit => {
  const own = new AbortController();
  const stop = () => own.abort(context.signal.reason);
  if (context.signal.aborted) stop();
  context.signal.addEventListener("abort", stop, { once: true });
  let isTouched = false;
  let hasBegun = false;
  let handing: Promise<boolean> | undefined;
  const wait = (at: number, then: () => void) => setTimeout(then, Math.max(0, at - performance.now()));
  const hand = () => {
    if (isTouched || own.signal.aborted) return;
    handing = handOver().catch(() => false);
    void handing.then((done) => {
      if (done) own.abort(new Error("The answer was handed over to a long job."));
    });
  };
  let timer = wait(limitAt, () => {
    if (hasBegun && latestAt > limitAt) timer = wait(latestAt, hand);
    else hand();
  });
  const comes = () => {
    hasBegun = true;
  };
  const touch = async (): Promise<void> => {
    if (handing && (await handing)) throw own.signal.reason ?? new Error("The answer was handed over.");
    isTouched = true;
  };
  const { emit } = context;
  const show = async (event: QueryEvent): Promise<void> => {
    // What a model thinks is no answer yet, but somebody sees that it comes.
    if (event.type === "reasoning") comes();
    else await touch();
    await emit?.(event);
  };
  return {
    runtime: { context: { ...context, signal: own.signal, emit: emit && show } },
    touch,
    comes,
    async end() {
      clearTimeout(timer);
      context.signal.removeEventListener("abort", stop);
      return handing ?? false;
    },
  };
};
