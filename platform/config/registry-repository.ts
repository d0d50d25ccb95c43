import { createHash } from "node:crypto";
import type { Logger } from "pino";
import { canonicalJson, contentHash } from "../db/canonical-json.ts";
import type { Queryable } from "../db/database.ts";
import type { PromptRow, Registry } from "./registry.ts";
import { type RegistryKindName, registryKindNames, registryKinds } from "./registry-rows.ts";

export interface LoadRegistryOptions {
  readonly logger?: Pick<Logger, "warn">;
  /** The registry in force: where a row's new state does not parse, its last good one stays. */
  readonly previous?: Registry;
}

type Row = Readonly<Record<string, unknown>>;
type Rows = Record<RegistryKindName, Row[]>;

const selectKind = (name: RegistryKindName): string => {
  const { table, columns, order } = registryKinds[name];
  const fields = Object.entries(columns).map(([field, column]) => `'${field}', ${column}`);
  return `'${name}', (select coalesce(jsonb_agg(jsonb_build_object(${fields.join(", ")}) order by ${order}), '[]')
    from ${table} where enabled)`;
};
const selectAll = `select jsonb_build_object(${registryKindNames.map(selectKind).join(",\n")})::text as rows`;

const keyOf = (name: RegistryKindName, row: Row): string =>
  canonicalJson((registryKinds[name].key as readonly string[]).map((field) => row[field]));

const deepFreeze = <Value>(value: Value): Value => {
  if (value !== null && typeof value === "object") {
    for (const item of Object.values(value)) deepFreeze(item);
    Object.freeze(value);
  }
  return value;
};

const checked = (name: RegistryKindName, rows: readonly Row[], { logger, previous }: LoadRegistryOptions): Row[] =>
  rows.flatMap((row) => {
    const parsed = registryKinds[name].schema.safeParse(row);
    if (parsed.success) return [parsed.data as unknown as Row];
    const key = keyOf(name, row);
    const lastGood = (previous?.[name] as readonly Row[] | undefined)?.find((other) => keyOf(name, other) === key);
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    logger?.warn(
      { table: registryKinds[name].table, key, problems, kept: lastGood !== undefined },
      "registry row cannot be used",
    );
    return lastGood ? [lastGood] : [];
  });

/** The newest version of each prompt and locale: rolling back is disabling what is newer. */
const newestPrompts = (prompts: readonly PromptRow[]): PromptRow[] => [
  ...new Map(prompts.map((prompt) => [`${prompt.key} ${prompt.locale}`, prompt])).values(),
];

const toRegistry = (raw: Rows, options: LoadRegistryOptions): Registry => {
  const rows = Object.fromEntries(registryKindNames.map((name) => [name, checked(name, raw[name], options)])) as Rows;
  const intents = new Set(rows.intents.map((intent) => intent.id));
  const content = {
    ...rows,
    patterns: rows.patterns.filter((row) => intents.has(row.intent)),
    examples: rows.examples.filter((row) =>
      String(row.intent)
        .split("+")
        .every((intent) => intents.has(intent)),
    ),
    prompts: newestPrompts(rows.prompts as unknown as PromptRow[]),
  };
  return deepFreeze({ revision: contentHash(content).slice(0, 16), ...content }) as unknown as Registry;
};

const loadedText = new WeakMap<Registry, string>();

/**
 * Reads every enabled row in one statement, checks it and freezes the result. Rows that do not parse are skipped with a warning, as are
 * patterns and examples of intents that are not enabled (without one). Equal rows give `previous` itself back.
 * @throws {AppError} DATABASE_UNAVAILABLE
 */
export const loadRegistry = async (database: Queryable, options: LoadRegistryOptions = {}): Promise<Registry> => {
  const [result] = await database.query<{ rows: string }>(selectAll);
  const text = result!.rows;
  const digest = createHash("sha256").update(text).digest("base64");
  if (options.previous && loadedText.get(options.previous) === digest) return options.previous;
  const loaded = toRegistry(JSON.parse(text) as Rows, options);
  const registry = loaded.revision === options.previous?.revision ? options.previous : loaded;
  loadedText.set(registry, digest);
  return registry;
};
