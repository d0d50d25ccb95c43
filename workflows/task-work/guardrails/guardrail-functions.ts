import type { JobWork } from "../../jobs/job.ts";
import { citedNumbers } from "../citation-marks.ts";
import { bareText } from "../json-result.ts";
import type { Draft, TaskWorkDeps } from "../task-work-deps.ts";

export interface GuardrailContext extends Pick<TaskWorkDeps, "seenItems"> {
  readonly job: JobWork;
}

/** Says what is wrong with a draft, in words for who wrote it; undefined: nothing. */
export type GuardrailFunction = (draft: Draft, context: GuardrailContext) => Promise<string | undefined>;

const listed = (numbers: readonly (number | string)[]): string => numbers.map((number) => `[${number}]`).join(", ");

/** Every citation is a source that was found, and its item is still there for the principal to see. */
const citationsResolve: GuardrailFunction = async ({ unknownMarks, citations }, { job, seenItems }) => {
  if (unknownMarks.length > 0)
    return `${listed(unknownMarks)} is no source. Cite only numbers of sources that you were given, and put code in backticks.`;
  const ids = citations.flatMap(({ itemId }) => itemId ?? []);
  const seen = ids.length === 0 ? new Set<string>() : await seenItems(job, ids);
  const gone = citations.filter(({ itemId, url }) => (itemId === undefined ? url === undefined : !seen.has(itemId)));
  return gone.length === 0
    ? undefined
    : `What ${listed(gone.map(({ id }) => id))} cites is not there any more. Leave out what it says.`;
};

/** Something is cited where earlier tasks cited: what tools alone gave may be beside the point, and saying so cites nothing. */
const findingsCited: GuardrailFunction = async ({ citations, findings }) =>
  findings === 0 || citations.length > 0
    ? undefined
    : "Nothing is cited, though earlier results cite sources. Put the number of its source in square brackets behind each statement; where a source does not help, say so and cite it.";

/** Sections of a Markdown text: heading and what stands below it. */
const sectionsOf = (text: string): readonly { readonly heading: string; readonly body: string }[] =>
  text
    .split(/^(?=#{2,3} )/m)
    .filter((part) => /^#{2,3} /.test(part))
    .map((part) => {
      const [heading = "", ...rest] = part.split("\n");
      return { heading: heading.replace(/^#+ /, "").trim(), body: rest.join("\n").trim() };
    });

/** Where there are sources, at least half of the sections that say something cite one: gaps may be named without. */
const sectionsCited: GuardrailFunction = async ({ text, sources }) => {
  const sections = sectionsOf(text).filter(({ body }) => body.length > 200 || citedNumbers(body).length > 0);
  const bare = sections.filter(({ body }) => citedNumbers(body).length === 0);
  return sources === 0 || bare.length * 2 <= sections.length
    ? undefined
    : `These sections cite nothing: ${bare.map(({ heading }) => `'${heading}'`).join(", ")}. Cite, or say in one short sentence that nothing was found.`;
};

const number = /\d+(?:[.,:]\d+)*/g;
const numbersIn = (text: string): readonly string[] => text.match(number) ?? [];
const bare = (digits: string): string => digits.replace(/[.,:]/g, "");

/** Every number of two digits and more stands in what the draft was made from. */
const numbersGrounded: GuardrailFunction = async ({ text, data, material }) => {
  const known = new Set(
    material.flatMap(numbersIn).flatMap((digits) => [digits, bare(digits), ...digits.split(/[.,:]/)]),
  );
  const strange = [...new Set(numbersIn(bareText({ text, data })))].filter(
    (digits) => bare(digits).length > 1 && !known.has(digits) && !known.has(bare(digits)),
  );
  return strange.length === 0
    ? undefined
    : `These numbers stand in nothing that was found: ${strange.slice(0, 10).join(", ")}. Use the numbers as they were given.`;
};

/** The checks that crews may name. */
export const guardrailFunctions: ReadonlyMap<string, GuardrailFunction> = new Map([
  ["citations_resolve", citationsResolve],
  ["findings_cited", findingsCited],
  ["sections_cited", sectionsCited],
  ["numbers_grounded", numbersGrounded],
]);
