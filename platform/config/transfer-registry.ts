import { contentHash } from "../db/canonical-json.ts";
import type { Database, Queryable } from "../db/database.ts";
import { checkRegistry, type RegistryChecks, silentIntents, type WholeRegistry } from "./check-registry.ts";
import { readDefaultFiles } from "./default-files.ts";
import {
  formatRegistryRows,
  kindLabel,
  parseRegistryFile,
  type RegistryRows,
  refuseProblems,
} from "./registry-file.ts";
import { type RegistryKindName, registryKindNames } from "./registry-rows.ts";
import { keyOf, readTable, type TableChanges, type TableRow, writeTable } from "./registry-table.ts";

/** What an import changes in one kind of rows. */
export interface KindChanges {
  readonly kind: RegistryKindName;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
}

export interface ImportOutcome {
  /** One entry for each kind that the file holds, in the registry's order. */
  readonly changes: readonly KindChanges[];
  /** The registry before and after, disabled rows included. */
  readonly before: WholeRegistry;
  readonly after: WholeRegistry;
  /** Intents that nothing can lead to afterwards. */
  readonly silentIntents: readonly string[];
}

export interface ImportOptions {
  readonly checks: RegistryChecks;
  /** Check everything and say what would change, without changing it. */
  readonly dryRun?: boolean;
  /** Who is noted as having changed the rows. */
  readonly actor: string;
  /** Rows without which something stops working; an import that takes them away is refused. */
  readonly needed?: readonly NeededRow[];
  /** Whether most rows of a kind may go. */
  readonly replace?: boolean;
}

/** A row that must remain. */
export interface NeededRow {
  readonly kind: "intents" | "clientProfiles";
  readonly id: string;
  /** Who needs it: "every query", "the API key 'kitchen'". */
  readonly by: string;
}

/** Fewer rows than this may all be removed without saying so. */
const few = 20;

/** What an import would take away that is still needed, one sentence each. */
const missingRows = (after: WholeRegistry, needed: readonly NeededRow[]): string[] =>
  needed.flatMap(({ kind, id, by }) =>
    after[kind].some((row) => row.id === id && row.enabled !== false)
      ? []
      : [`${kindLabel(kind)}: '${id}' is missing, which ${by} needs.`],
  );

/** The engine's own words: each key that ships must remain in English, from which the other languages fall back. */
const missingPrompts = async (after: WholeRegistry): Promise<string[]> => {
  const kept = new Set(after.prompts.flatMap((row) => (row.enabled === false ? [] : [row.key as string])));
  const keys = new Set((await readDefaultFiles()).rows().prompts.map((row) => row.key as string));
  const missing = [...keys].filter((key) => !kept.has(key));
  if (missing.length === 0) return [];
  const named = missing.slice(0, 5).join(", ");
  return [
    `prompts: the engine needs ${missing.length} that would be gone (${named}${missing.length > 5 ? " …" : ""}).`,
  ];
};

type Stored = Record<RegistryKindName, Map<string, TableRow>>;

const readAll = async (connection: Queryable): Promise<Stored> => {
  const stored = {} as Stored;
  for (const name of registryKindNames) stored[name] = await readTable(connection, name);
  return stored;
};

/**
 * The registry's rows as YAML, disabled ones included: all kinds, or one.
 * @throws {AppError} DATABASE_UNAVAILABLE
 */
export const exportRegistry = async (database: Queryable, kind?: RegistryKindName): Promise<string> => {
  const rows: Partial<Record<RegistryKindName, readonly TableRow[]>> = {};
  for (const name of kind === undefined ? registryKindNames : [kind])
    rows[name] = [...(await readTable(database, name)).values()];
  return formatRegistryRows(rows);
};

const toWhole = (stored: Stored, file: RegistryRows): WholeRegistry =>
  Object.fromEntries(
    registryKindNames.map((name) => [name, file[name] ?? [...stored[name].values()]]),
  ) as unknown as WholeRegistry;

const compare = (
  name: RegistryKindName,
  wanted: readonly TableRow[],
  stored: ReadonlyMap<string, TableRow>,
): TableChanges => {
  const keys = new Set(wanted.map((row) => keyOf(name, row)));
  const storedOf = (row: TableRow) => stored.get(keyOf(name, row));
  return {
    insert: wanted.filter((row) => storedOf(row) === undefined),
    update: wanted.filter((row) => {
      const present = storedOf(row);
      return present !== undefined && contentHash(present) !== contentHash(row);
    }),
    remove: [...stored].flatMap(([key, row]) => (keys.has(key) ? [] : [row])),
  };
};

/** A file of a few rows takes all others of its kind away: hardly what was meant. */
const massRemovals = (file: RegistryRows, stored: Stored): string[] =>
  registryKindNames.flatMap((kind) => {
    const rows = file[kind];
    if (rows === undefined) return [];
    const removed = compare(kind, rows, stored[kind]).remove.length;
    const all = stored[kind].size;
    return removed > few && removed * 2 > all
      ? [`${kindLabel(kind)}: ${removed} of ${all} rows would be removed; say --replace where that is meant.`]
      : [];
  });

/**
 * Makes the rows of each kind that the file holds the ones in force; kinds that it does not hold stay. Checks everything
 * first, in the same transaction that writes: either all of it is imported or nothing.
 * @throws {AppError} INVALID_INPUT with every row that cannot be used and why; DATABASE_UNAVAILABLE.
 */
export const importRegistry = async (
  database: Database,
  text: string,
  { checks, dryRun = false, actor, needed = [], replace = false }: ImportOptions,
): Promise<ImportOutcome> => {
  const file = parseRegistryFile(text);
  return database.transaction(async (connection) => {
    await connection.query("select pg_advisory_xact_lock(hashtext('athena.registry_defaults'))");
    const stored = await readAll(connection);
    const after = toWhole(stored, file);
    refuseProblems([
      ...missingRows(
        after,
        needed.filter(({ kind }) => file[kind] !== undefined),
      ),
      ...(file.prompts === undefined ? [] : await missingPrompts(after)),
      ...(replace ? [] : massRemovals(file, stored)),
      ...checkRegistry(after, file, checks),
    ]);
    await connection.query("select set_config('athena.actor', $1, true)", [actor]);
    const changes: KindChanges[] = [];
    for (const kind of registryKindNames) {
      const rows = file[kind];
      if (rows === undefined) continue;
      const difference = compare(kind, rows, stored[kind]);
      if (!dryRun) await writeTable(connection, kind, difference);
      const { insert, update, remove } = difference;
      changes.push({
        kind,
        added: insert.length,
        changed: update.length,
        removed: remove.length,
        unchanged: rows.length - insert.length - update.length,
      });
    }
    return { changes, before: toWhole(stored, {}), after, silentIntents: silentIntents(after) };
  });
};
