import { canonicalJson } from "../db/canonical-json.ts";
import type { Queryable } from "../db/database.ts";
import { type RegistryKindName, registryKinds } from "./registry-rows.ts";

/** A row of any kind by its fields, `enabled` among them. */
export type TableRow = Readonly<Record<string, unknown>>;

export interface TableChanges {
  readonly insert: readonly TableRow[];
  readonly update: readonly TableRow[];
  readonly remove: readonly TableRow[];
}

/** What identifies a row within its kind, as text. */
export const keyOf = (name: RegistryKindName, row: TableRow): string =>
  canonicalJson((registryKinds[name].key as readonly string[]).map((field) => row[field]));

const columnsOf = (name: RegistryKindName): Readonly<Record<string, string>> => ({
  ...registryKinds[name].columns,
  enabled: "enabled",
});

/** All rows of a kind by their key, in the table's order, disabled ones too. */
export const readTable = async (connection: Queryable, name: RegistryKindName): Promise<Map<string, TableRow>> => {
  const fields = Object.entries(columnsOf(name)).map(([field, column]) => `'${field}', ${column}`);
  const { table, order } = registryKinds[name];
  const rows = await connection.query<{ row: TableRow }>(
    `select jsonb_build_object(${fields.join(", ")}) as row from ${table} order by ${order}`,
  );
  return new Map(rows.map(({ row }) => [keyOf(name, row), row]));
};

/** Writes the changes of one kind; a row to insert that is there already is left as it is. */
export const writeTable = async (
  connection: Queryable,
  name: RegistryKindName,
  { insert, update, remove }: TableChanges,
): Promise<void> => {
  const { table, key } = registryKinds[name];
  const columns = columnsOf(name);
  const names = Object.values(columns);
  const toColumns = (row: TableRow) =>
    Object.fromEntries(Object.entries(columns).map(([field, column]) => [column, row[field] ?? null]));
  const given = (rows: readonly TableRow[]) => [JSON.stringify(rows.map(toColumns))];
  const matches = (key as readonly string[]).map((field) => `t.${columns[field]} = r.${columns[field]}`).join(" and ");
  const source = `jsonb_populate_recordset(null::${table}, $1::jsonb) r`;
  if (insert.length > 0) {
    await connection.query(
      `insert into ${table} (${names}) select ${names.map((column) => `r.${column}`)} from ${source} on conflict do nothing`,
      given(insert),
    );
  }
  if (update.length > 0) {
    await connection.query(
      `update ${table} t set ${names.map((column) => `${column} = r.${column}`)} from ${source} where ${matches}`,
      given(update),
    );
  }
  if (remove.length > 0) {
    await connection.query(`delete from ${table} t using ${source} where ${matches}`, given(remove));
  }
};
