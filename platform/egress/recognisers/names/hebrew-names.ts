import type { Span } from "../span.ts";
import { foldWord } from "./fold-word.ts";
import { type WordTable, wordFlags } from "./word-table.ts";

const word = /[\u05d0-\u05ea][\u05d0-\u05ea\u0591-\u05c7'"׳״-]{1,20}/gu;
/** Words that announce a name, and pairs of them. */
const announcing = new Set(["שמי", "מר", "גברת", "גב'", 'ד"ר', "דר'", "פרופ'", "הרב", "אדון"]);
const announcingPairs = new Set(["קוראים לי", "השם שלי"]);
const nameFlags = wordFlags.given | wordFlags.surname;
/** Small words that Hebrew writes as one with the next: and, to, from, in, that, the, as. */
const prefixes = /^[ולמבשהכ]/;

/**
 * Hebrew has no capitals, and many given names are ordinary words: two words side by side that the lists know as names, or
 * what follows a word that announces one.
 */
export function* hebrewNames(text: string, table: WordTable, check: () => void): Generator<Span> {
  const flagsOf = (written: string): { flags: number; cut: number } => {
    const flags = table(foldWord(written));
    if (flags & nameFlags || !prefixes.test(written) || written.length < 4) return { flags, cut: 0 };
    return { flags: table(foldWord(written.slice(1))), cut: 1 };
  };
  const known = new Map<string, ReturnType<typeof flagsOf>>();
  let last = ["", ""];
  let lastEnd = -1;
  let before: { start: number; end: number; flags: number; announced: boolean } | undefined;
  let seen = 0;
  for (const match of text.matchAll(word)) {
    if (++seen % 64 === 0) check();
    const seenBefore = known.get(match[0]) ?? flagsOf(match[0]);
    known.set(match[0], seenBefore);
    const { flags, cut } = seenBefore;
    const start = match.index + cut;
    const end = match.index + match[0].length;
    const follows = before !== undefined && match.index === before.end + 1 && text[before.end] === " ";
    const isName = (flags & nameFlags) !== 0;
    const announced =
      text[match.index - 1] === " " &&
      (announcing.has(last[1] ?? "") || announcingPairs.has(last.join(" "))) &&
      match.index - (lastEnd + 1) === 0;
    last = [last[1] ?? "", match[0]];
    lastEnd = end;
    if (announced) yield { start: match.index, end, kind: "PERSON" };
    else if (before && follows && cut === 0 && isName) {
      const pair = (before.flags & wordFlags.given) !== 0 && ((before.flags | flags) & wordFlags.common) === 0;
      if (before.announced || pair) yield { start: before.start, end, kind: "PERSON" };
    }
    before = { start: announced ? match.index : start, end, flags, announced };
  }
}
