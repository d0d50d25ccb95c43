import type { Queryable } from "../../platform/db/database.ts";

/** Those who write the index of one follower stand in a line until their transactions end: nothing is counted twice. */
export const lockFollower = async (connection: Queryable, follower: string): Promise<void> => {
  await connection.query(
    "select pg_advisory_xact_lock(hashtextextended($1, 4710271967))",
    [`follower ${follower}`],
    "follow_lock",
  );
};
