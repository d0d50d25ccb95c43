import { readFile, writeFile } from "node:fs/promises";
import { reportIntents } from "../../nodes/understanding/report-intents.ts";
import type { WholeRegistry } from "../../platform/config/check-registry.ts";
import type { Registry } from "../../platform/config/registry.ts";
import { kindLabel, kindOfLabel } from "../../platform/config/registry-file.ts";
import { registryKindNames } from "../../platform/config/registry-rows.ts";
import type { Settings } from "../../platform/config/settings.ts";
import {
  exportRegistry,
  type ImportOutcome,
  importRegistry,
  type NeededRow,
} from "../../platform/config/transfer-registry.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { parseApiKeys } from "../api-keys.ts";
import { registryChecks } from "../registry-checks.ts";
import { formatComparison } from "./format-intent-report.ts";
import { withRegistryDatabase } from "./with-registry-database.ts";

export interface ImportCommandOptions {
  readonly dryRun: boolean;
  readonly compare: boolean;
  readonly json: boolean;
  readonly replace: boolean;
}

const folds = 5;

/** The text of a file. @throws {AppError} INVALID_INPUT when it cannot be read. */
export const readInputFile = (file: string): Promise<string> =>
  readFile(file, "utf8").catch((cause: unknown) => {
    throw new AppError("INVALID_INPUT", `The file ${file} cannot be read.`, { cause });
  });

/** Where queries go that nothing else fits, and the profiles that API keys name. */
const neededRows = (settings: Settings): NeededRow[] => [
  { kind: "intents", id: "chat", by: "every query that fits no other intent" },
  ...parseApiKeys(settings.ATHENA_API_KEYS).flatMap(({ principal: { id, profile } }): NeededRow[] =>
    profile === undefined ? [] : [{ kind: "clientProfiles", id: profile, by: `the API ${id.replace(":", " ")}` }],
  ),
];

/** Rows of a whole registry as understanding takes them: those that are enabled. */
export const toIntentRows = (whole: WholeRegistry): Pick<Registry, "intents" | "patterns" | "examples"> => {
  const enabled = (rows: WholeRegistry["intents"]) => rows.filter((row) => row.enabled !== false);
  return {
    intents: enabled(whole.intents),
    patterns: enabled(whole.patterns),
    examples: enabled(whole.examples),
  } as unknown as Pick<Registry, "intents" | "patterns" | "examples">;
};

/**
 * Writes the registry's rows as YAML to a file, else to standard output.
 * @throws {AppError} INVALID_INPUT for an unknown kind or a file that cannot be written; as the database's.
 */
export const exportRows = async (first?: string, second?: string): Promise<void> => {
  const kind = first === undefined ? undefined : kindOfLabel(first);
  const isFile = first !== undefined && kind === undefined && second === undefined && /[./\\]/.test(first);
  if (first !== undefined && kind === undefined && !isFile) {
    const known = registryKindNames.map(kindLabel).join(", ");
    throw new AppError("INVALID_INPUT", `There is no kind of rows '${first}'. There are: ${known}.`);
  }
  const file = isFile ? first : second;
  const text = await withRegistryDatabase((database) => exportRegistry(database, kind));
  if (file === undefined) return void process.stdout.write(text);
  await writeFile(file, text, { mode: 0o600 }).catch((cause: unknown) => {
    throw new AppError("INVALID_INPUT", `The file ${file} cannot be written.`, { cause });
  });
  process.stdout.write(`Written to ${file}.\n`);
};

/**
 * Makes the rows of a file the ones in force and says what changed; with `dryRun` only what would.
 * @throws {AppError} INVALID_INPUT with every row that cannot be used, and why; nothing is imported then.
 */
export const importRows = async (
  file: string,
  { dryRun, compare, json, replace }: ImportCommandOptions,
): Promise<void> => {
  const text = await readInputFile(file);
  const outcome = await withRegistryDatabase((database, settings) =>
    importRegistry(database, text, {
      checks: registryChecks,
      dryRun,
      actor: "import",
      replace,
      needed: neededRows(settings),
    }),
  );
  const reports = compare && changesUnderstanding(outcome) ? await compareReports(outcome) : undefined;
  if (json) {
    const accuracy = reports && { before: reports[0].accuracy, after: reports[1].accuracy };
    const { changes, silentIntents } = outcome;
    process.stdout.write(`${JSON.stringify({ dryRun, changes, silentIntents, accuracy }, null, 2)}\n`);
    return;
  }
  const lines = outcome.changes.map(
    ({ kind, added, changed, removed, unchanged }) =>
      `${kindLabel(kind)}: ${added} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged`,
  );
  if (outcome.silentIntents.length > 0)
    lines.push(
      `Nothing leads to these intents, they have neither examples nor patterns: ${outcome.silentIntents.join(", ")}.`,
    );
  if (reports) lines.push(formatComparison(...reports));
  lines.push(
    dryRun
      ? "Nothing was written, because of --dry-run."
      : "Imported. A server that runs on the same PostgreSQL takes it over within five minutes.",
  );
  process.stdout.write(`${lines.join("\n")}\n`);
};

const changesUnderstanding = ({ changes }: ImportOutcome): boolean =>
  changes.some(
    ({ kind, added, changed, removed }) => (kind === "examples" || kind === "intents") && added + changed + removed > 0,
  );

const compareReports = async ({ before, after }: ImportOutcome) =>
  [await reportIntents(toIntentRows(before), { folds }), await reportIntents(toIntentRows(after), { folds })] as const;
