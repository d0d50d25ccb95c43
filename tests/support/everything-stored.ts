import type { Queryable } from "../../platform/db/database.ts";

/**
 * Every row of every table of a schema as text: what somebody who copies the database can read. Bytes are shown as the text they
 * may spell. `without`: tables that processes write to by themselves, such as their leases.
 */
export const everythingStored = async (
  database: Queryable,
  schema = "public",
  without: readonly string[] = [],
): Promise<string> => {
  const tables = await database.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema = $1 and table_type = 'BASE TABLE' and not table_name = any ($2::text[])`,
    [schema, [...without]],
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    const rows = await database.query<Record<string, unknown>>(`select * from ${name}`);
    for (const row of rows) {
      for (const value of Object.values(row)) {
        parts.push(value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : JSON.stringify(value));
      }
    }
  }
  return parts.join("\n");
};
