const word = /[\p{L}\p{N}]+/gu;

/** The words of a text in lower case. */
export const wordsOf = (text: string): string[] => text.toLowerCase().normalize("NFC").match(word) ?? [];

/** Letters that Hebrew writes together with the next word. */
const glued = [/^[ובלהמשכ](?=[\u05d0-\u05ea]{2})/, /^[ובלהמשכ]{2}(?=[\u05d0-\u05ea]{2})/];

/** Whether a word is another with one or two letters glued to it: המנורה and מנורה, not only נורה. */
const isGlued = (long: string, short: string): boolean => glued.some((letters) => long.replace(letters, "") === short);

const endings = /^\p{L}{0,3}$/u;

/** Whether two words are one, perhaps in another case or number: lampa and lampę, המנורה and מנורה. */
export const isSameWord = (one: string, other: string): boolean => {
  if (one === other) return true;
  if (/[\u05d0-\u05ea]/.test(one)) return isGlued(one, other) || isGlued(other, one);
  let common = 0;
  while (common < one.length && one[common] === other[common]) common += 1;
  return (
    common >= 3 &&
    common >= Math.max(one.length, other.length) - 3 &&
    endings.test(one.slice(common)) &&
    endings.test(other.slice(common))
  );
};
