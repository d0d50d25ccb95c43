import type { Queryable } from "../../platform/db/database.ts";
import { lockFollower } from "./lock-follower.ts";

/**
 * Before a follower's cursors are set back, on the transaction that does it: a step that is under way ends first, so that it does
 * not put its own back in their place, and every process looks through all threads and documents again.
 */
export const setBack = async (connection: Queryable, follower: string): Promise<void> => {
  await lockFollower(connection, follower);
  await connection.query("update followers set resets = resets + 1 where name = $1", [follower], "follow_set_back");
};
