/** A figure of a text: the values it may stand for (one per number format), and how many decimals it shows. */
export interface Figure {
  readonly written: string;
  readonly values: readonly number[];
  readonly decimals: number;
  /** Whether a unit, currency or percent sign stands beside it: then it measures something and does not merely count. */
  readonly measured: boolean;
}

const unitAfter =
  /^\s?(?:°|%|‰|[$€£₴₪¥]|(?:km|m|cm|mm|ft|mi|kn|kt|kts|mph|hPa|mb|kg|g|lb|zł|PLN|USD|EUR|GBP|UAH|ILS|C|F|h|min|s)(?![\p{L}\p{N}]))/u;
const currencyBefore = /[$€£₴₪¥]\s?$/u;

// Digits with their group and decimal marks; a letter or digit on either side makes it a code (LO281, e3), not a figure.
const written =
  /(?<![\p{L}\p{N}_#@/.,-])[-−–+]?\d+(?:[.,'’\u00a0\u202f ]\d{3})*(?:[.,]\d+)?(?:[.,]\d+)*(?![\p{L}_]*\d)/gu;

/**
 * The figures in a text, in order. `2,340` stands for 2340 and for 2.34; `1 234,5` for 1234.5. Clock times and dates give
 * their parts. Linear in the text's length.
 */
export const figuresOf = (text: string): Figure[] => {
  const found: Figure[] = [];
  const latin = toLatinDigits(text);
  for (const match of latin.matchAll(written)) {
    const raw = match[0].replace(/^[-−–+]/, "");
    const end = match.index + match[0].length;
    const measured =
      unitAfter.test(latin.slice(end, end + 6)) ||
      currencyBefore.test(latin.slice(Math.max(0, match.index - 2), match.index));
    found.push({ written: match[0], ...readings(raw), measured });
  }
  for (const match of latin.matchAll(/(?<=\d)[:/.\-–](\d+)(?!\d)/g))
    found.push({ written: match[1] ?? "", ...readings(match[1] ?? ""), measured: false });
  return found;
};

const readings = (raw: string): { values: number[]; decimals: number } => {
  const bare = raw.replace(/[ \u00a0\u202f'’]/g, "");
  const values = new Set<number>();
  const separators = [...bare.matchAll(/[.,]/g)].map((match) => match[0]);
  const last = Math.max(bare.lastIndexOf("."), bare.lastIndexOf(","));
  let decimals = 0;
  if (separators.length === 0) values.add(Number(bare));
  else {
    const fraction = bare.slice(last + 1);
    const sameMark = separators.every((mark) => mark === separators[0]);
    if (separators.length === 1 || !sameMark) {
      values.add(Number(`${bare.slice(0, last).replace(/[.,]/g, "")}.${fraction}`));
      decimals = fraction.length;
    }
    if (
      sameMark &&
      bare
        .split(/[.,]/)
        .slice(1)
        .every((group) => group.length === 3)
    )
      values.add(Number(bare.replace(/[.,]/g, "")));
    // Dates and versions written with points: each part stands for itself.
    if (separators.length > 1) for (const part of bare.split(/[.,]/)) values.add(Number(part));
  }
  return { values: [...values].filter(Number.isFinite), decimals };
};

/** Arabic-Indic and full-width digits as ASCII digits; everything else unchanged. */
const toLatinDigits = (text: string): string =>
  text.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
