import { AppError } from "../errors/app-error.ts";

export interface ProbeGateEntry {
  readonly name: string;
  readonly signal: AbortSignal;
  /** `performance.now()` milliseconds. */
  readonly deadlineAt: number;
  /** Whether waiting is pointless because the breaker refuses calls anyway. */
  readonly isRefused: () => boolean;
}

/** Lets calls through to something that may be down. */
export interface ProbeGate {
  /**
   * Waits until a call may start. What it returns is called with how the call went; undefined when it showed nothing.
   * @throws {AppError} DEADLINE_EXCEEDED; the signal's reason.
   */
  enter(entry: ProbeGateEntry): Promise<(alive: boolean | undefined) => void>;
}

interface State {
  alive: boolean;
  inFlight: number;
  readonly waiting: Set<() => void>;
}

/**
 * Keeps a crowd from storming a server that has not shown that it lives: until one call succeeds, and again after a failure,
 * at most `limit` calls are under way and the others wait for the first outcome. A breaker alone cannot do that: it only
 * knows failures that have already happened.
 */
export const createProbeGate = (limit = 4): ProbeGate => {
  const states = new Map<string, State>();
  const stateOf = (name: string): State => {
    const state = states.get(name) ?? { alive: false, inFlight: 0, waiting: new Set() };
    states.set(name, state);
    return state;
  };

  /** Resolves at the next outcome, at the deadline or when the caller leaves. */
  const outcome = (state: State, signal: AbortSignal, deadlineAt: number) =>
    new Promise<void>((resolve) => {
      const done = () => {
        state.waiting.delete(done);
        signal.removeEventListener("abort", done);
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, Math.min(Math.max(0, deadlineAt - performance.now()), 2 ** 31 - 1));
      state.waiting.add(done);
      signal.addEventListener("abort", done, { once: true });
    });

  return {
    async enter({ name, signal, deadlineAt, isRefused }) {
      const state = stateOf(name);
      signal.throwIfAborted();
      while (!state.alive && state.inFlight >= limit && !isRefused()) {
        await outcome(state, signal, deadlineAt);
        signal.throwIfAborted();
        if (performance.now() >= deadlineAt) {
          throw new AppError("DEADLINE_EXCEEDED", "The model did not begin to answer in the time that the query has.");
        }
      }
      state.inFlight += 1;
      let left = false;
      return (alive) => {
        if (left) return;
        left = true;
        state.inFlight -= 1;
        state.alive = alive ?? state.alive;
        for (const wake of [...state.waiting]) wake();
      };
    },
  };
};
