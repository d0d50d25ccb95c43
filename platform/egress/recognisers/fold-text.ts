/** Text as recognisers read it, and the way back to the original's offsets. */
export interface FoldedText {
  readonly text: string;
  /** Offset in the original of a folded character's start. */
  startOf(index: number): number;
  /** Offset in the original just behind a folded character. */
  endOf(index: number): number;
}

const ascii = /^\p{ASCII}*$/u;
const invisible = /\p{Default_Ignorable_Code_Point}/u;
const space = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;
const dash = /[\u2010-\u2015\u2212\ufe58\ufe63]/;
const digit = /\p{Nd}/u;
const digitValues = new Map<number, number>();

/** The value of a decimal digit of any script: Unicode keeps each ten together, in order, and five tens in mathematics. */
const digitValue = (codePoint: number): number => {
  const known = digitValues.get(codePoint);
  if (known !== undefined) return known;
  let before = codePoint;
  while (digit.test(String.fromCodePoint(before - 1)) && codePoint - before < 50) before -= 1;
  const value = (codePoint - before) % 10;
  digitValues.set(codePoint, value);
  return value;
};

const foldOne = (codePoint: number, character: string): string => {
  if (codePoint < 0x80) return character;
  if (invisible.test(character)) return "";
  if (space.test(character)) return " ";
  if (dash.test(character)) return "-";
  if (codePoint >= 0x660 && digit.test(character)) return String(digitValue(codePoint));
  // Full-width forms of ASCII.
  if (codePoint >= 0xff01 && codePoint <= 0xff5e) return String.fromCharCode(codePoint - 0xfee0);
  return character;
};

/**
 * Drops invisible characters and turns every script's digits, dashes, spaces and full-width letters into ASCII, so that
 * an identifier cannot hide behind them.
 */
export const foldText = (original: string): FoldedText => {
  if (ascii.test(original)) return { text: original, startOf: (index) => index, endOf: (index) => index + 1 };
  const starts = new Uint32Array(original.length);
  const ends = new Uint32Array(original.length);
  const parts: string[] = [];
  let length = 0;
  for (let at = 0; at < original.length; ) {
    const codePoint = original.codePointAt(at) ?? 0;
    const character = String.fromCodePoint(codePoint);
    const folded = foldOne(codePoint, character);
    for (let unit = 0; unit < folded.length; unit += 1) {
      starts[length] = at;
      ends[length] = at + character.length;
      length += 1;
    }
    parts.push(folded);
    at += character.length;
  }
  return { text: parts.join(""), startOf: (index) => starts[index] ?? 0, endOf: (index) => ends[index] ?? 0 };
};
