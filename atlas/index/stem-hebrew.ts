/** Letters that stand for words before a Hebrew word: and, in, as, to, from, that, the. */
const prefixes = new Set("ובכלמשה");
const mostPrefixes = 2;
const fewestLettersLeft = 3;

/** A Hebrew word without the one or two words written together with its beginning. Endings stay: cutting them made recall no better. */
export const stemHebrew = (word: string): string => {
  if (!/^[\u05d0-\u05ea]+$/.test(word)) return word;
  let cut = 0;
  while (cut < mostPrefixes && word.length - cut > fewestLettersLeft && prefixes.has(word[cut] ?? "")) cut += 1;
  return word.slice(cut);
};
