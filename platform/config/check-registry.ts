import { isAppError } from "../errors/app-error.ts";
import type { CrewRow, IntentPatternRow, IntentRow, MultiIntentRuleRow, ValidationRuleRow } from "./registry.ts";
import { nameRow, type RegistryRows } from "./registry-file.ts";
import { type RegistryKindName, registryKindNames } from "./registry-rows.ts";
import type { TableRow } from "./registry-table.ts";

/** What only those who use the rows can tell; each throws an AppError with the reason for a row that it cannot use. */
export interface RegistryChecks {
  /** Names that a slot of an intent may give for its recogniser. */
  readonly recognisers: ReadonlySet<string>;
  pattern(row: IntentPatternRow): void;
  multiIntentRule(row: MultiIntentRuleRow): void;
  validationRule(row: ValidationRuleRow): void;
  crew(row: CrewRow, registry: NamesInRegistry): void;
}

/** What the rest of the registry has for a crew to name. */
export interface NamesInRegistry {
  readonly models: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
}

/** All rows as they would be, by kind. */
export type WholeRegistry = Readonly<Record<RegistryKindName, readonly TableRow[]>>;

type Check = (row: TableRow) => string | undefined;

/**
 * Finds what is wrong with the rows together: patterns, examples and rules of intents that are not there, recognisers that
 * nobody knows, patterns and rules that do not compile. Rows of kinds that the file does not hold are looked at only for
 * what the file may have taken from under them. One sentence a problem, in the file's order; none when all is well.
 */
export const checkRegistry = (whole: WholeRegistry, file: RegistryRows, checks: RegistryChecks): string[] => {
  const intents = new Map(whole.intents.map((row) => [row.id as string, row as unknown as IntentRow]));
  const names: NamesInRegistry = {
    models: new Set(whole.modelAliases.map((row) => row.alias as string)),
    services: new Set(whole.services.map((row) => row.id as string)),
  };
  const unknownIntent = (id: unknown) =>
    typeof id !== "string" || intents.has(id) ? undefined : `there is no intent '${id}'`;
  const references: Partial<Record<RegistryKindName, Check>> = {
    patterns: (row) => unknownIntent(row.intent),
    examples: (row) => (row.intent as string).split("+").map(unknownIntent).find(Boolean),
    multiIntentRules: (row) => chainProblem(row as unknown as MultiIntentRuleRow, intents),
    validationRules: (row) =>
      (row.intents as string[]).map((id) => (id === "*" ? undefined : unknownIntent(id))).find(Boolean),
  };
  const own: Partial<Record<RegistryKindName, Check>> = {
    intents: (row) =>
      (row as unknown as IntentRow).slots
        .filter(({ recogniser }) => !checks.recognisers.has(recogniser))
        .map(({ name, recogniser }) => `its slot '${name}' has the unknown recogniser '${recogniser}'`)[0],
    patterns: reasonOf((row) => checks.pattern(row as unknown as IntentPatternRow)),
    multiIntentRules: reasonOf((row) => checks.multiIntentRule(row as unknown as MultiIntentRuleRow)),
    validationRules: reasonOf((row) => checks.validationRule(row as unknown as ValidationRuleRow)),
    crews: reasonOf((row) => checks.crew(row as unknown as CrewRow, names)),
  };
  return registryKindNames.flatMap((name) =>
    whole[name].flatMap((row, index) => {
      const problem = references[name]?.(row) ?? (file[name] === undefined ? undefined : own[name]?.(row));
      if (problem === undefined) return [];
      const where = file[name] === undefined ? " of the database" : "";
      return [`${nameRow(name, index, row)}${where}: ${problem.replace(/\.$/, "")}.`];
    }),
  );
};

const reasonOf =
  (check: (row: TableRow) => void): Check =>
  (row) => {
    try {
      check(row);
      return undefined;
    } catch (error) {
      if (isAppError(error)) return error.message;
      throw error;
    }
  };

const chainProblem = ({ kind, rule }: MultiIntentRuleRow, intents: ReadonlyMap<string, IntentRow>) => {
  if (kind !== "chain") return undefined;
  for (const end of ["from", "to"] as const)
    if (!intents.has(rule[end] ?? "")) return `there is no intent '${rule[end]}'`;
  const isThere = intents.get(rule.to ?? "")?.slots.some(({ name }) => name === rule.slot);
  return isThere ? undefined : `the intent '${rule.to}' has no slot '${rule.slot}'`;
};

/** Intents that nothing can lead to: enabled, with neither an example nor a pattern, and not a client's own matter. */
export const silentIntents = (
  registry: Readonly<Record<"intents" | "patterns" | "examples", readonly object[]>>,
): string[] => {
  const { intents, patterns, examples } = registry as unknown as Record<string, readonly TableRow[]>;
  const isOn = (row: TableRow) => row.enabled !== false;
  const led = new Set([
    ...patterns!.filter(isOn).map((row) => row.intent as string),
    ...examples!.filter(isOn).flatMap((row) => (row.intent as string).split("+")),
  ]);
  return intents!.filter(isOn).flatMap((row) => (led.has(row.id as string) ? [] : [row.id as string]));
};
