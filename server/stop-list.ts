import type { Logger } from "pino";

/** What has been started, to be stopped in reverse. */
export interface StopList {
  /** Notes how to stop what was just started. */
  add(name: string, stop: () => unknown): void;
  /** Stops everything, last started first; a failure is logged and the rest still stops. May be called twice. */
  stop(): Promise<void>;
}

/** Makes an empty list. */
export const createStopList = (logger: Pick<Logger, "error">): StopList => {
  const started: { readonly name: string; readonly stop: () => unknown }[] = [];
  return {
    add: (name, stop) => void started.push({ name, stop }),
    async stop() {
      for (let entry = started.pop(); entry; entry = started.pop()) {
        try {
          await entry.stop();
        } catch (error) {
          logger.error({ err: error, part: entry.name }, "could not be stopped cleanly");
        }
      }
    },
  };
};
