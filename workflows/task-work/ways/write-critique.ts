import { citedNumbers } from "../citation-marks.ts";
import { proseLines } from "../code-parts.ts";
import { questionsFor } from "./gather-extracts.ts";
import { sentencesOf, stemsOf } from "./pick-sentences.ts";
import type { Way } from "./way.ts";
import { inLanguage, type Sentence } from "./wording.ts";
import { extractsFor } from "./write-sections.ts";

export interface Issue {
  readonly kind: "missing" | "uncited" | "repeated";
  /** The question, or the sentence. */
  readonly about: string;
}

const words: Readonly<Record<Issue["kind"], Sentence>> = {
  missing: { en: "Not answered: {about}", pl: "Bez odpowiedzi: {about}" },
  uncited: { en: "Without a source: {about}", pl: "Bez źródła: {about}" },
  repeated: { en: "Said twice: {about}", pl: "Powtórzone: {about}" },
};
const none: Sentence = {
  en: "Every question is answered and every statement has its source.",
  pl: "Na każde pytanie jest odpowiedź, a każde zdanie ma źródło.",
};

const mostIssues = 30;

/** Lines of a Markdown text that state something. */
const statementsOf = (text: string): readonly string[] =>
  proseLines(text)
    .filter(({ prose }) => prose.trim() !== "")
    .map(({ line }) => line.replace(/^[-*•]\s+/, "").trim())
    .filter((line) => line !== "" && !/^#/.test(line) && stemsOf(line).size > 2);

/** What is wrong with a draft by rules: questions without an answer, statements without a source, and what is said twice. */
export const issuesOf = (draft: string, unanswered: readonly string[]): readonly Issue[] => {
  const statements = statementsOf(draft);
  const uncited = statements.filter((line) => citedNumbers(line).length === 0);
  const bare = statements.map((line) => line.replace(/\s*\[[\d, ]+\]/g, ""));
  const repeated = bare.filter((line, index) => bare.indexOf(line) !== index);
  return [
    ...unanswered.map((about): Issue => ({ kind: "missing", about })),
    ...uncited.map((line): Issue => ({ kind: "uncited", about: sentencesOf(line)[0] ?? line })),
    ...[...new Set(repeated)].map((about): Issue => ({ kind: "repeated", about })),
  ].slice(0, mostIssues);
};

export const writeCritique: Way = (request) => {
  const { task, context, locale } = request;
  // What is judged is the last text that the task needs.
  const draft = context[task.needs.at(-1) ?? ""];
  const answered = new Set(extractsFor(request).map(({ question }) => question));
  const hasExtracts = answered.size > 0;
  const unanswered = questionsFor(request).filter((question) =>
    hasExtracts ? !answered.has(question) : !(draft?.text ?? "").includes(question),
  );
  const issues = issuesOf(draft?.text ?? "", unanswered);
  const lines = issues.map(({ kind, about }) => `- ${inLanguage(locale, words[kind], { about })}`);
  return { text: lines.length > 0 ? lines.join("\n") : inLanguage(locale, none), data: { issues } };
};
