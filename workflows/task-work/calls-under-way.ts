import { setTimeout as delay } from "node:timers/promises";

/** Calls with effects that this process makes right now, also for attempts that were given up. */
export interface CallsUnderWay {
  /** Makes a call. */
  during<Result>(jobId: string, key: string, make: () => Promise<Result>): Promise<Result>;
  /** Waits a while for a call that is under way here. False: there is none. @throws the signal's reason */
  ended(jobId: string, key: string, signal: AbortSignal): Promise<boolean>;
}

/** `patienceMs`: longest wait for one call. */
export const createCallsUnderWay = (patienceMs = 5_000): CallsUnderWay => {
  const running = new Map<string, Promise<unknown>>();
  const nameOf = (jobId: string, key: string): string => `${jobId} ${key}`;
  return {
    async during(jobId, key, make) {
      const name = nameOf(jobId, key);
      const call = make();
      running.set(name, call);
      try {
        return await call;
      } finally {
        if (running.get(name) === call) running.delete(name);
      }
    },
    async ended(jobId, key, signal) {
      const call = running.get(nameOf(jobId, key));
      if (!call) return false;
      const enough = new AbortController();
      const stop = (): void => enough.abort();
      signal.addEventListener("abort", stop, { once: true });
      const waited = delay(patienceMs, undefined, { signal: enough.signal }).catch(() => undefined);
      await Promise.race([call.catch(() => undefined), waited]);
      stop();
      signal.removeEventListener("abort", stop);
      signal.throwIfAborted();
      return true;
    },
  };
};
