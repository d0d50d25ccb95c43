import { z } from "zod";
import type { ValidationRuleRow } from "../../platform/config/registry.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { compileLinearPattern } from "../../platform/language/linear-pattern.ts";
import { unknownDetail } from "./details/unknown-detail.ts";
import type { Ground } from "./ground.ts";
import { unsupportedAction } from "./grounded-actions.ts";
import { unknownName } from "./grounded-names.ts";
import { knownNamesOf } from "./known-names.ts";
import { unknownState } from "./known-state.ts";
import { misjoinedNames } from "./records/misjoined-names.ts";
import { wrongResult } from "./records/wrong-result.ts";
import { missingCitation, wrongLanguage } from "./whole-answer.ts";

/** One rule, ready: each check gives why a text breaks it, in words for the model, or undefined. */
export interface CompiledCheck {
  sentence?(text: string, ground: Ground): string | undefined;
  whole?(text: string, ground: Ground): string | undefined;
  readonly maxLength?: number;
}

const parametersOf = <Parameters>(row: ValidationRuleRow, schema: z.ZodType<Parameters>): Parameters => {
  const parsed = schema.safeParse(row.parameters);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError(
    "INVALID_INPUT",
    `Rule '${row.id}' has parameters that do not fit: ${issue?.message ?? "unreadable"}.`,
    {
      field: ["parameters", ...(issue?.path ?? [])].join("."),
    },
  );
};

const None = z.strictObject({});
const MaxLength = z.strictObject({
  characters: z
    .number("a positive number of characters is needed")
    .positive("a positive number of characters is needed"),
});
const Forbidden = z.strictObject({ pattern: z.string("a pattern is needed") });
const Names = z.strictObject({
  names: z
    .array(z.enum(["link", "code", "name"]))
    .min(1)
    .default(["link", "code", "name"]),
});

// Code is quoted rather than claimed; it is released whole.
const isCode = (text: string): boolean => /^\s*(?:```|~~~)/.test(text);

/** Every kind of rule and how its row becomes a check. To add one: its name in the registry's schema, its line here. */
export const ruleKinds: Readonly<
  Record<ValidationRuleRow["kind"], ((row: ValidationRuleRow) => CompiledCheck) | undefined>
> = {
  grounded_numbers(row) {
    parametersOf(row, None);
    return {
      sentence(text, ground) {
        const figure = isCode(text) ? undefined : ground.unsupported(text);
        return figure === undefined ? undefined : `The figure ${figure} is not in the evidence, or not for this.`;
      },
    };
  },
  grounded_actions(row) {
    parametersOf(row, None);
    return { sentence: (text, ground) => (isCode(text) ? undefined : unsupportedAction(text, ground)) };
  },
  known_state(row) {
    parametersOf(row, None);
    return { sentence: (text, ground) => (isCode(text) ? undefined : unknownState(text, ground)) };
  },
  grounded_names(row) {
    const kinds = new Set(parametersOf(row, Names).names);
    return {
      sentence(text, ground) {
        if (isCode(text)) return undefined;
        const names = knownNamesOf(ground);
        const unknown = unknownName(text, ground, names, kinds);
        if (unknown !== undefined) return `${unknown} is neither in the evidence nor in the question.`;
        const detail = kinds.has("name") ? unknownDetail(text, ground, names) : undefined;
        if (detail !== undefined) return `${detail} is another detail than the evidence gives.`;
        const swapped = kinds.has("name") ? misjoinedNames(text, ground) : undefined;
        if (swapped !== undefined) return `${swapped} do not belong together.`;
        const result = kinds.has("name") ? wrongResult(text, ground) : undefined;
        return result === undefined ? undefined : `The evidence has another result: ${result}.`;
      },
    };
  },
  must_cite(row) {
    parametersOf(row, None);
    return { whole: missingCitation };
  },
  language_match(row) {
    parametersOf(row, None);
    return { whole: (text, { locale }) => wrongLanguage(text, locale) };
  },
  forbidden(row) {
    const pattern = compileLinearPattern(parametersOf(row, Forbidden).pattern, row.id);
    return { sentence: (text) => (pattern.test(text) ? `It contains what rule '${row.id}' forbids.` : undefined) };
  },
  max_length(row) {
    const { characters } = parametersOf(row, MaxLength);
    return {
      maxLength: characters,
      whole: (text) => (text.length > characters ? `It is longer than ${characters} characters.` : undefined),
    };
  },
  /** Judged with the request's own schema when the whole answer is there; the row says that it is in force and how it is called. */
  json_schema(row) {
    parametersOf(row, None);
    return {};
  },
};
