import type { ValidationRuleRow } from "../../platform/config/registry.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Gazetteer } from "../../rag-services/places/place.ts";
import { placesOf } from "./facts/places-of.ts";
import { createGround, type Ground, type GroundInput } from "./ground.ts";
import { type CompiledCheck, ruleKinds } from "./rule-kinds.ts";

/** One broken rule, with the words that tell a model (never the user) what to mend. */
export interface Violation {
  readonly rule: string;
  readonly severity: "block" | "warn";
  readonly detail: string;
}

/** The rules that hold for one query, ready to judge. */
export interface RuleSet {
  /** Makes what this query's answer is judged by. */
  createGround(input: GroundInput): Ground;
  /** Judges one sentence before it is shown: every rule that it breaks, in the rules' order. */
  sentence(text: string, ground: Ground): Violation[];
  /** Judges the whole answer. */
  whole(text: string, ground: Ground): Violation[];
  /** Longest answer that may be shown, in characters. */
  readonly maxLength: number;
}

const mostJudged = 5_000;

/**
 * Compiles the registry's rules once. With a gazetteer, places are known by their names in every language.
 * @throws {AppError} INVALID_INPUT naming the rule: its kind is unknown, or its parameters do not fit.
 */
export const compileRules = (
  rows: readonly ValidationRuleRow[],
  gazetteer?: Pick<Gazetteer, "find">,
): ((intents: readonly string[]) => RuleSet) => {
  const compiled = rows
    .filter((row) => row.enabled)
    .map((row) => {
      const kind = ruleKinds[row.kind];
      if (kind === undefined)
        throw new AppError("INVALID_INPUT", `Rule '${row.id}' is of an unknown kind: '${row.kind}'.`, {
          field: "kind",
        });
      return { row, check: kind(row) };
    });
  return (intents) => {
    const inForce = compiled.filter(
      ({ row }) => row.intents.includes("*") || row.intents.some((intent) => intents.includes(intent)),
    );
    const judge = (text: string, ground: Ground, of: "sentence" | "whole"): Violation[] =>
      inForce.flatMap(({ row, check }) => {
        const detail = (check as CompiledCheck)[of]?.(text, ground);
        return detail === undefined ? [] : [{ rule: row.id, severity: row.severity, detail }];
      });
    // A sentence that comes again is judged as it was.
    const judged = new WeakMap<Ground, Map<string, readonly Violation[]>>();
    const sentence = (text: string, ground: Ground): Violation[] => {
      const known = judged.get(ground) ?? new Map<string, readonly Violation[]>();
      judged.set(ground, known);
      const found = known.get(text) ?? judge(text, ground, "sentence");
      if (known.size < mostJudged) known.set(text, found);
      return [...found];
    };
    return {
      maxLength: Math.min(
        Number.MAX_SAFE_INTEGER,
        ...inForce.flatMap(({ row, check }) =>
          row.severity === "block" && check.maxLength !== undefined ? [check.maxLength] : [],
        ),
      ),
      createGround: (input) => createGround(input, gazetteer && placesOf(gazetteer, input.locale)),
      sentence,
      whole: (text, ground) => judge(text, ground, "whole"),
    };
  };
};
