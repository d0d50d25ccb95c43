import { settingsFromEnvironment } from "../../platform/config/settings.ts";
import { republish } from "../../platform/events/republish.ts";
import { CountReply } from "../routes/events.ts";
import { serverOnDatabase } from "./server-on-database.ts";
import { withDatabase } from "./with-database.ts";

/**
 * Has the running server's relay publish events of the outbox once more. @throws {AppError} see `serverOnDatabase`, `withDatabase`
 */
export const republishEvents = async (since: Date, { subject }: { readonly subject?: string }): Promise<void> => {
  const server = await serverOnDatabase(settingsFromEnvironment());
  const count = server
    ? (await server.post("/events/republish", { since, subject }, CountReply)).count
    : await withDatabase((database) => republish(database, { since, subject }));
  process.stdout.write(`${count} events will be published again by a running server.\n`);
};
