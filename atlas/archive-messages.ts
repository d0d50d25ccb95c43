import type { Queryable } from "../platform/db/database.ts";

/** Messages moved in one transaction: a kill loses none of them and leaves none twice. */
const batch = 2_000;
/** Before every place in a table. */
const start = "(0,0)";

/**
 * Moves messages older than a time into the archive, where they stay readable, and gives how many. It may run beside
 * everything else, and again after a kill.
 * @param onMoved is told the number so far.
 * @throws {AppError} DATABASE_UNAVAILABLE
 */
export const archiveMessages = async (
  database: Queryable,
  before: Date,
  onMoved: (messages: number) => void = () => undefined,
): Promise<number> => {
  let moved = 0;
  for (let from = start; ; ) {
    const [row] = await database.query<{ moved: number; reached: string }>(
      "select moved, reached::text from timeline_archive($1, $2, $3::tid)",
      [before, batch, from],
    );
    moved += row!.moved;
    if (row!.moved > 0) {
      from = row!.reached;
      onMoved(moved);
    } else {
      // Once more from the start, for what came into room that had become free.
      if (from === start) return moved;
      from = start;
    }
  }
};
