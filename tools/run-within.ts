/**
 * Runs work with a signal of its own that aborts after a time or with the outer signal. Work that ignores its signal is left
 * behind. Listener and timer are gone when this settles, so an outer signal that lives long collects nothing.
 * Rejects with the work's error, or with the outer signal's reason.
 */
export const runWithin = async <Value>(
  timeoutMs: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<{ readonly timedOut: false; readonly value: Value } | { readonly timedOut: true }> => {
  outer.throwIfAborted();
  const inner = new AbortController();
  const stopped = Promise.withResolvers<{ readonly timedOut: true }>();
  const onAbort = () => {
    inner.abort(outer.reason);
    stopped.reject(outer.reason);
  };
  outer.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => {
    // Settled before the work hears of it, so that its own abort error does not win the race.
    stopped.resolve({ timedOut: true });
    inner.abort(new DOMException("The call took too long.", "TimeoutError"));
  }, timeoutMs);
  try {
    const working = work(inner.signal).then((value) => ({ timedOut: false as const, value }));
    return await Promise.race([stopped.promise, working]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener("abort", onAbort);
  }
};
