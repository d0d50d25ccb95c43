import { setImmediate } from "node:timers/promises";

/** Longest stretch of work before others get their turn. */
const busyMs = 8;

/** Lets others run when the work since the last pause has taken long, and stops it when nobody waits for it any more. */
export const createBreather = (signal?: AbortSignal) => {
  let since = performance.now();
  return async function breathe(): Promise<void> {
    signal?.throwIfAborted();
    if (performance.now() - since < busyMs) return;
    await setImmediate();
    signal?.throwIfAborted();
    since = performance.now();
  };
};
export type Breathe = ReturnType<typeof createBreather>;
