import { isIsraeliId, isNip, isPesel, isRegon, isRnokpp } from "./checksums.ts";

/** US social security numbers have no check digit: the usual grouping, or the word before them, must tell. */
const isSsn = (digits: string, text: string, start: number, end: number): boolean => {
  // Taxpayer numbers that begin with 9 are written alike and as private.
  if (/^(?:000|666)/.test(digits) || digits.slice(3, 5) === "00" || digits.endsWith("0000")) return false;
  if (/^\d{3}[ -]\d{2}[ -]\d{4}$/.test(text.slice(start, end))) return true;
  return /(?:\bssn\b|social security)/i.test(text.slice(Math.max(0, start - 40), start));
};

/**
 * Which national number digits are, told by length and check digit: PESEL, NIP, REGON, Israeli id, Ukrainian RNOKPP, US SSN.
 * They stand in `text` from `start` to `end`.
 */
export const nationalIdKind = (digits: string, text: string, start: number, end: number): string | undefined => {
  switch (digits.length) {
    case 9:
      if (isSsn(digits, text, start, end)) return "SSN";
      return isIsraeliId(digits) ? "ID" : isRegon(digits) ? "REGON" : undefined;
    case 10:
      return isNip(digits) ? "NIP" : isRnokpp(digits) ? "TAX_ID" : undefined;
    case 11:
      return isPesel(digits) ? "PESEL" : undefined;
    default:
      return undefined;
  }
};
