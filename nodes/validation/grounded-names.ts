import { wordFlags } from "../../platform/egress/recognisers/names/word-table.ts";
import { personName } from "../../platform/egress/recognisers/person-name.ts";
import { isAirportOf } from "./airport-names.ts";
import { isCountry } from "./country-names.ts";
import { codeAt } from "./facts/name-table.ts";
import type { Ground } from "./ground.ts";
import { unknownHebrewName, unknownHebrewTitle } from "./hebrew-people.ts";
import type { KnownNames } from "./known-names.ts";
import { isCalendarWord } from "./text/is-calendar-word.ts";
import { numberWord } from "./text/number-words.ts";
import { isPolite } from "./text/polite-words.ts";
import { plainText, type Token, tokensOf } from "./text/tokens.ts";
import { unitNamed } from "./text/units.ts";

/** What kinds of names a rule looks at. */
export type NameKind = "link" | "code" | "name";

const links =
  /https?:\/\/[^\s<>"'()[\]]+|(?<![\p{L}\p{N}@.])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+|(?<![\p{L}\p{N}@./])(?:[a-z0-9-]{1,63}\.)+(?:com|org|net|io|eu|pl|ua|il|de|uk|gov|info|dev|app)(?![\p{L}\p{N}])/giu;

/** Figures with capitals behind them, as plates and codes have: 902PA. */
const plates = /(?<![\p{L}\p{N}.,:-])\d{2,6}[A-Z]{2,4}(?![\p{L}\p{N}])/gu;

const allowed = new Set(
  `i i'm i've i'll i'd ok okay tv am pm utc gmt cet cest est edt pst pdt eet eest iata icao metar usa us uk eu un id ip url api cpu ram gpu ssd http https sms mms pdf ai
   celsius fahrenheit kelvin bluetooth wifi wi-fi internet google athena home assistant mr mrs ms dr prof sir madam
   п нбу єс сша тв північ південь схід захід
   north south east west northern southern eastern western central english polish ukrainian hebrew british american german french italian spanish european israeli christmas easter new year eve
   polski polska ukraina europa europie unii monday tuesday fed`.split(/\s+/),
);

const longestRead = 20_000;

const isUpper = (text: string): boolean => /^\p{Lu}/u.test(text);

/** A name, code or address of a sentence that nothing known has; undefined when all are known. */
export const unknownName = (
  sentence: string,
  ground: Ground,
  known: KnownNames,
  kinds: ReadonlySet<NameKind>,
): string | undefined => {
  const text = plainText(sentence);
  const withoutLinks = text.replace(links, " ");
  if (kinds.has("link"))
    for (const [link] of text.matchAll(links))
      if (
        !known.hasText(
          link
            .replace(/[.,;:!?]+$/, "")
            .replace(/\/$/, "")
            .toLowerCase(),
        )
      )
        return link;
  const read = ground.read(sentence);
  const isRead = read.plain === withoutLinks && withoutLinks.length <= longestRead;
  const tokens = isRead ? read.tokens : tokensOf(withoutLinks.slice(0, longestRead));
  if (kinds.has("code")) {
    for (let at = 0; at < tokens.length; at += 1) {
      const code = codeAt(tokens, at);
      if (
        code === undefined ||
        !/^c:[a-z]{1,6}\d+[a-z]?$/.test(code.key) ||
        /^c:(?:e\d+|v\d+|us\d+|h\d|q\d)$/.test(code.key)
      )
        continue;
      const compact = code.key.slice(2);
      if (!isKnownCode(compact, known))
        return tokens
          .slice(at, at + code.length)
          .map((token) => token.text)
          .join("");
    }
  }
  // Only where such codes are known: "11PM" and "64GB" are none.
  if (kinds.has("code") && hasPlates(known))
    for (const [plate] of withoutLinks.matchAll(plates)) {
      const letters = plate.replace(/\d+/, "").toLowerCase();
      if (!unitNamed(letters) && !allowed.has(letters) && !known.hasText(plate.toLowerCase())) return plate;
    }
  if (!kinds.has("name")) return undefined;
  const names = isRead ? read.names : ground.facts.names.namesAt(tokens, withoutLinks);
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    if (token.kind !== "word") continue;
    const place = names.get(at)?.find((key) => key.startsWith("p:"));
    if (place !== undefined && (isUpper(token.text) || /[א-ת]/.test(token.text))) {
      if (known.places.has(place) || known.has(token.lower)) continue;
      const isTold = /[א-ת]/.test(token.text) ? /^[במל]/.test(token.text) && token.text.length > 5 : true;
      if (known.places.size > 0 && isTold) return token.text;
    }
    if (!isUpper(token.text) || token.lower.length < 3 || allowed.has(token.lower)) continue;
    const isShouted = shouted.test(token.text);
    if (opens(tokens, at, withoutLinks) && !isShouted && !isFamiliarName(known.flagsOf(token.text))) continue;
    if (isCalendarWord(token.lower) || numberWord(token.lower) || unitNamed(token.lower)) continue;
    if ((isShouted ? known.hasExactly(token.text) : known.has(token.lower)) || isCountry(token.lower)) continue;
    if (isPolite(token.lower)) continue;
    if (isShouted && (known.hasInitials(token.text) || isAirportOf(token.text, known.texts, known.has))) continue;
    return token.text;
  }
  const hebrew = /[א-ת]/.test(text) ? (unknownHebrewName(tokens, known) ?? unknownHebrewTitle(text, known)) : undefined;
  if (hebrew !== undefined) return hebrew;
  // Names of people that no capital gives away: at the head of a sentence, and in Hebrew.
  for (const { start, end } of personName.find(text.slice(0, 8_000), () => undefined)) {
    const words = text.slice(start, end).match(/\p{L}[\p{L}\p{M}'’ʼ]+/gu) ?? [];
    for (const [index, word] of words.entries()) {
      // What only opens the sentence is taken along: "Napisał Julii".
      const opensAlone = words.length === 1 && text.slice(0, start).trim() === "";
      if (index === 0 && (words.length > 1 || opensAlone) && isUpper(word) && !isListedName(known.flagsOf(word)))
        continue;
      if (isCalendarWord(word.toLowerCase())) continue;
      if (word.length > 2 && !known.has(word) && !allowed.has(word.toLowerCase())) return word;
    }
  }
  return undefined;
};

const withPlates = new WeakMap<KnownNames, boolean>();
const hasPlates = (known: KnownNames): boolean => {
  const answer = withPlates.get(known) ?? known.texts.some((each) => each.length < 20_000 && each.search(plates) >= 0);
  withPlates.set(known, answer);
  return answer;
};

const shouted = /^\p{Lu}{3,}$/u;
const nameFlags = wordFlags.given | wordFlags.surname;

/** A word that the lists of people know. */
const isListedName = (flags: number): boolean => (flags & nameFlags) !== 0;

/** A given name of the languages spoken here that is no ordinary word: a name wherever it stands. */
const isFamiliarName = (flags: number): boolean =>
  (flags & wordFlags.familiar) !== 0 && (flags & (wordFlags.common | wordFlags.inflected)) === 0;

const isKnownCode = (compact: string, known: KnownNames): boolean =>
  known.hasText(compact) ||
  known.hasText(compact.replace(/^([a-z]+)(\d)/, "$1 $2")) ||
  known.hasText(compact.replace(/^([a-z]+)(\d)/, "$1-$2")) ||
  known.hasText(compact.replace(/^([a-z]+)(\d)/, "$1_$2"));

/** Whether a capital only opens a sentence, a line, a quotation or a list item. */
const opens = (tokens: readonly Token[], at: number, text: string): boolean => {
  const token = tokens[at] as Token;
  const before = text.slice(Math.max(0, token.start - 4), token.start);
  return before.trim() === ""
    ? token.start < 4 || before.includes("\n")
    : /(?:[.!?:…\n•*#"“„«‘()[\]|>–—]|(?<=^|\s)-)\s*$/u.test(before);
};
