import { canonicalLocale } from "../../platform/language/intl-names.ts";
import { readPeriod } from "../../platform/language/read-period.ts";
import type { Say } from "../wording.ts";

export interface BegunJob {
  readonly id: string;
  readonly crew: string;
  /** Another conversation that its result goes into: it was begun there. */
  readonly elsewhere?: string | undefined;
  readonly topic?: string | undefined;
  readonly period?: string | undefined;
  /** Wanted again and again; it is made this once. */
  readonly isRepeated: boolean;
  /** The result is had by asking: the client shows its own history only. */
  readonly isAskedFor: boolean;
  /** Spoken aloud: without id and link. */
  readonly isSpoken: boolean;
  readonly locale: string;
  readonly timezone: string;
  readonly now: Date;
}

const longestTopic = 120;

/** Where a job is looked at. */
export const jobPath = (id: string): string => `/v1/jobs/${id}`;

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= longestTopic ? line : `${line.slice(0, longestTopic).replace(/\s+\S*$/u, "")}…`;
};

/** The days of a period in words of a language: "16–21 November 2026". */
export const sayPeriod = (
  period: string,
  { locale, timezone, now }: Pick<BegunJob, "locale" | "timezone" | "now">,
): string => {
  const span = readPeriod(period, timezone, now);
  if (!span) return period;
  // Day before month, as everywhere here.
  const format = locale.toLowerCase() === "en" ? "en-GB" : (canonicalLocale(locale) ?? "en-GB");
  const days = new Intl.DateTimeFormat(format, { dateStyle: "long", timeZone: timezone });
  const last = new Date(Math.max(span.from.getTime(), span.to.getTime() - 1));
  return days.formatRange(span.from, last).replace(/\s*–\s*/gu, "–");
};

/** The sentences that tell a user of a job that has begun, and how the result is had: the crew's own wording where there is one. */
export const sayBegun = (job: BegunJob, say: Say): string => {
  const { id, crew, elsewhere, topic = "", period, isRepeated, isAskedFor, isSpoken, locale } = job;
  const own = (key: string, values: Readonly<Record<string, string>>): string =>
    say(`${key}.${crew}`, locale, values) || say(key, locale, values);
  const place = isAskedFor ? "ask" : elsewhere === undefined ? "here" : "there";
  const values = {
    id,
    link: jobPath(id),
    crew,
    result: own(`job.result.${place}`, { thread: elsewhere ?? "" }),
    topic: shortened(topic),
    period: period === undefined ? "" : sayPeriod(period, job),
  };
  const told = isSpoken
    ? own("job.spoken", values)
    : elsewhere === undefined
      ? own("job.begun", values)
      : say("job.known", locale, values);
  return isRepeated ? `${told} ${say("job.once", locale)}` : told;
};
