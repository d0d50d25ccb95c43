import type { Database } from "../../platform/db/database.ts";
import { processedOnce } from "../../platform/events/processed-once.ts";
import type { Follower } from "./follower.ts";
import { setBack } from "./set-back.ts";

/**
 * Has a follower read the whole history again, in the present state of everything; its index stays in use meanwhile, and what left
 * it stays out. The same key begins once: a run that was cut off goes on where it was.
 * @throws {AppError} DATABASE_UNAVAILABLE; what the follower throws.
 */
export const followAgain = async (
  database: Database,
  follower: Pick<Follower, "name" | "catchUp">,
  key: string,
  signal: AbortSignal,
): Promise<void> => {
  await database.transaction(async (connection) => {
    if (!(await processedOnce(connection, `follow again ${follower.name}`, key))) return;
    await setBack(connection, follower.name);
    // Cursors are kept: they know which threads still have something in the index.
    await connection.query("update follower_cursors set position = 0 where follower = $1 and holds_items", [
      follower.name,
    ]);
    await connection.query("update follower_documents set content_hash = '' where follower = $1", [follower.name]);
  });
  await follower.catchUp(signal);
};
