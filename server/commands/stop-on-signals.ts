import type { Logger } from "pino";

const limitMs = 40_000;

/**
 * Closes on the first SIGINT or SIGTERM and ends the process with 0 when that is done, with 1 when it fails or takes longer
 * than 40 s. A second signal ends it at once.
 */
export const stopOnSignals = (close: () => Promise<void>, logger: Logger): void => {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, "stopping; the same signal again stops at once");
    setTimeout(() => {
      logger.error("could not stop in time");
      process.exit(1);
    }, limitMs).unref();
    try {
      await close();
      logger.info("stopped");
      process.exit(0);
    } catch (error) {
      logger.error({ err: error }, "could not stop cleanly");
      process.exit(1);
    }
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
};
