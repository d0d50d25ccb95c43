import type { BigNumber } from "mathjs";

const significantDigits = 12;

/**
 * A number in the locale's format: whole numbers in full up to 30 digits, others with at most 12 significant digits, very
 * large and very small ones as a power of ten. `exact` says whether nothing was rounded away.
 */
export const formatNumber = (
  value: BigNumber,
  locale: string,
  digits = significantDigits,
): { text: string; exact: boolean } => {
  // `-0` is nobody's answer.
  if (value.isZero()) return { text: "0", exact: true };
  const whole = value.isInteger() && value.e < 30;
  const rounded = whole ? value : value.toSignificantDigits(digits);
  const exact = rounded.equals(value);
  if (!whole && (rounded.e > 20 || rounded.e < -6)) {
    const power = rounded.e;
    const factor = rounded.div(`1e${power}`);
    return { text: `${plain(factor.toFixed(), locale)} × 10^${power}`, exact };
  }
  return { text: plain(rounded.toFixed(), locale), exact };
};

// A decimal string keeps its digits in Intl; a number would lose those beyond 2^53.
const plain = (decimal: string, locale: string): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }).format(decimal as Intl.StringNumericLiteral);
