import type { ValidationRuleRow } from "../../platform/config/registry.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { compileLinearPattern, type LinearPattern } from "../../platform/language/linear-pattern.ts";
import type { Ground } from "./ground.ts";

/** One broken rule, with the words that tell a model (never the user) what to mend. */
export interface Violation {
  readonly rule: string;
  readonly severity: "block" | "warn";
  readonly detail: string;
}

/** The rules that hold for one query, ready to judge. */
export interface RuleSet {
  /** Judges one sentence before it is shown: every rule that it breaks, in the rules' order. */
  sentence(text: string, ground: Ground): Violation[];
  /** Judges the whole answer. */
  whole(text: string, ground: Ground): Violation[];
  /** Longest answer that may be shown, in characters. */
  readonly maxLength: number;
}

interface CompiledRule {
  readonly row: ValidationRuleRow;
  readonly pattern?: LinearPattern;
}

const violationOf = ({ id, severity }: ValidationRuleRow, detail: string): Violation => ({
  rule: id,
  severity,
  detail,
});

/**
 * Compiles the registry's rules once.
 * @throws {AppError} INVALID_INPUT naming the rule when a pattern does not fit the linear-time engine or a limit is no number.
 */
export const compileRules = (rows: readonly ValidationRuleRow[]): ((intents: readonly string[]) => RuleSet) => {
  const compiled: CompiledRule[] = rows
    .filter((row) => row.enabled)
    .map((row) =>
      row.kind === "forbidden"
        ? { row, pattern: compileLinearPattern(String(row.parameters.pattern ?? ""), row.id) }
        : { row },
    );
  for (const { row } of compiled) {
    if (row.kind === "max_length" && !(Number(row.parameters.characters) > 0)) {
      throw new AppError("INVALID_INPUT", `Rule '${row.id}' needs a positive number of characters.`, {
        field: "parameters.characters",
      });
    }
  }
  return (intents) => {
    const rules = compiled.filter(
      ({ row }) => row.intents.includes("*") || row.intents.some((intent) => intents.includes(intent)),
    );
    const forbidden = rules.filter(({ row }) => row.kind === "forbidden");
    const numbers = rules.filter(({ row }) => row.kind === "grounded_numbers");
    const lengths = rules.filter(({ row }) => row.kind === "max_length");
    return {
      maxLength: Math.min(
        Number.MAX_SAFE_INTEGER,
        ...lengths.filter(({ row }) => row.severity === "block").map(({ row }) => Number(row.parameters.characters)),
      ),
      sentence(text, ground) {
        const found = forbidden
          .filter(({ pattern }) => pattern?.test(text))
          .map(({ row }) => violationOf(row, `It contains what rule '${row.id}' forbids.`));
        const figure = numbers.length > 0 ? ground.unsupported(text) : undefined;
        if (figure === undefined) return found;
        return [
          ...found,
          ...numbers.map(({ row }) => violationOf(row, `The figure ${figure} is not in the evidence.`)),
        ];
      },
      whole(text) {
        return lengths
          .filter(({ row }) => text.length > Number(row.parameters.characters))
          .map(({ row }) => violationOf(row, `It is longer than ${row.parameters.characters} characters.`));
      },
    };
  };
};
