import type { FoundEvidence } from "../rag-service.ts";
import { formatDateTime, joinList, phrase } from "../render-text.ts";
import type { SearchResult } from "./provider.ts";

/** What a piece of search evidence holds in `data`. */
export interface SearchData extends SearchResult {
  /** The page's host. */
  readonly site: string;
  /** The engine that found it. */
  readonly engine: string;
}

const isSearchData = (data: object): data is SearchData => "title" in data && "snippet" in data && "engine" in data;

/** Found pages as a numbered list with their sites, then the engine and the time of the search. */
export const renderSearch = (evidence: readonly FoundEvidence[], locale: string, timezone: string): string => {
  const found = evidence.flatMap(({ data, observedAt }) => (isSearchData(data) ? [{ ...data, observedAt }] : []));
  const [first] = found;
  if (first === undefined) return "";
  const lines = found.map(({ title, snippet, site }, index) =>
    [`${index + 1}. ${title} (${site})`, snippet].filter(Boolean).join(": "),
  );
  const engines = joinList([...new Set(found.map(({ engine }) => engine))], locale);
  const when = formatDateTime(new Date(first.observedAt), locale, timezone);
  return [
    phrase(locale, { en: "I found on the web:", pl: "Znalazłem w sieci:" }),
    ...lines,
    phrase(locale, { en: `Searched with ${engines}, ${when}.`, pl: `Wyszukano przez ${engines}, ${when}.` }),
  ].join("\n");
};
