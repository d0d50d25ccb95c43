import { setImmediate } from "node:timers/promises";

/** Longest stretch of work before others get their turn. */
const busyMs = 8;

/**
 * Lets others run when the work since the last pause has taken long, and stops it when nobody waits for it any more. Gives nothing
 * to wait for while there is time left.
 */
export const createBreather = (signal?: AbortSignal) => {
  let since = performance.now();
  const pause = async (): Promise<void> => {
    await setImmediate();
    signal?.throwIfAborted();
    since = performance.now();
  };
  return function breathe(): Promise<void> | undefined {
    signal?.throwIfAborted();
    return performance.now() - since < busyMs ? undefined : pause();
  };
};
export type Breathe = ReturnType<typeof createBreather>;
