import { setTimeout as delay } from "node:timers/promises";

/** Waits until a condition holds; fails after the time with its text. */
export const until = async (condition: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> => {
  for (const from = performance.now(); !(await condition()); await delay(10)) {
    if (performance.now() - from > timeoutMs) throw new Error(`not within ${timeoutMs} ms: ${condition}`);
  }
};
