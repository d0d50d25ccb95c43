import { contentHash } from "../db/canonical-json.ts";
import type { Database, Queryable } from "../db/database.ts";
import { type DefaultRow, readDefaultFiles } from "./default-files.ts";
import { type RegistryKindName, registryKindNames } from "./registry-rows.ts";
import { keyOf, readTable, writeTable } from "./registry-table.ts";

export interface SeedOutcome {
  readonly inserted: number;
  readonly updated: number;
  readonly removed: number;
  /** Default rows that stay as an operator left them (changed or deleted). */
  readonly kept: number;
}

interface Plan {
  readonly insert: DefaultRow[];
  readonly update: DefaultRow[];
  readonly remove: DefaultRow[];
  readonly ledger: Map<string, string>;
  kept: number;
}

const filesKind = "files";

/**
 * Decides by comparing three states of each row: what the files say, what is in the table, what was written last time (its hash). A row
 * that is no longer as it was written belongs to the operator, also when it is gone.
 */
const planOf = (
  name: RegistryKindName,
  defaults: readonly DefaultRow[],
  stored: ReadonlyMap<string, DefaultRow>,
  written: ReadonlyMap<string, string>,
): Plan => {
  const plan: Plan = { insert: [], update: [], remove: [], ledger: new Map(), kept: 0 };
  const wanted = new Map(defaults.map((row) => [keyOf(name, row), { ...row, enabled: row.enabled ?? true }]));
  for (const [key, row] of wanted) {
    const hash = contentHash(row);
    const present = stored.get(key);
    const before = written.get(key);
    const presentHash = present && contentHash(present);
    if (presentHash === hash) {
      plan.ledger.set(key, hash);
    } else if (present ? presentHash === before : before === undefined) {
      (present ? plan.update : plan.insert).push(row);
      plan.ledger.set(key, hash);
    } else {
      plan.kept += 1;
      if (before !== undefined) plan.ledger.set(key, before);
    }
  }
  for (const [key, before] of written) {
    const present = stored.get(key);
    if (!wanted.has(key) && present && contentHash(present) === before) plan.remove.push(present);
  }
  return plan;
};

const writeLedger = async (connection: Queryable, entries: readonly object[]): Promise<void> => {
  await connection.query("delete from registry_defaults");
  await connection.query(
    "insert into registry_defaults (kind, key, hash) select kind, key, hash from jsonb_populate_recordset(null::registry_defaults, $1::jsonb)",
    [JSON.stringify(entries)],
  );
};

const isCurrent = async (connection: Queryable, hash: string): Promise<boolean> =>
  (
    await connection.query("select 1 as current from registry_defaults where kind = $1 and hash = $2", [
      filesKind,
      hash,
    ])
  ).length > 0;

/**
 * Writes the default rows of the files into the registry: missing ones are added, those an operator did not touch follow the files,
 * and the others stay. Files that did not change since the last time cost one query; then undefined is given.
 * @throws {AppError} CONFIG_INVALID when a file cannot be used; DATABASE_UNAVAILABLE.
 */
export const seedRegistry = async (database: Database, folder?: string): Promise<SeedOutcome | undefined> => {
  const files = await readDefaultFiles(folder);
  if (await isCurrent(database, files.hash)) return undefined;
  const defaults = files.rows();
  return database.transaction(async (connection) => {
    await connection.query("select pg_advisory_xact_lock(hashtext('athena.registry_defaults'))");
    // Another process may have written them while this one waited.
    if (await isCurrent(connection, files.hash)) return undefined;
    await connection.query("select set_config('athena.actor', 'defaults', true)");
    const ledgerRows = await connection.query<{ kind: string; key: string; hash: string }>(
      "select kind, key, hash from registry_defaults",
    );
    const outcome = { inserted: 0, updated: 0, removed: 0, kept: 0 };
    const ledger: object[] = [{ kind: filesKind, key: "", hash: files.hash }];
    for (const name of registryKindNames) {
      const written = new Map(ledgerRows.filter(({ kind }) => kind === name).map(({ key, hash }) => [key, hash]));
      const plan = planOf(name, defaults[name], await readTable(connection, name), written);
      await writeTable(connection, name, plan);
      for (const [key, hash] of plan.ledger) ledger.push({ kind: name, key, hash });
      outcome.inserted += plan.insert.length;
      outcome.updated += plan.update.length;
      outcome.removed += plan.remove.length;
      outcome.kept += plan.kept;
    }
    await writeLedger(connection, ledger);
    return outcome;
  });
};
