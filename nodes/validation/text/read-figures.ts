import { numberWord } from "./number-words.ts";
import { fractionAt, fractionBehind } from "./read-fractions.ts";
import type { Token } from "./tokens.ts";

/** A number at a place in a text, before its unit is read. */
export interface Figure {
  readonly values: readonly number[];
  readonly step: number;
  readonly ordinal: boolean;
  readonly spelled: boolean;
  /** Index of the token after it. */
  readonly to: number;
}

/** The values that a token of digits may stand for: `2,340` is 2340 or 2.34, `1 234,5` only 1234.5. */
export const digitValues = (written: string): { values: number[]; step: number } => {
  const bare = written.replace(/[ \u00a0\u202f\u2009'’]/g, "");
  const groups = bare.split(/[.,]/);
  const fraction = groups.at(-1) ?? "";
  if (groups.length === 1) return { values: [Number(bare)], step: 1 };
  const marks = new Set(bare.match(/[.,]/g));
  const values = new Set<number>();
  const isGrouped = groups.slice(1).every((group) => group.length === 3) && (groups[0]?.length ?? 9) <= 3;
  const hasFraction =
    groups.length === 2 || (marks.size > 1 && groups.slice(1, -1).every((group) => group.length === 3));
  if (marks.size === 1 && isGrouped && groups[0] !== "0") values.add(Number(groups.join("")));
  if (hasFraction) values.add(Number(`${groups.slice(0, -1).join("")}.${fraction}`));
  // Versions: one number of their own, so that 2.14.0 is not 2.41.0.
  if (values.size === 0) return { values: [groups.reduce((sum, group) => sum * 1_000 + Number(group), 0)], step: 1 };
  return { values: [...values], step: hasFraction && !(isGrouped && values.size > 1) ? 10 ** -fraction.length : 1 };
};

const isAnd = (word: string): boolean =>
  word === "and" || word === "i" || word === "та" || word === "і" || word === "й";
const suffix = /^(?:st|nd|rd|th|го|й|ій|ї|та|ша|га|тя|а|е|ту|му)$/;

/**
 * The number that begins at a token: digits with a scale word behind ("1,2 mln", "12k"), or a run of number words
 * ("one hundred and five", "dwadzieścia jeden", "עשרים ואחת", "two and a half").
 */
export const figureAt = (tokens: readonly Token[], at: number): Figure | undefined => {
  const token = tokens[at];
  if (token?.kind !== "number" && token?.kind !== "word") return undefined;
  const part = fractionAt(tokens, at);
  if (part) {
    // "half a million"
    const scaleAt = /^(?:a|of)$/.test(tokens[part.to]?.lower ?? "") ? part.to + 1 : part.to;
    const scale = numberWord(tokens[scaleAt]?.lower ?? "");
    const isScaled = scale?.kind === "scale" && !scale.ordinal && (tokens[scaleAt]?.lower.length ?? 0) > 1;
    const size = isScaled ? scale.value : 1;
    const to = isScaled ? scaleAt + 1 : part.to;
    return { values: [part.value * size], step: part.step * size, ordinal: false, spelled: true, to };
  }
  const whole = token.kind === "number" ? digitsAt(tokens, at, token) : wordsAt(tokens, at);
  if (whole === undefined || whole.ordinal || whole.step !== 1) return whole;
  const behind = fractionBehind(tokens, whole.to);
  return behind
    ? { ...whole, values: whole.values.map((value) => value + behind.value), step: behind.step, to: behind.to }
    : whole;
};

const digitsAt = (tokens: readonly Token[], at: number, token: Token): Figure => {
  const { values, step } = digitValues(token.text);
  const next = tokens[at + 1];
  const touches = next?.start === token.end;
  if (next?.kind === "word") {
    const hasMark = !touches || next.lower.length > 1;
    const scale = numberWord(next.lower);
    // A lone "m" or "k" counts only when it touches the digits; a lone "m" is as often metres and left alone.
    const isScale =
      scale?.kind === "scale" && !scale.ordinal && next.lower !== "m" && (hasMark ? next.lower !== "k" : true);
    if (isScale && scale)
      return {
        values: values.map((value) => value * scale.value),
        step: step * scale.value,
        ordinal: false,
        spelled: false,
        to: at + 2,
      };
    if (touches && suffix.test(next.lower)) return { values, step, ordinal: true, spelled: false, to: at + 2 };
  }
  if (next?.text === "-" && touches && tokens[at + 2]?.start === next.end && suffix.test(tokens[at + 2]?.lower ?? ""))
    return { values, step, ordinal: true, spelled: false, to: at + 3 };
  return { values, step, ordinal: false, spelled: false, to: at + 1 };
};

const wordsAt = (tokens: readonly Token[], at: number, nested = false): Figure | undefined => {
  let index = at;
  let total = 0;
  let current: number | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  let step = 1;
  let ordinal = false;
  let previous = "";
  while (index < tokens.length && index - at < 24) {
    const token = tokens[index];
    if (token === undefined || token.kind !== "word") {
      // The hyphen of "twenty-one".
      if (
        token?.text === "-" &&
        current !== undefined &&
        numberWord(tokens[index + 1]?.lower ?? "")?.kind === "unit" &&
        lowest >= 20
      ) {
        index += 1;
        continue;
      }
      break;
    }
    const word = token.lower;
    if (current !== undefined && isAnd(word)) {
      const after = numberWord(tokens[index + 1]?.lower ?? "");
      if (after === undefined || after.ordinal || lowest < 100 || after.value >= lowest) break;
      index += 1;
      continue;
    }
    const found = numberWord(word);
    if (found === undefined || (found.kind !== "unit" && /^[km]$/.test(word))) break;
    // "półtora", and what is no part of a whole number.
    if (found.kind === "fraction") {
      if (current !== undefined) break;
      const scale = numberWord(tokens[index + 1]?.lower ?? "");
      const of = scale?.kind === "scale" ? scale.value : 1;
      return {
        values: [found.value * of],
        step: 0.1 * of,
        ordinal: false,
        spelled: true,
        to: index + (of > 1 ? 2 : 1),
      };
    }
    // Hebrew joins the parts of a number by "and"; other prefixes begin something new ("עשרים לשלוש").
    if (
      current !== undefined &&
      /^[בלמכה]/.test(word) &&
      numberWord(word.slice(1)) &&
      !/^(?:מאות|מאתיים|מאה)$/.test(word)
    )
      break;
    if (found.kind === "scale") {
      total += (current ?? 1) * found.value;
      current = 0;
      step = found.value;
      lowest = found.value;
    } else if (found.value === 100 && current !== undefined && current > 0 && current < 100) {
      current *= 100;
      lowest = 100;
    } else if (found.value === 10 && current !== undefined && lowest < 10 && current > 0 && /[א-ת]/.test(previous)) {
      current += 10; // "אחת עשרה"
      lowest = 1;
    } else if (current === undefined || (found.value < lowest && joins(lowest, found.value))) {
      current = (current ?? 0) + found.value;
      lowest = found.value;
      step = 1;
    } else break;
    previous = word;
    ordinal = found.ordinal;
    index += 1;
    // An ordinal ends its number, except a ten before a unit ("dwudziestego pierwszego", "twenty-first").
    if (ordinal && found.kind !== "ten") break;
  }
  if (current === undefined) return undefined;
  // "eighty-one point six", "dwa przecinek pięć", "שתיים נקודה חמש".
  if (/^(?:point|przecinek|кома|נקודה)$/.test(tokens[index]?.lower ?? "")) {
    const places = tokens[index + 1]?.kind === "number" ? undefined : wordsAt(tokens, index + 1, true);
    const [part = -1] = places?.values ?? [];
    if (places && part >= 0 && part < 1_000)
      return {
        values: [Number(`${total + current}.${part}`)],
        step: 10 ** -String(part).length,
        ordinal: false,
        spelled: true,
        to: places.to,
      };
  }
  // Prices and times are said as two numbers: "four fifty-five".
  const [whole, cents] = [
    total + current,
    ordinal || index === at + 24
      ? undefined
      : tokens[index]?.kind === "word" && !isAnd(tokens[index]?.lower ?? "") && !nested
        ? wordsAt(tokens, index, true)
        : undefined,
  ];
  const [part = 0] = cents?.values ?? [];
  if (cents && !cents.ordinal && whole < 1_000 && Number.isInteger(part) && part >= 10 && part < 100)
    return { values: [whole + part / 100, whole], step: 0.01, ordinal: false, spelled: true, to: cents.to };
  return { values: [total + current], step, ordinal, spelled: true, to: index };
};

/** Whether a smaller number may follow: hundreds take anything below, tens only units, scales anything. */
const joins = (lowest: number, value: number): boolean =>
  lowest >= 1_000 ? value < 1_000 : lowest >= 100 ? value < 100 : lowest >= 20 && value > 0 && value < 10;
