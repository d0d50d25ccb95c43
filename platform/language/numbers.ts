/** A number found in a text. `value` of a percentage is the figure before the sign (17 for `17 %`). */
export interface FoundNumber {
  readonly value: number;
  readonly isPercent: boolean;
  readonly start: number;
  readonly end: number;
}

// Digits in groups of three or in one run, then a fraction. Spaces group only before exactly three digits.
const figure =
  /(?<![\p{L}\p{N}_.,])([-−+]?)((?:\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?!\d)|\d+)(?:[.,]\d+)*)(\s?%)?(?![\p{L}\p{N}_])/gu;

const usesDecimalComma = (locale: string): boolean =>
  /^(pl|uk|ru|cs|sk|de|fr|es|it|pt|nl|sv|da|nb|fi|hu|ro|bg|tr)\b/i.test(locale);

/**
 * Numbers in a text, in order, read by the locale's marks: `2,340` is 2340 in en and he, 2.34 in pl and uk. A mark that
 * cannot be what the locale says (`2,34` in en, `1.234.567` in pl) is read as what it can be. Codes (`LO281`) are no numbers.
 */
export const findNumbers = (text: string, locale: string): FoundNumber[] => {
  const found: FoundNumber[] = [];
  for (const match of text.matchAll(figure)) {
    const value = readDigits(match[2] ?? "", locale);
    if (value === undefined) continue;
    const sign = match[1] === "-" || match[1] === "−" ? -1 : 1;
    found.push({
      value: sign * value,
      isPercent: match[3] !== undefined,
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  return found;
};

/** The number that a whole text writes (surrounding spaces allowed); undefined when it writes anything else. */
export const parseNumber = (text: string, locale: string): number | undefined => {
  const trimmed = text.trim();
  const only = findNumbers(trimmed, locale)[0];
  return only && only.start === 0 && only.end === trimmed.length ? only.value : undefined;
};

const readDigits = (written: string, locale: string): number | undefined => {
  const bare = written.replace(/[ \u00a0\u202f'’]/g, "");
  const hasGroups = bare.length !== written.length;
  const marks = bare.match(/[.,]/g) ?? [];
  const last = Math.max(bare.lastIndexOf("."), bare.lastIndexOf(","));
  const lastMark = bare[last];
  const asDecimal = () => Number(`${bare.slice(0, last).replace(/[.,]/g, "")}.${bare.slice(last + 1)}`);
  if (marks.length === 0) return Number(bare);
  if (marks.length === 1) {
    const decimalMark = usesDecimalComma(locale) ? "," : ".";
    const couldGroup = !hasGroups && /^\d{1,3}[.,]\d{3}$/.test(bare) && !bare.startsWith("0");
    // A point before three digits stays a fraction where the comma is the decimal mark: there, spaces group.
    return lastMark !== decimalMark && couldGroup && lastMark === "," ? Number(bare.replace(",", "")) : asDecimal();
  }
  const groupsFit = (digits: string) => /^\d{1,3}(?:[.,]\d{3})+$/.test(digits);
  if (marks.every((mark) => mark === lastMark)) return groupsFit(bare) ? Number(bare.replace(/[.,]/g, "")) : undefined;
  const before = bare.slice(0, last);
  return groupsFit(before) && !before.includes(lastMark ?? "") ? asDecimal() : undefined;
};

const formats = new Map<string, Intl.NumberFormat>();

/** A number as people of the locale write it, with at most `decimals` places (default 10, no trailing zeros). */
export const formatNumber = (value: number, locale: string, decimals = 10): string => {
  const key = `${locale}/${decimals}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { maximumFractionDigits: decimals });
    if (formats.size < 200) formats.set(key, format);
  }
  return format.format(value);
};
