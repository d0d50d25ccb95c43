/** What a quotation needs of a fragment of memory. */
export interface QuotableFragment {
  readonly author: string;
  readonly content: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly document?:
    | { readonly title: string; readonly source: string; readonly headingPath: readonly string[] }
    | undefined;
}

export interface QuoteStyle {
  /** BCP 47, of dates and quotation marks. */
  readonly locale: string;
  readonly timezone: string;
  /** Whom the fragment is ascribed to; default: its author. */
  readonly who?: string;
}

/** A message is quoted in part when it is longer; a piece of a document, which was cut to be read, nearly whole. */
const longestMessage = 300;
const longestChunk = 1_200;

const excerpt = (text: string, longest: number): string => {
  const line = text.replace(/\s+/gu, " ").trim();
  return line.length > longest ? `${line.slice(0, longest).toWellFormed().trimEnd()}…` : line;
};

/** Title and headings of a document's fragment: `Handbook › Kitchen › Paint`; its source where it has no title. */
export const documentPlace = ({ title, source, headingPath }: NonNullable<QuotableFragment["document"]>): string =>
  [title || source, ...headingPath.filter((heading) => heading !== title)].join(" › ");

/** A fragment of memory in one line: when and who, or which document and heading, and what was said. */
export const quoteFragment = (fragment: QuotableFragment, { locale, timezone, who }: QuoteStyle): string => {
  const { author, content, createdAt, document } = fragment;
  const quote = (longest: number): string => {
    const text = excerpt(content, longest);
    return locale.toLowerCase().startsWith("pl") ? `„${text}”` : `“${text}”`;
  };
  if (document) return `${documentPlace(document)}: ${quote(longestChunk)}`;
  const time = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: timezone });
  return `${time.format(new Date(createdAt))}, ${who ?? author}: ${quote(longestMessage)}`;
};
