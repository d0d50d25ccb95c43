import { isAppError } from "../../platform/errors/app-error.ts";
import type { Degraded } from "../../platform/evidence/evidence.ts";

/** Why a round is done without its model: that does not answer, or may not be told. */
export type ModelMissing = "away" | "held";

/** By language. */
const words: Readonly<Record<string, Readonly<Record<ModelMissing, string>>>> = {
  en: {
    away: "The language model did not answer everything: part of this was put together without it.",
    held: "The language model may not be told all of this: part of it was put together without the model.",
  },
  pl: {
    away: "Model językowy nie odpowiedział na wszystko: część powstała bez niego.",
    held: "Nie wszystko wolno przekazać modelowi językowemu: część powstała bez niego.",
  },
  uk: {
    away: "Мовна модель відповіла не на все: частину складено без неї.",
    held: "Не все можна передати мовній моделі: частину складено без неї.",
  },
  he: {
    away: "מודל השפה לא ענה על הכול: חלק מהתוצאה הורכב בלעדיו.",
    held: "לא את הכול מותר למסור למודל השפה: חלק מהתוצאה הורכב בלעדיו.",
  },
};

/** What a result says of it, in the language of a locale, English where there is none. */
export const missingModel = (why: ModelMissing, locale: string): Degraded => {
  const { [locale.toLowerCase().split("-", 1)[0]!]: own = words.en! } = words;
  return { part: "model", reason: own[why] };
};

/** Why the model is done without after this failure of it; undefined: asking again may help, or it is no failure of the model. */
export const whyMissing = (error: unknown): ModelMissing | undefined => {
  if (!isAppError(error) || error.retryable) return undefined;
  return error.code === "EGRESS_BLOCKED" ? "held" : "away";
};

/** The key under which a round keeps that it is done without its model: it stays so, however often it is begun. */
export const withoutModelOf = (key: string): string => `${key}/without-model`;
