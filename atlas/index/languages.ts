import type { KnownLocale } from "../../platform/language/detect-locale.ts";

/** Languages whose words are analysed by rules of their own; texts in others are taken for the nearest by script. */
export type TextLanguage = KnownLocale;
export const textLanguages: readonly TextLanguage[] = ["en", "pl", "uk", "he"];
