import { AppError } from "../../../platform/errors/app-error.ts";
import { plainLine } from "./plain-line.ts";
import type { Way, WayRequest } from "./way.ts";
import { inLanguage, type Sentence } from "./wording.ts";

/** What the tool `activity` tells of a period, as far as ways read it. */
interface Activity {
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly timeline: readonly { readonly at: string; readonly author: string; readonly text: string }[];
}

const say = {
  title: { en: "Report for {period}", pl: "Raport: {period}" },
  figures: { en: "Figures", pl: "Liczby" },
  timeline: { en: "Timeline", pl: "Oś czasu" },
  quiet: { en: "Nothing happened in this period.", pl: "W tym okresie nic się nie działo." },
} satisfies Record<string, Sentence>;

const figureNames: Readonly<Record<string, Sentence>> = {
  threads: { en: "Conversations", pl: "Rozmowy" },
  messages: { en: "Messages", pl: "Wiadomości" },
  ownMessages: { en: "Messages of yours", pl: "Twoje wiadomości" },
  authors: { en: "People and agents who wrote", pl: "Osoby i agenci, którzy pisali" },
  queries: { en: "Questions answered", pl: "Pytania z odpowiedzią" },
  degraded: { en: "Answers that lacked a part", pl: "Odpowiedzi bez jakiejś części" },
  meanMs: { en: "Mean time of an answer, in ms", pl: "Średni czas odpowiedzi w ms" },
  tokens: { en: "Tokens of models", pl: "Tokeny modeli" },
  documents: { en: "Documents added or changed", pl: "Dokumenty dodane lub zmienione" },
};

const read = async ({ use, input }: WayRequest) => {
  const answer = await use("activity", { period: String(input.period ?? "today") });
  // Without its period there is no report. What is refused stays so, what failed may pass.
  if (answer.status === "refused") throw new AppError("INVALID_INPUT", answer.reason, { field: "input.period" });
  if (answer.status !== "ok") throw new AppError("UPSTREAM_UNAVAILABLE", answer.reason);
  return { activity: answer.data as Activity, sources: answer.sources };
};

const periodOf = ({ from, to, timezone }: Activity, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: timezone }).formatRange(
    new Date(from),
    new Date(Date.parse(to) - 1),
  );

const figureLines = ({ figures }: Activity, locale: string): string =>
  Object.entries(figures)
    .map(([name, value]) => `- ${inLanguage(locale, figureNames[name] ?? { en: name, pl: name })}: ${value}`)
    .join("\n");

/** The figures of the period. */
export const tellFigures: Way = async (request) => {
  const { activity } = await read(request);
  const { from, to, timezone, figures } = activity;
  const title = inLanguage(request.locale, say.title, { period: periodOf(activity, request.locale) });
  return {
    text: `${title}\n${figureLines(activity, request.locale)}`,
    data: { from, to, timezone, figures },
    material: [title, JSON.stringify(figures)],
  };
};

/** What happened in the period, oldest first, each with its message. */
export const tellTimeline: Way = async (request) => {
  const { activity, sources } = await read(request);
  const time = new Intl.DateTimeFormat(request.locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: activity.timezone,
  });
  const lines = activity.timeline.map(({ at, author, text }, index) => {
    const source = sources[index];
    const mark = source ? ` [${request.book.add(source)}]` : "";
    return `- ${time.format(new Date(at))}, ${plainLine(author)}: ${plainLine(text)}${mark}`;
  });
  return { text: lines.length > 0 ? lines.join("\n") : inLanguage(request.locale, say.quiet) };
};

/** The document: title, figures, timeline, of what the tasks before found. */
export const writePeriodReport: Way = ({ context, locale }) => {
  const outputs = Object.values(context);
  const figures = outputs.find(({ data }) => typeof data === "object" && data !== null && "figures" in data);
  const [title = "", ...lines] = (figures?.text ?? "").split("\n");
  const others = outputs.filter((output) => output !== figures).map(({ text }) => text.trim());
  const sections = [
    `# ${title}`,
    `## ${inLanguage(locale, say.figures)}\n${lines.join("\n")}`,
    `## ${inLanguage(locale, say.timeline)}\n${others.filter(Boolean).join("\n\n") || inLanguage(locale, say.quiet)}`,
  ];
  return { text: sections.join("\n\n"), ...(figures === undefined ? {} : { data: figures.data }) };
};
