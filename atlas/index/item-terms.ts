import { analyseText } from "./analyse-text.ts";
import { dateTerms } from "./date-terms.ts";
import type { TextItem } from "./text-item.ts";

/** Stands between terms that are not neighbours in the text. */
export const gap = "";

/** One part of an item as terms: long texts have several. */
export interface ItemPart {
  readonly part: number;
  /** Stems of the text in order. */
  readonly text: readonly string[];
  /** Stems of title and author twice each, terms of the date once; `gap` between the runs. */
  readonly about: readonly string[];
}

/** Characters of one text that are indexed. */
const longestText = 100_000;
/** Stems of one part: about a page, so that a long text is found by its passages and no row is large. */
const partLength = 500;

/** What is indexed of an item: at least one part. Linear in the text's length. */
export const itemTerms = ({ text, title, author, time, kind }: TextItem): readonly ItemPart[] => {
  const { language, stems } = analyseText(text.slice(0, longestText).toWellFormed());
  const titleStems = title ? analyseText(title.slice(0, 1_000).toWellFormed(), language).stems : [];
  const authorStems = author ? analyseText(author.slice(0, 200).toWellFormed(), language).stems : [];
  const runs = [titleStems, titleStems, authorStems, authorStems];
  const dates = time !== undefined && kind === "message" ? dateTerms(time) : [];
  const about = [...runs.flatMap((run) => [...run, gap]), ...dates.flatMap((term) => [term, gap])];
  const parts: ItemPart[] = [];
  for (let from = 0; from === 0 || from < stems.length; from += partLength) {
    parts.push({ part: parts.length, text: stems.slice(from, from + partLength), about });
  }
  return parts;
};
