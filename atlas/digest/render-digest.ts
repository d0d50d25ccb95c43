import type { DigestPeriod } from "./digest-source.ts";
import { digestWording } from "./digest-wording.ts";
import type { Digest } from "./read-digest.ts";

export interface RenderedDigest {
  readonly channelTitle: string;
  readonly title: string;
  /** Markdown, with the title. */
  readonly content: string;
  readonly sections: readonly { readonly heading: string; readonly text: string }[];
}

/** Text of people inside a line of Markdown: it stays on its line and marks nothing up. */
const inLine = (text: string): string => text.replace(/\s+/g, " ").replace(/([\\`*_[\]<>#|])/g, "\\$1");
const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join("\n");

/** A digest in words, in the language of its scope; dates in its zone. */
export const renderDigest = (digest: Digest, { from, to, timezone }: DigestPeriod): RenderedDigest => {
  const { language, topics, openQuestions, contradictions } = digest;
  const say = digestWording[language];
  const days = new Intl.DateTimeFormat(language, { timeZone: timezone, dateStyle: "long" });
  const day = new Intl.DateTimeFormat(language, { timeZone: timezone, dateStyle: "medium" });
  const title = say.title(days.formatRange(from, new Date(to.getTime() - 1)));
  const sections = [
    {
      heading: say.topics,
      text: list(topics.map(({ topic, now, before }) => say.grown(inLine(topic), now, before))),
    },
    {
      heading: say.openQuestions,
      text: list(openQuestions.map(({ text, author, at }) => `${inLine(text)} (${inLine(author)}, ${day.format(at)})`)),
    },
    {
      heading: say.contradictions,
      text: list(contradictions.map(([before, after]) => say.changed(inLine(before), inLine(after)))),
    },
  ].filter(({ text }) => text !== "");
  const counts = say.counts(digest.messages, digest.threads);
  return {
    channelTitle: say.channel,
    title,
    content: [`# ${title}`, counts, ...sections.map(({ heading, text }) => `## ${heading}\n\n${text}`)].join("\n\n"),
    sections,
  };
};
