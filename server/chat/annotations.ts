import type { Evidence } from "../../platform/evidence/evidence.ts";

/** OpenAI's `url_citation`: which stretch of the answer stands on which address; indexes in UTF-16 units, the end exclusive. */
export interface UrlCitation {
  readonly type: "url_citation";
  readonly url_citation: {
    readonly start_index: number;
    readonly end_index: number;
    readonly url: string;
    readonly title: string;
  };
}

const marker = /\[(e?\d{1,3}(?:[ \t]?[,;][ \t]?e?\d{1,3}){0,9})\](?!\()/g;
const code = /```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`[^`\n]*`/g;

const titleOf = ({ title, sourceName }: Evidence): string => (title === "" ? sourceName : title);

const citation = (start: number, end: number, url: string, title: string): UrlCitation => ({
  type: "url_citation",
  url_citation: { start_index: start, end_index: end, url, title },
});

/**
 * The sources of an answer. Where it cites `[1]` or `[e1, e2]`, one citation for each mark and source that has an address, over
 * the mark; where it cites nothing, one for each address, over the whole answer. Marks in code and JSON are none.
 */
export const toAnnotations = (evidence: readonly Evidence[], text: string): UrlCitation[] => {
  const isJson = /^\s*[[{]/.test(text) && /[\]}]\s*$/.test(text) && isParsable(text);
  const prose = isJson ? "" : text.replace(code, (block) => " ".repeat(block.length));
  const cited: UrlCitation[] = [];
  for (const match of prose.matchAll(marker)) {
    for (const number of new Set((match[1] ?? "").match(/\d+/g))) {
      const item = evidence[Number(number) - 1];
      if (item?.sourceUrl !== undefined)
        cited.push(citation(match.index, match.index + match[0].length, item.sourceUrl, titleOf(item)));
    }
  }
  if (cited.length > 0) return cited;
  const sources = new Map(
    evidence.flatMap((item) => (item.sourceUrl === undefined ? [] : [[item.sourceUrl, titleOf(item)] as const])),
  );
  return [...sources].map(([url, title]) => citation(0, text.length, url, title));
};

const isParsable = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
