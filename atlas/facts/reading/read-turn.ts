import { detectLocale, type KnownLocale } from "../../../platform/language/detect-locale.ts";
import { stemWord } from "../../index/stem-word.ts";
import { english } from "./english.ts";
import { hebrew } from "./hebrew.ts";
import type { LanguageRules } from "./language-rules.ts";
import { longestSentence, ownWords } from "./own-words.ts";
import { polish } from "./polish.ts";
import { ukrainian } from "./ukrainian.ts";

/** Something lasting that a person said. */
export interface Statement {
  /** In the person's own words. */
  readonly sentence: string;
  /** `self`, a name such as `sister` that is the same in all languages, or the stems of what it is about; "" when unknown. */
  readonly subject: string;
  /** What of the subject: `name`, `lives_in` …; undefined: the sentence alone. */
  readonly attribute?: string;
  readonly value?: string;
  readonly isSingle: boolean;
  readonly isNegated: boolean;
}

/** What a message asks to keep and to drop. */
export interface TurnReading {
  readonly statements: readonly Statement[];
  /** What no longer holds, in the same form. */
  readonly retractions: readonly Statement[];
}

const rulesOf: Readonly<Record<KnownLocale, LanguageRules>> = {
  en: english,
  pl: polish,
  uk: ukrainian,
  he: hebrew,
};

/** Most statements of one message: more are a list that was pasted. */
const mostStatements = 20;
const fewestLetters = 2;

const localesOf = (text: string): readonly KnownLocale[] => {
  if (/[\u05d0-\u05ea]/.test(text)) return ["he"];
  if (/[\u0400-\u04ff]/.test(text)) return ["uk"];
  const polishFirst = detectLocale(text) === "pl" || /[ąćęłńśźż]/i.test(text);
  return polishFirst ? ["pl", "en"] : ["en", "pl"];
};

const trimmed = (text: string): string => text.replace(/^[\s,;:–—-]+|[\s.,;:!…–—-]+$/gu, "");

const subjectOf = (words: string, locale: KnownLocale, { relations }: LanguageRules): string => {
  const plain = words.toLowerCase().trim();
  const whole = relations[plain];
  if (whole !== undefined) return whole;
  return plain
    .split(/[\s-]+/)
    .map((word) => word.replace(/'s?$/, ""))
    .filter((word) => word !== "" && !/^(?:the|an?|שלי|שלנו)$/.test(word))
    .map((word) => relations[word] ?? stemWord(word, locale))
    .join(" ");
};

/** What a clause states by the language's claims; undefined: nothing, or nothing that lasts. */
const readClaim = (clause: string, locale: KnownLocale): Statement | undefined => {
  const rules = rulesOf[locale];
  for (const { attribute, pattern, isSingle, isNegated } of rules.claims) {
    const groups = pattern.exec(clause)?.groups;
    if (groups === undefined) continue;
    const { subject, value = "" } = groups;
    const said = trimmed(value);
    if (subject !== undefined && rules.passingSubject.test(subject)) return undefined;
    if (rules.passingValue.test(said) || (said.match(/[\p{L}\p{N}]/gu)?.length ?? 0) < fewestLetters) return undefined;
    const about = subject === undefined ? "self" : subjectOf(subject, locale, rules);
    const place = { sentence: clause, value: said, isSingle, isNegated };
    // A birthday is said as a thing that one has, and as a thing that is somewhen.
    return attribute === "birthday" && about === "self"
      ? { ...place, subject: "birthday", attribute: "value" }
      : { ...place, subject: about, attribute };
  }
  return undefined;
};

const unread = (sentence: string): Statement => ({ sentence, subject: "", isSingle: false, isNegated: false });

const hasContent = (text: string): boolean => (text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) >= 2;

/** What one sentence says that a person stated on purpose, by the claims of its language; else the sentence alone. */
export const readStatement = (sentence: string): Statement => {
  const clause = trimmed(
    sentence
      .normalize("NFC")
      .replace(/[’ʼ‘´]/g, "'")
      .replace(/\s+/g, " "),
  );
  const claims = localesOf(clause).map((locale) => readClaim(clause, locale));
  const found = clause.length <= longestSentence ? claims.find((claim) => claim !== undefined) : undefined;
  return { ...(found ?? unread(clause)), sentence: sentence.trim() };
};

interface Reading {
  readonly statements: Statement[];
  readonly retractions: Statement[];
  /** Whether an order to work on what follows was seen. */
  isTask: boolean;
}

const readClause = (clause: string, locale: KnownLocale, reading: Reading): void => {
  const rules = rulesOf[locale];
  for (const pattern of rules.noLonger) {
    const groups = pattern.exec(clause)?.groups;
    if (groups === undefined) continue;
    const ended = readClaim(`${groups.before} ${groups.after}`, locale);
    if (ended) reading.retractions.push(ended);
    return;
  }
  if (rules.question.test(clause)) return;
  const led = clause.replace(rules.lead, "");
  const statement = readClaim(clause, locale) ?? (led === clause ? undefined : readClaim(led, locale));
  if (statement) reading.statements.push({ ...statement, sentence: clause });
};

const readSentence = (sentence: string, locale: KnownLocale, reading: Reading, isLong: boolean): void => {
  const rules = rulesOf[locale];
  const said = sentence.replace(rules.fillers, "");
  const wish = rules.remember.exec(said) ?? rules.forget.exec(said);
  if (wish !== null) {
    const rest = trimmed(said.slice(wish[0].length).replace(/[?\s]+$/, ""));
    if (!hasContent(rest) || rules.question.test(rest)) return;
    const statement = readClaim(rest, locale) ?? unread(rest);
    (rules.remember.test(said) ? reading.statements : reading.retractions).push(statement);
    return;
  }
  const whole = trimmed(said.replace(/[?\s]+$/, ""));
  const before = trimmed(whole.replace(rules.rememberAfter, ""));
  if (before !== whole && hasContent(before) && !rules.question.test(before) && !rules.task.test(said)) {
    reading.statements.push(readClaim(before, locale) ?? unread(before));
    return;
  }
  if (rules.task.test(said)) {
    reading.isTask = true;
    return;
  }
  if (isLong) return;
  const [body = "", ...asked] = said.split(rules.tail);
  if (said.endsWith("?") && asked.length === 0) return;
  if (rules.unsure.test(body) || rules.question.test(body)) return;
  for (const clause of body.split(rules.joint)) readClause(trimmed(clause), locale, reading);
};

/**
 * Reads without a model what a person's message states of lasting value: what it asks to remember, and what it says of the
 * person, their people, home and preferences, in English, Polish, Ukrainian and Hebrew. Questions, conditions, doubts, wishes,
 * what others said, quotations, code, pasted text and material of a task state nothing. Linear in the text's length.
 */
export const readTurn = (text: string): TurnReading => {
  const { sentences, isLong } = ownWords(text);
  const reading: Reading = { statements: [], retractions: [], isTask: false };
  for (const sentence of sentences) {
    for (const locale of localesOf(sentence)) {
      const { statements, retractions } = reading;
      const known = statements.length + retractions.length;
      readSentence(sentence, locale, reading, isLong);
      if (reading.isTask || statements.length + retractions.length > known) break;
    }
    if (reading.isTask) break;
  }
  const kept = reading.statements.length <= mostStatements ? reading.statements : [];
  return {
    statements: kept.filter(({ sentence }) => sentence.length <= longestSentence),
    retractions: reading.retractions.slice(0, mostStatements),
  };
};
