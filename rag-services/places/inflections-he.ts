/**
 * Words that a Hebrew word may be with its particles taken off (ב in, ל to, מ from, ה the, ו and, ש that, כ as), at most
 * two of them; not the word itself. A doubled ו inside a prefixed word stands for one: בוורשה → ורשה.
 */
export const hebrewLemmas = (word: string): readonly string[] => {
  const found = new Set<string>();
  for (const length of [1, 2]) {
    if (!/^[בלמהושכ]+$/.test(word.slice(0, length))) break;
    const rest = word.slice(length);
    if (rest.length < 2) break;
    found.add(rest);
    if (rest.startsWith("וו")) found.add(rest.slice(1));
  }
  return [...found];
};
