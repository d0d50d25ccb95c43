import type { Queryable } from "../db/database.ts";

/**
 * Whether this consumer has its effect for an event now: true once, false ever after. Give the connection of the effect's
 * transaction: when that rolls back, so does this. Of two transactions at once the second waits for the first.
 */
export const processedOnce = async (connection: Queryable, consumer: string, eventId: string): Promise<boolean> => {
  const rows = await connection.query(
    "insert into processed_events (consumer, event_id) values ($1, $2) on conflict do nothing returning 1 as done",
    [consumer, eventId],
    "processed_once",
  );
  return rows.length > 0;
};
