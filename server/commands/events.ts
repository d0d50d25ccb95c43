import { republish } from "../../platform/events/republish.ts";
import { withDatabase } from "./with-database.ts";

/**
 * Has the running server's relay publish events of the outbox once more. @throws {AppError} see `withDatabase`
 */
export const republishEvents = async (since: Date, { subject }: { readonly subject?: string }): Promise<void> => {
  const count = await withDatabase((database) => republish(database, { since, subject }));
  process.stdout.write(`${count} events will be published again by a running server.\n`);
};
