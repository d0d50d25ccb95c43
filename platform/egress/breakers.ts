import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from "cockatiel";
import { AppError, isAppError } from "../errors/app-error.ts";
import type { Metrics } from "../metrics/metrics.ts";

export interface BreakersDeps {
  readonly metrics: Pick<Metrics, "breakerOpen">;
  /** Failures in a row that open a circuit; default 5. */
  readonly threshold?: number;
  /** How long an open circuit refuses before it lets one call through; default 10,000. */
  readonly openMs?: number;
}

/** Runs calls through one circuit breaker per name. */
export interface Breakers {
  /**
   * Runs `call`; only UPSTREAM_UNAVAILABLE counts as a failure of the other side.
   * @throws {AppError} UPSTREAM_UNAVAILABLE at once while the circuit is open; whatever `call` throws.
   */
  run<Value>(name: string, call: () => Promise<Value>): Promise<Value>;
  isOpen(name: string): boolean;
}

/** Circuit breakers by provider: after failures in a row nothing is sent for a while, then one call tries. */
export const createBreakers = ({ metrics, threshold = 5, openMs = 10_000 }: BreakersDeps): Breakers => {
  const create = (name: string, initialState?: unknown) => {
    const breaker = circuitBreaker(
      // A trial call whose caller left has shown nothing: the circuit stays open then.
      handleWhen((error) => isAppError(error, "UPSTREAM_UNAVAILABLE") || breaker.state === CircuitState.HalfOpen),
      {
        halfOpenAfter: openMs,
        breaker: new ConsecutiveBreaker(threshold),
        ...(initialState === undefined ? {} : { initialState }),
      },
    );
    const entry = { breaker, openedAt: initialState === undefined ? 0 : performance.now() };
    breaker.onBreak(() => {
      entry.openedAt = performance.now();
      metrics.breakerOpen.set({ name }, 1);
    });
    breaker.onReset(() => metrics.breakerOpen.set({ name }, 0));
    return entry;
  };
  const entries = new Map<string, ReturnType<typeof create>>();

  const entryOf = (name: string) => {
    const known = entries.get(name);
    // Cockatiel reads the wall clock: a clock that was set back must not keep a circuit open for hours.
    const overdue = known?.breaker.state === CircuitState.Open && performance.now() - known.openedAt >= openMs;
    if (known !== undefined && !overdue) return known;
    const state = known?.breaker.toJSON() as { ownState: object } | undefined;
    const entry = create(name, state && { ...state, ownState: { ...state.ownState, openedAt: 0 } });
    entries.set(name, entry);
    return entry;
  };

  return {
    isOpen: (name) => entries.get(name)?.breaker.state === CircuitState.Open,
    async run(name, call) {
      const { breaker } = entryOf(name);
      // While one call tries, the others are refused at once instead of waiting for its outcome.
      if (breaker.state !== CircuitState.HalfOpen) {
        try {
          return await breaker.execute(call);
        } catch (error) {
          if (!(error instanceof BrokenCircuitError)) throw error;
        }
      }
      throw new AppError("UPSTREAM_UNAVAILABLE", `${name} has not been answering; it is tried again shortly.`);
    },
  };
};
