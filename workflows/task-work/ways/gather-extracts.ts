import { type Extract, questionsIn } from "../extracts.ts";
import type { CrewAnswer } from "../task-work-deps.ts";
import { questionsOf } from "./ask-questions.ts";
import { pickSentences } from "./pick-sentences.ts";
import { plainLine } from "./plain-line.ts";
import { subjectOf } from "./subject.ts";
import type { Way, WayRequest } from "./way.ts";
import { inLanguage, type Sentence } from "./wording.ts";

const mostSources = 8;
const sentencesEach = 2;
const extractsEach = 5;

/** The questions of the tasks before, else those that the subject asks. */
export const questionsFor = ({ context, input, locale }: Pick<WayRequest, "context" | "input" | "locale">) => {
  const given = Object.values(context).flatMap(({ data }) => questionsIn(data));
  return given.length > 0 ? [...new Set(given)] : questionsOf(input, locale);
};

const nothing: Sentence = { en: "Nothing was found.", pl: "Nic nie znaleziono." };
const failed: Sentence = { en: "This could not be asked: {reason}", pl: "O to nie dało się zapytać: {reason}" };

/** Extracts by question, each behind a dash with its source's number. */
export const extractsAsText = (questions: readonly string[], extracts: readonly Extract[], locale: string): string =>
  questions
    .map((question) => {
      const own = extracts.filter((extract) => extract.question === question);
      const lines = own.map(({ text, citation }) => `- ${text} [${citation}]`);
      return `## ${question}\n${lines.length > 0 ? lines.join("\n") : inLanguage(locale, nothing)}`;
    })
    .join("\n\n");

/** Asks a tool each question and keeps, sentence by sentence, what its sources say about it. */
export const createGatherExtracts = (tool: string): Way =>
  async function gatherExtracts(request) {
    const { input, book, use, locale } = request;
    const questions = questionsFor(request);
    const subject = subjectOf(input);
    const answers = await Promise.all(
      questions.map((question) => use(tool, { query: queryOf(question, subject), limit: mostSources })),
    );
    const used = new Set<string>();
    const reasons = new Set<string>();
    const extracts = questions.flatMap((question, index): Extract[] => {
      const answer: CrewAnswer = answers[index]!;
      if (answer.status !== "ok") {
        reasons.add(answer.reason);
        return [];
      }
      const own: Extract[] = [];
      for (const source of answer.sources.slice(0, mostSources)) {
        for (const text of pickSentences(source.text, question, subject, sentencesEach)) {
          if (used.has(text) || own.length >= extractsEach) continue;
          used.add(text);
          own.push({ question, text: plainLine(text), citation: String(book.add(source)) });
        }
      }
      return own;
    });
    const notes = [...reasons].map((reason) => inLanguage(locale, failed, { reason }));
    return {
      text: [extractsAsText(questions, extracts, locale), ...notes].join("\n\n"),
      data: { questions, extracts, ...(notes.length > 0 ? { notes } : {}) },
    };
  };

/** What a source is asked: the question, with its subject where it leaves that out. */
const queryOf = (question: string, subject: string): string =>
  (question.includes(subject.slice(0, 60)) ? question : `${question} ${subject}`).slice(0, 900);
