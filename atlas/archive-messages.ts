import type { Queryable } from "../platform/db/database.ts";

/** Messages moved in one transaction: a kill loses none of them and leaves none twice. */
const batch = 2_000;

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
  for (;;) {
    const [row] = await database.query<{ moved: number }>("select timeline_archive($1, $2) as moved", [before, batch]);
    if (row!.moved === 0) return moved;
    moved += row!.moved;
    onMoved(moved);
  }
};
