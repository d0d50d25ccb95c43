import type { Span } from "../span.ts";
import { foldWord } from "./fold-word.ts";
import type { WordReader } from "./name-word.ts";
import { type WordTable, wordFlags } from "./word-table.ts";

/** What people say before a name when they write without capitals. */
const announced =
  /(?<![\p{L}\d])(?:my name is|my name['’]s|name is|i['’]m called|call me|calls me|(?:mrs?|ms|dr|prof)\.|mrs?|nazywam się|mam na imię|мене звати) (?=\p{Ll}[\p{L}\p{M}'’-])/giu;
/** Who speaks, as transcripts show it. */
const speaker = /(?<=^|[\n\r])\p{Ll}[\p{L}\p{M}'’-]{1,40}(?=:[ ]?["“”„«])/gu;
const word = /(?<![\p{L}\p{N}_@/.-])\p{Ll}[\p{L}\p{M}'’-]{0,40}(?![\p{L}\p{N}_@])/gu;
const mostWords = 3;
const { given, surname, common, place } = wordFlags;

/**
 * Names in small letters: after words that announce one, and a sure given name before a word that is no ordinary one in a
 * text without any capital.
 */
export function* lowerCaseNames(text: string, table: WordTable, read: WordReader, check: () => void): Generator<Span> {
  const afterCue = new Set<number>();
  for (const match of text.matchAll(announced)) afterCue.add(match.index + match[0].length);
  for (const match of text.matchAll(speaker)) afterCue.add(match.index);
  const hasCapitals = /\p{Lu}/u.test(text);
  if (afterCue.size === 0 && hasCapitals) return;

  const found = [...text.matchAll(word)];
  for (let at = 0; at < found.length; at += 1) {
    if (at % 64 === 0) check();
    const first = wordAt(found, at, read);
    if (!first) continue;
    const announcedHere = afterCue.has(first.start);
    if (!announcedHere && (hasCapitals || (first.flags & given) === 0 || (first.flags & (common | place)) !== 0))
      continue;
    let count = 1;
    let end = first.end;
    for (; count < mostWords; count += 1) {
      const next = wordAt(found, at + count, read);
      if (!next || next.start !== end + 1 || text[end] !== " ") break;
      const mayFollow = next.isInitial || ((next.flags & (given | surname)) !== 0 && (next.flags & common) === 0);
      if (!mayFollow) break;
      end = next.end;
    }
    if (count === 1 && !announcedHere) continue;
    const key = found
      .slice(at, at + count)
      .map((match) => foldWord(match[0]))
      .join(" ");
    if (!announcedHere && (table(key) & place) !== 0) continue;
    if (count === 1 && (first.flags & common) !== 0 && (first.flags & (given | surname)) === 0) continue;
    yield { start: first.start, end, kind: "PERSON" };
    at += count - 1;
  }
}

const wordAt = (found: readonly RegExpMatchArray[], at: number, read: WordReader) => {
  const match = found[at];
  return match?.index === undefined ? undefined : read(match[0], match.index);
};
