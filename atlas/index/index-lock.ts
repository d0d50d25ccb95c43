import type { Queryable } from "../../platform/db/database.ts";

/** Any number that nothing else locks. */
const lockId = 4_710_271_967;

/** Writers of the index stand in a line until their transactions end, so that nothing is read or counted twice. */
export const lockIndex = async (connection: Queryable): Promise<void> => {
  await connection.query("select pg_advisory_xact_lock($1)", [lockId], "text_lock");
};
