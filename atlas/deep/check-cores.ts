import type { Queryable } from "../../platform/db/database.ts";
import { AppError } from "../../platform/errors/app-error.ts";

/** Minutes without a pull after which a core that follows is taken for away. */
const quietMinutes = 10;
/** One that has been away for longer is not expected back. */
const forgottenDays = 7;

/**
 * How many cores follow this engine.
 * @throws {AppError} UPSTREAM_UNAVAILABLE when one of them has not asked for changes for ten minutes; DATABASE_UNAVAILABLE.
 */
export const checkCores = async (database: Queryable): Promise<{ readonly cores: number }> => {
  const cores = await database.query<{ quiet: boolean }>(
    `select asked_at < now() - interval '${quietMinutes} minutes' as quiet from deep_readers
     where asked_at > now() - interval '${forgottenDays} days'`,
  );
  const quiet = cores.filter((core) => core.quiet).length;
  if (quiet > 0) {
    throw new AppError(
      "UPSTREAM_UNAVAILABLE",
      `Of ${cores.length} deep cores ${quiet} has not asked for changes for ${quietMinutes} minutes.`,
    );
  }
  return { cores: cores.length };
};
