import { setTimeout as delay } from "node:timers/promises";

/** Does something now and every so often, one time after the other, until the signal fires; a time that fails is told of. */
export const repeatUntil = async (
  signal: AbortSignal,
  everyMs: number,
  work: () => Promise<void>,
  onFailure: (error: unknown) => void,
): Promise<void> => {
  while (!signal.aborted) {
    await work().catch((error: unknown) => {
      if (!signal.aborted) onFailure(error);
    });
    await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
};
