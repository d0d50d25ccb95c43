import { z } from "zod";
import type { ReadActivity } from "../atlas/read-activity.ts";
import { AppError } from "../platform/errors/app-error.ts";
import { readPeriod } from "../platform/language/read-period.ts";
import { formatsFor, inLocale } from "./in-locale.ts";
import { defineTool } from "./tool.ts";

const Input = z.object({
  period: z.string().max(80).describe("today, yesterday, week, or an ISO 8601 interval such as 2026-11-01/2026-11-07"),
});
const Output = z.object({
  from: z.iso.datetime(),
  /** The first moment that is not in it. */
  to: z.iso.datetime(),
  timezone: z.string(),
  figures: z.record(z.string(), z.number()),
  /** The beginning of each conversation, oldest first. */
  timeline: z.array(
    z.object({
      messageId: z.string(),
      threadId: z.string(),
      at: z.iso.datetime(),
      author: z.string(),
      text: z.string(),
    }),
  ),
});

/**
 * What happened in a period among what the principal sees: figures, and how each conversation began.
 * @throws {AppError} INVALID_INPUT: no such period; DATABASE_UNAVAILABLE (retryable).
 */
export const createActivity = ({ readActivity }: { readonly readActivity: ReadActivity }) =>
  defineTool({
    name: "activity",
    description: "Figures and timeline of what happened in a period.",
    effect: "read",
    idempotent: true,
    allowedRoles: ["user"],
    scopes: [],
    input: Input,
    output: Output,
    async run({ period }, { principal, timezone, locale, now }) {
      const span = readPeriod(period, timezone, now);
      if (!span) {
        throw new AppError(
          "INVALID_INPUT",
          inLocale(locale, {
            en: `'${period}' is no period: say today, yesterday, week, or an ISO interval such as 2026-11-01/2026-11-07.`,
            pl: `'${period}' nie jest okresem: today, yesterday, week albo przedział ISO, np. 2026-11-01/2026-11-07.`,
          }),
          { field: "period" },
        );
      }
      const { timeline, ...figures } = await readActivity({ principal: principal.id, ...span });
      return {
        from: span.from.toISOString(),
        to: span.to.toISOString(),
        timezone,
        figures,
        timeline: timeline.map((moment) => ({ ...moment, at: moment.at.toISOString() })),
      };
    },
    render({ from, to, figures, timeline }, _input, locale, timezone) {
      const days = new Intl.DateTimeFormat(formatsFor(locale), { dateStyle: "long", timeZone: timezone });
      const time = new Intl.DateTimeFormat(formatsFor(locale), {
        dateStyle: "medium",
        timeStyle: "short",
        timeZone: timezone,
      });
      return [
        days.formatRange(new Date(from), new Date(Date.parse(to) - 1)),
        ...Object.entries(figures).map(([name, value]) => `${name}: ${value}`),
        ...timeline.map(({ at, author, text }) => `${time.format(new Date(at))}, ${author}: ${text}`),
      ].join("\n");
    },
  });
