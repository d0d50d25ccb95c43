import type { FoundEvidence } from "../rag-service.ts";
import { formatShortDate, formatTime, phrase, sourceLine } from "../render-text.ts";
import type { Article } from "./article.ts";

/** What a piece of news evidence holds in `data`. */
export interface NewsData extends Article {
  /** What was asked for; absent for headlines. */
  readonly topic?: string;
}

const isNewsData = (data: object): data is NewsData => "title" in data && "source" in data && "summary" in data;

/** When an article was published, in short: "1 Aug, 10:30". */
export const publishedText = ({ published }: Article, locale: string, timezone: string): string | undefined => {
  if (published === undefined) return undefined;
  const at = new Date(published);
  return `${formatShortDate(at, locale, timezone)}, ${formatTime(at, locale, timezone)}`;
};

/** News as a numbered list of titles with who wrote them and when, then the sources and the newest time. */
export const renderNews = (evidence: readonly FoundEvidence[], locale: string, timezone: string): string => {
  const articles = evidence.flatMap(({ data }) => (isNewsData(data) ? [data] : []));
  const [first] = articles;
  if (first === undefined) return "";
  const head =
    first.topic === undefined
      ? phrase(locale, { en: "The headlines:", pl: "Najważniejsze wiadomości:" })
      : phrase(locale, { en: `News about ${first.topic}:`, pl: `Wiadomości na temat: ${first.topic}:` });
  const lines = articles.map((article, index) => {
    const about = [article.source, publishedText(article, locale, timezone)].filter(Boolean).join(", ");
    return `${index + 1}. ${article.title} (${about})`;
  });
  return [head, ...lines, sourceLine(evidence, locale, timezone)].join("\n");
};
