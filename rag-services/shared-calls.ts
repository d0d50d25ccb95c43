interface Call<Value> {
  readonly result: Promise<Value>;
  readonly controller: AbortController;
  waiters: number;
}

/** One running call per key, shared by everyone who asks for it meanwhile. */
export interface SharedCalls<Value> {
  /**
   * Waits for the running call of `key`, or starts one. A waiter whose signal aborts leaves with the signal's reason; the
   * call itself is aborted when nobody waits any more.
   */
  join(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<Value>): Promise<Value>;
}

/** Makes an empty set of shared calls. */
export const createSharedCalls = <Value>(): SharedCalls<Value> => {
  const running = new Map<string, Call<Value>>();

  const begin = (key: string, start: (signal: AbortSignal) => Promise<Value>): Call<Value> => {
    const controller = new AbortController();
    const forget = () => {
      if (running.get(key) === call) running.delete(key);
    };
    const result = (async () => start(controller.signal))().finally(forget);
    result.catch(() => {}); // waiters may all have left
    const call: Call<Value> = { result, controller, waiters: 0 };
    running.set(key, call);
    return call;
  };

  return {
    async join(key, signal, start) {
      signal.throwIfAborted();
      const call = running.get(key) ?? begin(key, start);
      call.waiters += 1;
      const left = Promise.withResolvers<never>();
      const leave = () => left.reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      try {
        return await Promise.race([call.result, left.promise]);
      } finally {
        signal.removeEventListener("abort", leave);
        call.waiters -= 1;
        if (call.waiters === 0) {
          if (running.get(key) === call) running.delete(key); // whoever comes later starts afresh
          call.controller.abort();
        }
      }
    },
  };
};
