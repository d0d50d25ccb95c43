import { htmlToText } from "../html-to-text.ts";
import { webAddress } from "../web-address.ts";
import type { SearchResult } from "./provider.ts";

const mostSnippet = 400;

/** A found page with plain texts; none when it has no title or no address that can be opened. */
export const toResult = (found: {
  readonly title: string;
  readonly url: string;
  readonly snippet: string | null | undefined;
  readonly published?: string | null | undefined;
}): SearchResult[] => {
  const title = htmlToText(found.title, 200);
  const url = webAddress(found.url);
  if (title === "" || url === undefined) return [];
  const published = new Date(found.published ?? Number.NaN);
  return [
    {
      title,
      url,
      snippet: htmlToText(found.snippet ?? "", mostSnippet),
      ...(Number.isNaN(published.getTime()) ? {} : { published: published.toISOString() }),
    },
  ];
};
