/** The signal of one round: fires with the outer one, or when the round's time is over. */
export interface RoundTime {
  readonly signal: AbortSignal;
  /** The round ended because of its time, not because somebody stopped it. */
  readonly isOver: () => boolean;
  readonly end: () => void;
}

const longestTimerMs = 2_000_000_000;

/** An own controller for each round, whose listener goes with it: signals that live long collect nothing. */
export const startRoundTime = (outer: AbortSignal, seconds: number): RoundTime => {
  const inner = new AbortController();
  let over = false;
  const stop = () => inner.abort(outer.reason);
  if (outer.aborted) stop();
  else outer.addEventListener("abort", stop, { once: true });
  const timer = setTimeout(
    () => {
      over = !inner.signal.aborted;
      inner.abort(new DOMException("The task's time is over.", "TimeoutError"));
    },
    Math.min(Math.max(0, seconds * 1_000), longestTimerMs),
  );
  return {
    signal: inner.signal,
    isOver: () => over,
    end() {
      clearTimeout(timer);
      outer.removeEventListener("abort", stop);
    },
  };
};
