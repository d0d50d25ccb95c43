import { foldWord } from "../../../platform/egress/recognisers/names/fold-word.ts";
import { loadWordTable, wordFlags } from "../../../platform/egress/recognisers/names/word-table.ts";
import { foldText } from "../../../platform/language/normalise-text.ts";
import { perWord } from "../../../platform/language/per-word.ts";
import { stopWords } from "../../index/stop-words.ts";
import { type EdgeKind, type Entity, type FoundEntity, toEntity } from "../entity.ts";
import { kindWords, listWords, relationFillers, relationPhrases } from "./relation-words.ts";

export interface FoundRelation {
  readonly kind: EdgeKind;
  readonly from: Entity;
  readonly to: Entity;
}

interface Token {
  readonly text: string;
  readonly folded: string;
  readonly start: number;
  readonly end: number;
}

/** A Hebrew preposition before a name in another script is a word of its own. */
const word =
  /[\u05d0-\u05ea]{1,3}(?=[-־–]?[`'"]?[A-Za-z])|[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.'’/-]*[\p{L}\p{M}\p{N}_])?/gu;
const sentenceEnd = /[.!?;:\n]/;
const mostOfList = 10;
const mostFillers = 3;
const mostWordsOfName = 3;
const longestToken = 100;

interface Phrase {
  readonly kind: EdgeKind;
  readonly words: readonly string[];
}
const byFirst = new Map<string, Phrase[]>();
for (const { kind, phrases } of relationPhrases) {
  for (const phrase of phrases) {
    const words = foldText(phrase).split(" ");
    const first = words[0] ?? "";
    byFirst.set(first, [...(byFirst.get(first) ?? []), { kind, words }]);
  }
}
const fold = perWord(foldText);

const tokensOf = (text: string): Token[] =>
  [...text.matchAll(word)].map((match) => ({
    text: match[0],
    folded: match[0].length > longestToken ? "" : fold(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }));

const isStopWord = (folded: string): boolean =>
  stopWords.en.has(folded) || stopWords.pl.has(folded) || stopWords.uk.has(folded);

/** Joins names by the phrases that stand between them: "A depends on B and C". Linear in the text's length. */
export const findRelations = (text: string, entities: readonly FoundEntity[]): FoundRelation[] => {
  const tokens = tokensOf(text);
  const entityAt = entitiesByToken(tokens, entities);
  const gap = (left: number, right: number): string =>
    text.slice(tokens[left]?.end ?? 0, tokens[right]?.start ?? text.length);

  /** A word that is a name by how it is written, though no rule knows it. */
  const isName = (at: number): boolean => {
    const token = tokens[at];
    if (!token || token.text.length < 2 || token.text.length > longestToken) return false;
    if (text[token.start - 1] === "`") return true;
    if (!/\p{L}/u.test(token.text) || isStopWord(token.folded) || kindWords.has(token.folded)) return false;
    if (/[\d_]|\p{L}[-./]\p{L}|\p{Ll}\p{Lu}|^\p{Lu}{2}/u.test(token.text)) return true;
    if (!/^\p{Lu}/u.test(token.text)) return false;
    const opensSentence = at === 0 || sentenceEnd.test(gap(at - 1, at));
    return !opensSentence || (loadWordTable()(foldWord(token.text)) & wordFlags.common) === 0;
  };
  const thing = (from: number, to: number): Entity | undefined =>
    toEntity("thing", text.slice(tokens[from]?.start ?? 0, tokens[to]?.end ?? 0));

  /** What is named just before a token. */
  const before = (at: number): Entity | undefined => {
    const last = at - 1;
    if (last < 0 || sentenceEnd.test(gap(last, at))) return undefined;
    const known = entityAt.get(last);
    if (known) return known.entity;
    if (!isName(last)) return undefined;
    let first = last;
    while (last - first + 1 < mostWordsOfName && isName(first - 1) && gap(first - 1, first) === " ") first -= 1;
    return thing(first, last);
  };

  /** What is named from a token on, and where it ends. */
  const after = (at: number): { readonly entity: Entity; readonly last: number } | undefined => {
    const known = entityAt.get(at);
    if (known) return known;
    if (!isName(at)) return undefined;
    let last = at;
    while (
      last - at + 1 < mostWordsOfName &&
      !entityAt.has(last + 1) &&
      isName(last + 1) &&
      gap(last, last + 1) === " "
    ) {
      last += 1;
    }
    const entity = thing(at, last);
    return entity && { entity, last };
  };

  const found: FoundRelation[] = [];
  for (let at = 1; at < tokens.length; at += 1) {
    const phrase = phraseAt(tokens, at, gap);
    const from = phrase && before(at);
    if (!phrase || !from) continue;
    let next = phrase.next;
    const isFiller = (folded = ""): boolean => relationFillers.has(folded) || kindWords.has(folded);
    for (let fillers = 0; fillers < mostFillers && isFiller(tokens[next]?.folded); fillers += 1) next += 1;
    if (sentenceEnd.test(gap(phrase.last, next))) continue;
    for (let count = 0; count < mostOfList; count += 1) {
      const named = after(next);
      if (!named) break;
      if (named.entity.type !== from.type || named.entity.name !== from.name) {
        found.push({ kind: phrase.kind, from, to: named.entity });
      }
      const isJoined = listWords.has(tokens[named.last + 1]?.folded ?? "");
      if (
        !isJoined &&
        gap(named.last, named.last + 1)
          .trim()
          .replace(/[`"']/g, "") !== ","
      )
        break;
      next = named.last + (isJoined ? 2 : 1);
    }
  }
  return found;
};

/** The phrase that begins at a token; a Hebrew preposition at its end may be written together with the name. */
const phraseAt = (
  tokens: readonly Token[],
  at: number,
  gap: (left: number, right: number) => string,
): { readonly kind: EdgeKind; readonly last: number; readonly next: number } | undefined => {
  for (const { kind, words } of byFirst.get(tokens[at]?.folded ?? "") ?? []) {
    let last = at;
    let next = at + 1;
    const fits = words.every((wanted, index) => {
      const token = tokens[at + index];
      if (!token || (index > 0 && sentenceEnd.test(gap(at + index - 1, at + index)))) return false;
      last = at + index;
      next = last + 1;
      if (token.folded === wanted) return true;
      if (index === 0 || !/^[\u05d0-\u05ea]$/.test(wanted) || !token.folded.startsWith(wanted)) return false;
      last = at + index - 1;
      next = at + index;
      return true;
    });
    if (fits) return { kind, last, next };
  }
  return undefined;
};

/** The entities by the first and by the last token that they cover; the longer one where two begin together. */
const entitiesByToken = (
  tokens: readonly Token[],
  entities: readonly FoundEntity[],
): ReadonlyMap<number, { readonly entity: Entity; readonly last: number }> => {
  const byToken = new Map<number, { readonly entity: Entity; readonly last: number }>();
  const sorted = [...entities].sort((one, other) => one.start - other.start || other.end - one.end);
  let at = 0;
  for (const entity of sorted) {
    while (at < tokens.length && (tokens[at]?.end ?? 0) <= entity.start) at += 1;
    let last = at;
    while (last + 1 < tokens.length && (tokens[last + 1]?.start ?? 0) < entity.end) last += 1;
    if (at >= tokens.length || (tokens[at]?.start ?? 0) >= entity.end) continue;
    if (!byToken.has(at)) byToken.set(at, { entity, last });
    if (!byToken.has(last)) byToken.set(last, { entity, last });
  }
  return byToken;
};
