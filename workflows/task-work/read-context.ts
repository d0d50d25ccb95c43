import { detectLocale } from "../../platform/language/detect-locale.ts";
import { canonicalLocale } from "../../platform/language/intl-names.ts";
import type { TaskOutput, TaskRequest } from "../crews/steps.ts";
import type { JobWork } from "../jobs/job.ts";
import { wholeOutput } from "../jobs/whole-output.ts";
import { adoptOutput, type SourceBook } from "./source-book.ts";
import type { TaskWorkDeps } from "./task-work-deps.ts";
import { subjectOf } from "./ways/subject.ts";

/** Language in which a job's tasks are written: what its input says, else that of its words. */
export const localeOf = (input: Readonly<Record<string, unknown>>, fallback: string): string => {
  const { language } = input;
  const asked = typeof language === "string" ? canonicalLocale(language) : undefined;
  // Without its extensions: those change calendars and digits, and not every part of Intl takes them.
  return new Intl.Locale(asked ?? detectLocale(subjectOf(input)) ?? fallback).baseName;
};

/**
 * Results of earlier tasks with their citations under the book's numbers. What is cited and may not be seen any more, because it was
 * deleted or taken away, is left out with what it said.
 */
export const readContext = async (
  { records, seenItems }: Pick<TaskWorkDeps, "records" | "seenItems">,
  job: JobWork,
  given: TaskRequest["context"],
  book: SourceBook,
): Promise<Record<string, TaskOutput>> => {
  const outputs = await Promise.all(
    Object.entries(given).map(async ([id, output]) => [id, await wholeOutput(records, job.id, output)] as const),
  );
  const items = [...new Set(outputs.flatMap(([, { citations }]) => citations.flatMap(({ itemId }) => itemId ?? [])))];
  const seen = items.length === 0 ? new Set<string>() : await seenItems(job, items);
  return Object.fromEntries(
    outputs.map(([id, output]) => [
      id,
      adoptOutput(
        { ...output, citations: output.citations.filter(({ itemId }) => itemId === undefined || seen.has(itemId)) },
        book,
      ),
    ]),
  );
};
