import { isIsraeliId, isNip, isPesel, isRegon, isRnokpp } from "./checksums.ts";

/** US social security numbers have no check digit: the usual grouping, or the word before them, must tell. */
const isSsn = (digits: string, written: string, before: string): boolean => {
  // Taxpayer numbers that begin with 9 are written alike and as private.
  if (/^(?:000|666)/.test(digits) || digits.slice(3, 5) === "00" || digits.endsWith("0000")) return false;
  return /^\d{3}[ -]\d{2}[ -]\d{4}$/.test(written) || /(?:\bssn\b|social security)/i.test(before);
};

/**
 * Which national number digits are, told by length and check digit: PESEL, NIP, REGON, Israeli id, Ukrainian RNOKPP, US SSN.
 * `written` is how it stands in the text, `before` the text just before it.
 */
export const nationalIdKind = (digits: string, written: string, before: string): string | undefined => {
  switch (digits.length) {
    case 9:
      if (isSsn(digits, written, before)) return "SSN";
      return isIsraeliId(digits) ? "ID" : isRegon(digits) ? "REGON" : undefined;
    case 10:
      return isNip(digits) ? "NIP" : isRnokpp(digits) ? "TAX_ID" : undefined;
    case 11:
      return isPesel(digits) ? "PESEL" : undefined;
    default:
      return undefined;
  }
};
