import { citedNumbers } from "../citation-marks.ts";
import { proseLines } from "../code-parts.ts";
import type { Extract } from "../extracts.ts";
import { isJson } from "../json-result.ts";
import { questionsFor } from "./gather-extracts.ts";
import { shortSubject } from "./subject.ts";
import type { Way, WayRequest } from "./way.ts";
import { inLanguage, type Sentence } from "./wording.ts";
import { extractsFor } from "./write-sections.ts";

const headings = {
  title: { en: "Report: {subject}", pl: "Raport: {subject}" },
  short: { en: "In short", pl: "W skrócie" },
  open: { en: "What stays open", pl: "Co pozostaje otwarte" },
  nothing: { en: "Nothing was found about this.", pl: "Nic o tym nie znaleziono." },
} satisfies Record<string, Sentence>;

const shortest = 3;

const bullet = ({ text, citation }: Extract): string => `- ${text} [${citation}]`;

/** Findings that no extract holds, of a draft that somebody else wrote: only lines that cite. */
const citedLines = ({ context }: WayRequest, extracts: readonly Extract[]): readonly string[] =>
  extracts.length > 0
    ? []
    : Object.values(context)
        .filter((output) => !isJson(output))
        .flatMap(({ text }) => proseLines(text))
        .filter(({ prose }) => !/^#/.test(prose) && citedNumbers(prose).length > 0)
        .map(({ line }) => line);

const notesIn = (data: unknown): readonly string[] => {
  const notes = typeof data === "object" && data !== null ? (data as { notes?: unknown }).notes : undefined;
  return Array.isArray(notes) ? notes.filter((note) => typeof note === "string") : [];
};

/** The report: the gist, what was found by question with its sources, and what stays open. Nothing without a source. */
export const writeReport: Way = (request) => {
  const { input, context, locale } = request;
  const extracts = extractsFor(request);
  const questions = questionsFor(request);
  const others = citedLines(request, extracts);
  const answered = questions.filter((question) => extracts.some((extract) => extract.question === question));
  const open = others.length > 0 ? [] : questions.filter((question) => !answered.includes(question));
  const gist = answered
    .slice(0, shortest)
    .map((question) => extracts.find((extract) => extract.question === question)!);
  const notes = Object.values(context).flatMap(({ data }) => notesIn(data));
  const say = (sentence: Sentence) => inLanguage(locale, sentence);
  const sections = [
    `# ${inLanguage(locale, headings.title, { subject: shortSubject(input) })}`,
    ...(gist.length > 0 ? [`## ${say(headings.short)}\n${gist.map(bullet).join("\n")}`] : []),
    ...answered.map(
      (question) =>
        `## ${question}\n${extracts
          .filter((extract) => extract.question === question)
          .map(bullet)
          .join("\n")}`,
    ),
    ...(others.length > 0 ? [others.join("\n")] : []),
    ...(extracts.length + others.length === 0 ? [say(headings.nothing)] : []),
    ...(open.length + notes.length > 0
      ? [`## ${say(headings.open)}\n${[...open, ...notes].map((line) => `- ${line}`).join("\n")}`]
      : []),
  ];
  return { text: sections.join("\n\n"), data: { questions, extracts } };
};
