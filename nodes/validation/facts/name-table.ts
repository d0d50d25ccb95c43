import { homeWord, sideWord } from "../text/home-words.ts";
import { skeletonOf } from "../text/names.ts";
import type { Token } from "../text/tokens.ts";
import { tokensOf } from "../text/tokens.ts";

/** A place named in a text; the same id in every language and case. */
export interface NamedPlace {
  readonly matched: string;
  readonly id: number;
}
export type FindPlaces = (text: string) => readonly NamedPlace[];

/** A place's key, and where its name begins in a text. */
interface PlaceAt {
  readonly start: number;
  readonly key: string;
}
const longestForPlaces = 4_000;
const mostTexts = 2_000;

const common = new Set(
  `the a an in on of to for and or is are was it he she they we you i next last live result match table news weather forecast current source today tomorrow flight season episode open closed main
   room door light lights switch sensor lamp temperature state status time date team city name price level battery w we na do z ze i o po za od u в у на до з із зі та і й по о за`.split(
    /\s+/,
  ),
);

const isUpper = (text: string): boolean => /^\p{Lu}/u.test(text);
const isHebrew = (text: string): boolean => /^[א-ת]/.test(text);
const stemOf = (lower: string): string => lower.slice(0, Math.max(4, lower.length - 2));

/** The key of a code (LO281, db-02, OPS-2231) that begins at a token, and how many tokens it has. */
export const codeAt = (tokens: readonly Token[], at: number): { key: string; length: number } | undefined => {
  const first = tokens[at];
  if (first?.kind !== "word" && first?.kind !== "number") return undefined;
  if (tokens[at - 1]?.end === first.start && tokens[at - 1]?.kind !== "mark") return undefined;
  let text = first.lower;
  let index = at + 1;
  while (index - at < 8 && tokens[index]?.start === tokens[index - 1]?.end) {
    const token = tokens[index] as Token;
    const isJoint =
      /^[-_/.]$/.test(token.text) && tokens[index + 1]?.start === token.end && tokens[index + 1]?.kind !== "mark";
    if (token.kind === "mark" && !isJoint) break;
    text += token.lower;
    index += 1;
  }
  if (index === at + 1) {
    // "BA 846": letters in capitals, then figures. Else one token has no both.
    const isSpaced =
      first.kind === "word" &&
      first.text.length === 2 &&
      /^[A-Z]{2}$/.test(first.text) &&
      /^\d{2,4}$/.test(tokens[index]?.text ?? "");
    return isSpaced ? { key: `c:${first.lower}${tokens[index]?.text}`, length: 2 } : undefined;
  }
  if (/^(?:q\d|h[12]|v\d+|e\d{1,2}|p\d\d|\d+)$/.test(text)) return undefined;
  const isCode = /[a-z]/.test(text) && /\d/.test(text) && first.kind === "word";
  return isCode ? { key: `c:${text.replace(/[-_ ]/g, "")}`, length: index - at } : undefined;
};

/** The names that evidence speaks of. Made while facts are read, then asked for the words of answers. */
export const createNameTable = (findPlaces: FindPlaces | undefined) => {
  const bones = new Map<string, string>();
  const stems = new Map<string, string>();
  const remember = (map: Map<string, string>, key: string, value: string) => {
    if (!map.has(key) && map.size < 20_000) map.set(key, value);
  };

  let places = new Map<string, readonly PlaceAt[]>();
  /** The places that a text names; several rules ask for the same sentence, and data repeat their texts. */
  const placesIn = (text: string): readonly PlaceAt[] => {
    if (findPlaces === undefined || text.length > longestForPlaces) return [];
    const known = places.get(text);
    if (known) return known;
    let from = 0;
    const found = findPlaces(text).flatMap(({ matched, id }): PlaceAt[] => {
      const start = text.indexOf(matched, from);
      if (start < 0) return [];
      from = start + matched.length;
      return [{ start, key: `p:${id}` }];
    });
    if (places.size >= mostTexts) places = new Map();
    places.set(text, found);
    return found;
  };

  /** Keys at each token of a text. */
  const namesAt = (tokens: readonly Token[], text?: string): ReadonlyMap<number, readonly string[]> => {
    const found = new Map<number, string[]>();
    const put = (at: number, key: string) => found.set(at, [...(found.get(at) ?? []), key]);
    for (let at = 0; at < tokens.length; at += 1) {
      const token = tokens[at] as Token;
      const code = codeAt(tokens, at);
      if (code) put(at, code.key);
      if (token.kind !== "word") continue;
      const home = homeWord(token.lower);
      if (home) put(at, `h:${home}`);
      const side = sideWord(token.lower, () => tokens.slice(at + 1, at + 3).map(({ lower }) => lower));
      if (side) put(at, `h:${side}`);
      if (common.has(token.lower)) continue;
      const key = keyOf(token);
      if (key) put(at, key);
    }
    if (text !== undefined)
      for (const { start, key } of placesIn(text)) {
        const at = tokens.findIndex((token) => token.end > start);
        if (at >= 0) put(at, key);
      }
    return found;
  };
  const keyOf = (token: Token): string | undefined => {
    const stem = stems.get(stemOf(token.lower));
    if (stem !== undefined && token.lower.length >= 3) return stem;
    if (!isUpper(token.text) && !isHebrew(token.text)) return undefined;
    const bare =
      isHebrew(token.text) && token.lower.length > 3 && /^[ובלמהש]/.test(token.lower)
        ? [
            token.lower,
            token.lower.slice(1),
            ...(/^ו[בלמהש]/.test(token.lower) && token.lower.length > 4 ? [token.lower.slice(2)] : []),
          ]
        : [token.lower];
    for (const word of bare) {
      const skeleton = skeletonOf(word);
      if (skeleton.length < 2) continue;
      const key =
        bones.get(skeleton) ??
        (skeleton.length > 3 ? bones.get(skeleton.slice(0, -1)) : undefined) ??
        (skeleton.length > 4 ? bones.get(skeleton.slice(0, -2)) : undefined);
      if (key !== undefined) return key;
    }
    return undefined;
  };
  return {
    namesAt,
    placesIn,
    /** Learns the names in a text: of data, every word of it; of prose, what is written like a name. */
    learn(text: string, isData: boolean): void {
      for (const [at, token] of tokensOf(text).entries()) {
        // A capital that opens a sentence tells nothing.
        if (!isData && (at === 0 || /[.!?:\n]\s*$/.test(text.slice(Math.max(0, token.start - 3), token.start))))
          continue;
        if (token.kind !== "word" || common.has(token.lower) || token.lower.length < 2) continue;
        if (!isData && !isUpper(token.text)) continue;
        const skeleton = skeletonOf(token.lower);
        const key = `n:${skeleton.length >= 2 ? skeleton : token.lower}`;
        if (isData && token.lower.length >= 3) remember(stems, stemOf(token.lower), key);
        if (skeleton.length < 2) continue;
        remember(bones, skeleton, key);
        if (skeleton.length >= 4) remember(bones, skeleton.slice(0, -1), key);
      }
    },
  };
};

export type NameTable = ReturnType<typeof createNameTable>;
