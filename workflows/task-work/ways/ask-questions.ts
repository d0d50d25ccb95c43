import { createSentenceSplitter } from "../../../platform/language/sentences.ts";
import { shortSubject, subjectOf } from "./subject.ts";
import type { Way } from "./way.ts";
import { inLanguage, type Sentence } from "./wording.ts";

const aspects: readonly Sentence[] = [
  { en: "What is known about {subject}?", pl: "Co wiadomo o: {subject}?" },
  { en: "What was decided or planned about {subject}?", pl: "Co postanowiono lub zaplanowano: {subject}?" },
  { en: "Which problems and risks does {subject} have?", pl: "Jakie problemy i ryzyka: {subject}?" },
  { en: "Which figures and dates are known of {subject}?", pl: "Jakie liczby i daty: {subject}?" },
];

const most = 6;

const sentencesOf = (text: string): string[] => {
  const splitter = createSentenceSplitter();
  return [...splitter.push(text), ...splitter.end()].map((sentence) => sentence.trim()).filter(Boolean);
};

/** What has to be found out about a subject: the questions that it asks itself, else one for each aspect. */
export const questionsOf = (input: Readonly<Record<string, unknown>>, locale: string): readonly string[] => {
  const asked = sentencesOf(subjectOf(input)).filter((sentence) => /\?["'”)]*$/.test(sentence));
  if (asked.length > 1) return [...new Set(asked)].slice(0, most);
  const subject = asked[0]?.replace(/\?+["'”)]*$/, "") ?? shortSubject(input);
  const more = aspects.map((aspect) => inLanguage(locale, aspect, { subject }));
  return asked.length === 1 ? [asked[0]!, ...more.slice(1)] : more;
};

export const askQuestions: Way = ({ input, locale }) => {
  const questions = questionsOf(input, locale);
  return { text: questions.map((question, index) => `${index + 1}. ${question}`).join("\n"), data: { questions } };
};
