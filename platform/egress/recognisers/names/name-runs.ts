import type { NameWord, WordReader } from "./name-word.ts";

/** Neighbouring words that could be one person's name. */
export interface NameRun {
  readonly words: readonly NameWord[];
  /** Whether a sentence begins with it, so that its first capital says nothing. */
  readonly opensSentence: boolean;
  /** Whether its line holds nothing else. */
  readonly fillsLine: boolean;
}

const word =
  /(?<![\p{L}\p{N}_@/#$.-])\p{Lu}(?:\.(?![\p{L}\p{N}])|[\p{L}\p{M}'’ʼ-]{0,40}(?:\.(?=\p{Lu}))?)(?![\p{L}\p{N}_@])/gu;
/** What may stand between two words of one name: a space, or a small word of the kind that families bear. */
const between =
  /^ (?:(?:(?:van|von|de|da|di|du|del|della|der|den|dos|das|bin|ibn|al|el|la|le|af|av|ten|ter|zu|zum) ){1,2})?(?:[dlDLO]['’])?$/;
const opening = /(?:^|[.!?…:;\n\r"“„«(\][>*•-])\s*$/u;
const mostWords = 6;

/** Splits a text's capitalised words into runs; `check` throws once time is up. */
export function* nameRuns(text: string, read: WordReader, check: () => void): Generator<NameRun> {
  let run: NameWord[] = [];
  const done = (): NameRun | undefined => {
    const [first] = run;
    if (!first) return undefined;
    const opensSentence = opening.test(text.slice(Math.max(0, first.start - 6), first.start));
    const end = run.at(-1)?.end ?? 0;
    const fillsLine =
      /(?:^|[\n\r])$/.test(text.slice(Math.max(0, first.start - 1), first.start)) &&
      /^ ?(?:[\n\r]|$)/.test(text.slice(end, end + 2));
    const ended = { words: run, opensSentence, fillsLine };
    run = [];
    return ended;
  };
  let seen = 0;
  for (const match of text.matchAll(word)) {
    if (++seen % 64 === 0) check();
    const last = run.at(-1);
    const gap = last ? text.slice(last.end, Math.min(match.index, last.end + 16)) : "";
    const joins = last !== undefined && run.length < mostWords && match.index - last.end <= 15 && between.test(gap);
    if (!joins) {
      const ended = done();
      if (ended) yield ended;
    }
    run.push(read(match[0], match.index));
  }
  const ended = done();
  if (ended) yield ended;
}
