import { type Extract, extractsIn } from "../extracts.ts";
import { extractsAsText, questionsFor } from "./gather-extracts.ts";
import type { Way, WayRequest } from "./way.ts";

/** All extracts of earlier tasks, each sentence once. */
export const extractsFor = ({ context }: Pick<WayRequest, "context">): readonly Extract[] => {
  const seen = new Set<string>();
  return Object.values(context)
    .flatMap(({ data }) => extractsIn(data))
    .filter(({ text }) => !seen.has(text) && seen.add(text));
};

/** A section for each question, of what was found about it. */
export const writeSections: Way = (request) => {
  const questions = questionsFor(request);
  const extracts = extractsFor(request);
  return { text: extractsAsText(questions, extracts, request.locale), data: { questions, extracts } };
};
