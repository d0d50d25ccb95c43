import type { CrewField } from "./job-delegate.ts";

/** What a user's words hold for a crew. */
export interface AskedJob {
  readonly topic?: string | undefined;
  /** As `readPeriod` reads it. */
  readonly period?: string | undefined;
  /** Other slots of the intent, by name. */
  readonly slots: Readonly<Record<string, unknown>>;
  /** BCP 47. */
  readonly locale: string;
}

export type JobInput =
  | { readonly input: Readonly<Record<string, unknown>> }
  /** The kind of field that nothing was said for. */
  | { readonly missing: CrewField["kind"] };

/**
 * Fills a crew's input from what was asked: fields by the names of slots, periods from the period, `language` from the user's
 * language; the first required text without a value is the topic.
 */
export const jobInput = (fields: readonly CrewField[], { topic, period, slots, locale }: AskedJob): JobInput => {
  const input: Record<string, unknown> = {};
  let topicLeft = topic;
  for (const { name, kind, isRequired } of fields) {
    const slot = name === "topic" ? undefined : slots[name];
    let value: unknown = kind === "period" ? period : name === "language" ? locale : slot;
    if (value === undefined && kind === "text" && (isRequired || name === "topic") && topicLeft !== undefined) {
      value = topicLeft;
      topicLeft = undefined;
    }
    if (value !== undefined) input[name] = value;
    else if (isRequired) return { missing: kind };
  }
  return { input };
};
