import type { Citation, TaskOutput } from "../crews/steps.ts";
import { type Extract, extractsIn } from "./extracts.ts";
import { rewriteResult } from "./json-result.ts";
import type { Source } from "./source.ts";

/** The sources of one round, numbered from 1 as they come up; a source that comes again keeps its number. */
export interface SourceBook {
  add(source: Source): number;
  get(number: number): Source | undefined;
  readonly size: number;
}

const identityOf = ({ itemId, url, title, text }: Source): string => itemId ?? url ?? `${title}\n${text}`;

export const createSourceBook = (): SourceBook => {
  const sources: Source[] = [];
  const numbers = new Map<string, number>();
  return {
    add(source) {
      const identity = identityOf(source);
      const known = numbers.get(identity);
      if (known !== undefined) {
        if (sources[known - 1]!.text === "") sources[known - 1] = source;
        return known;
      }
      sources.push(source);
      numbers.set(identity, sources.length);
      return sources.length;
    },
    get: (number) => sources[number - 1],
    get size() {
      return sources.length;
    },
  };
};

const toSource = ({ title, url, itemId }: Citation, text: string): Source => ({
  title,
  text,
  ...(url === undefined ? {} : { url }),
  ...(itemId === undefined ? {} : { itemId }),
});

/** A result's data with other extracts, where it has any. */
const withExtracts = (data: unknown, extracts: readonly Extract[]): { readonly data?: unknown } => {
  if (data === undefined) return {};
  return { data: extractsIn(data).length === 0 ? data : { ...(data as object), extracts } };
};

/** An earlier task's result with its citations under the numbers of this round's book. */
export const adoptOutput = (output: TaskOutput, book: SourceBook): TaskOutput => {
  const extracts = extractsIn(output.data);
  const numbers = new Map(
    output.citations.map((citation) => {
      const said = extracts.find((extract) => extract.citation === citation.id)?.text ?? "";
      return [citation.id, book.add(toSource(citation, said))];
    }),
  );
  const { text, data } = rewriteResult(output, (number) => numbers.get(String(number)));
  const moved = extractsIn(data).flatMap((extract) => {
    const number = numbers.get(extract.citation);
    return number === undefined ? [] : [{ ...extract, citation: String(number) }];
  });
  return {
    ...output,
    text,
    ...withExtracts(data, moved),
    citations: output.citations.map((citation) => ({ ...citation, id: String(numbers.get(citation.id)) })),
  };
};

/** A text that cites the book, or JSON whose strings do, as a result: its sources alone, numbered from 1 in the order in which they are cited. */
export const citedOutput = (text: string, book: SourceBook, data?: unknown): TaskOutput => {
  const numbers = new Map<number, number>();
  const numberOf = (number: number): number | undefined => {
    if (!book.get(number)) return undefined;
    if (!numbers.has(number)) numbers.set(number, numbers.size + 1);
    return numbers.get(number);
  };
  const rewritten = rewriteResult({ text, data }, numberOf);
  const extracts = extractsIn(rewritten.data).flatMap((extract) => {
    const number = numberOf(Number(extract.citation));
    return number === undefined ? [] : [{ ...extract, citation: String(number) }];
  });
  return {
    text: rewritten.text,
    ...withExtracts(rewritten.data, extracts),
    citations: [...numbers].map(([number, id]) => {
      const { title, url, itemId } = book.get(number)!;
      return {
        id: String(id),
        title,
        ...(url === undefined ? {} : { url }),
        ...(itemId === undefined ? {} : { itemId }),
      };
    }),
  };
};
