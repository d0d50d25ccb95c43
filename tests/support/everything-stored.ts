import type { Queryable } from "../../platform/db/database.ts";

/** Every row of every table as text: what somebody who copies the database can read. Bytes are shown as the text they may spell. */
export const everythingStored = async (database: Queryable): Promise<string> => {
  const tables = await database.query<{ name: string }>(
    "select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
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
