/** Groupings that are hardly used for anything but phone numbers, in digits per group. */
const dashedShapes = new Set([
  "3-4", // 668-5702
  "3-3-4",
  "1-3-3-4",
  "2-2-2-2",
  "2-2-2-2-2",
  "3-2-2",
  "3-3-3",
  "3-3-2-2",
  "4-3-3",
  "4-6",
  "5-6",
  "5-5",
  "2-4-4",
  "3-4-4",
  "2-3-4",
  "3-2-2-2",
  "1-2-2-2-2",
]);
/** The same where only spaces join: thousands and lists of figures are grouped by three too, so these are fewer. */
const spacedShapes = new Set([
  "3-4",
  "3-3-4",
  "1-3-3-4",
  "2-2-2-2-2",
  "3-2-2-2",
  "3-2-3",
  "3-3-2-2",
  "3-2-2",
  "4-3-3",
  "5-6",
  "2-4-4",
  "3-4-4",
  "4-4",
  "2-3-2-2",
  "2-3-4",
]);

/**
 * Whether a number without a country code is grouped as phone numbers are, though no table of numbering plans may know it:
 * an area code in parentheses, an extension, a leading nought, or a grouping that is used for little else.
 */
export const looksLikePhone = (bare: string, hasExtension: boolean): boolean => {
  const groups = bare.split(/\D+/).filter(Boolean);
  const digits = groups.join("").length;
  if (digits < 7 || digits > 15 || groups.length < 2) return hasExtension && digits >= 10 && digits <= 12;
  if (hasExtension && digits >= 9) return true;
  if (/^\(\d{1,5}\)[ -]{0,2}\d/.test(bare) && digits >= 8) return true;
  const startsWithZero = bare.startsWith("0");
  const shape = groups.map((group) => group.length).join("-");
  if (/^\d+(?:\.\d+)+$/.test(bare)) return shape === "3-3-4" || (startsWithZero && dashedShapes.has(shape));
  if (/^[\d ]+$/.test(bare)) {
    if (startsWithZero && groups.length <= 6 && digits >= 9) return true;
    return spacedShapes.has(shape) && !/^[12]\d{3} /.test(bare);
  }
  if (/^[\d -]+$/.test(bare)) {
    if (startsWithZero && digits >= 9 && groups.length <= 6) return true;
    return dashedShapes.has(shape) && !/^(?:19|20)\d\d-/.test(bare);
  }
  return false;
};
