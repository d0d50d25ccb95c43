import type { Pool } from "pg";
import type { Logger } from "pino";

/**
 * Logs connections that break while nobody uses them. Without a listener such an error would end the process;
 * a connection in use reports it to its statement as well.
 */
export const watchPool = (pool: Pool, logger: Pick<Logger, "warn">): void => {
  const report = (error: Error) => logger.warn({ err: error }, "a connection to the database broke");
  pool.on("error", report);
  // The pool listens for its idle connections only.
  pool.on("connect", (client) => client.on("error", () => undefined));
};
