import { compoundMeasure, hebrewCompoundAt } from "./compound-measures.ts";
import { figureAt } from "./read-figures.ts";
import { type Fraction, fractionBehind } from "./read-fractions.ts";
import type { Token } from "./tokens.ts";
import { type Unit, unitById, unitNamed } from "./units.ts";

/** Words that are a number and its unit at once. */
const measures: ReadonlyMap<string, readonly [number, string]> = new Map([
  ["fortnight", [2, "week"]],
  ["kwadrans", [15, "min"]],
  ["שעתיים", [2, "h"]],
  ["יומיים", [2, "day"]],
  ["שבועיים", [2, "week"]],
  ["חודשיים", [2, "month"]],
  ["שנתיים", [2, "year"]],
] as const);

export interface WordMeasure {
  readonly value: number;
  readonly step: number;
  readonly unit: Unit;
  /** Index of the token after it. */
  readonly to: number;
}

/** The half or the quarters behind a unit: "… and a half", "… з половиною", "… ורבע". */
export const halfBehind = (tokens: readonly Token[], at: number): Fraction | undefined => {
  const part = fractionBehind(tokens, at);
  return part && Number.isInteger(part.value * 4) ? part : undefined;
};

/** A measure in which no number stands by itself: "שעתיים", "an hour and a half", "кілометр з половиною", "півгодини". */
export const wordMeasureAt = (tokens: readonly Token[], at: number): WordMeasure | undefined => {
  const word = tokens[at]?.lower ?? "";
  const own = measures.get(word) ?? (/^[בלמהוכש]/.test(word) ? measures.get(word.slice(1)) : undefined);
  const ownUnit = own && unitById(own[1]);
  if (own && ownUnit) {
    // "kwadrans po", "kwadrans przed": a time of day.
    if (word === "kwadrans" && /^(?:po|przed|na|do)$/.test(tokens[at + 1]?.lower ?? "")) return undefined;
    const more = halfBehind(tokens, at + 1);
    return { value: own[0] + (more?.value ?? 0), step: more?.step ?? 1, unit: ownUnit, to: more?.to ?? at + 1 };
  }
  const compound = compoundMeasure(word);
  if (compound) return { ...compound, step: compound.value % 1 === 0 ? 1 : 0.5, to: at + 1 };
  const hebrew = hebrewCompoundAt(tokens, at);
  if (hebrew) return { ...hebrew, step: hebrew.value % 1 === 0 ? 1 : 0.5 };
  if (/^пів\p{L}{3}/u.test(word)) {
    const unit = unitNamed(word.slice(3));
    return unit && { value: 0.5, step: 0.25, unit, to: at + 1 };
  }
  const more = halfBehind(tokens, at + 1);
  const unit = unitNamed(word);
  if (unit?.id === "h" && word.length > 2 && more === undefined && isMinutesBehind(tokens, at + 1))
    return { value: 1, step: 1, unit, to: at + 1 };
  return unit && more && { value: 1 + more.value, step: more.step, unit, to: more.to };
};

/** Whether "(and) two minutes" stand at a place: a bare "hour" before them is one of these. */
const isMinutesBehind = (tokens: readonly Token[], at: number): boolean => {
  const from = /^(?:and|i|і|й|та)$/.test(tokens[at]?.lower ?? "") ? at + 1 : at;
  const figure = figureAt(tokens, from);
  return figure !== undefined && !figure.ordinal && unitNamed(tokens[figure.to]?.lower ?? "")?.id === "min";
};

const lengthLeads = new Set(
  "for in within through after na za po przez за на через протягом впродовж ל בעוד תוך למשך".split(" "),
);

/** Lengths of time in which no number stands: "for a year", "na rok", "через рік", "לשנה"; one each. */
export const bareLengths = (tokens: readonly Token[]): Unit[] => {
  const found = new Set<Unit>();
  for (const [at, { kind, lower }] of tokens.entries()) {
    if (kind !== "word" || lower.length < 3) continue;
    const unit = unitNamed(lower);
    if (unit?.dimension !== "duration" || unit.factor < 3_600) continue;
    const lead = /^an?$|^one$/.test(tokens[at - 1]?.lower ?? "") ? tokens[at - 2] : tokens[at - 1];
    if (lengthLeads.has(lead?.lower ?? "") || lower.startsWith("ל")) found.add(unit);
  }
  return [...found];
};
