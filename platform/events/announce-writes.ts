import type { Database } from "../db/database.ts";

/** Names of single statements that write events; transactions are taken to. */
const eventStatements: ReadonlySet<string> = new Set([
  "audit_append",
  "outbox_publish",
  "digest_store",
  "document_store",
  "timeline_close",
  "timeline_flush",
  "timeline_import",
  "timeline_open",
  "timeline_revise",
]);

/** The same database, which says after a commit that there may be events: `announce` must be cheap. */
export const announceWrites = <Announcing extends Database>(
  database: Announcing,
  announce: () => void,
): Announcing => ({
  ...database,
  async query(sql, values, name) {
    const rows = await database.query(sql, values, name);
    if (name !== undefined && eventStatements.has(name)) announce();
    return rows;
  },
  async transaction(work) {
    const result = await database.transaction(work);
    announce();
    return result;
  },
});
