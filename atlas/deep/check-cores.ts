import type { Queryable } from "../../platform/db/database.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { forgetReaders, isExpected } from "./deep-readers.ts";

/** Minutes without a pull after which a core that follows is taken for away. */
const quietMinutes = 10;

/**
 * How many cores follow this engine; those that have been away for seven days are forgotten.
 * @throws {AppError} UPSTREAM_UNAVAILABLE, with their names, when some of them have not asked for changes for ten minutes;
 *   DATABASE_UNAVAILABLE.
 */
export const checkCores = async (database: Queryable): Promise<{ readonly cores: number }> => {
  await forgetReaders(database);
  const cores = await database.query<{ name: string; quiet: boolean }>(
    `select name, asked_at < now() - interval '${quietMinutes} minutes' as quiet from deep_readers
     where ${isExpected} order by name`,
  );
  const quiet = cores.flatMap((core) => (core.quiet ? [`'${core.name}'`] : []));
  if (quiet.length > 0) {
    throw new AppError(
      "UPSTREAM_UNAVAILABLE",
      `Of ${cores.length} deep cores ${quiet.length} has not asked for changes for ${quietMinutes} minutes: ${quiet.join(", ")}.`,
    );
  }
  return { cores: cores.length };
};
