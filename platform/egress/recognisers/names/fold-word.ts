const plain = /^[a-z]+$/;
const letters: Readonly<Record<string, string>> = {
  ł: "l",
  ø: "o",
  đ: "d",
  ð: "d",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ı: "i",
  þ: "th",
  ħ: "h",
  ŧ: "t",
  ґ: "г",
  ё: "е",
};

/**
 * The form in which words of names are compared: lower case, Latin letters without marks, no apostrophes. Cyrillic keeps й
 * and ї, which are letters of their own, Hebrew loses its points.
 */
export const foldWord = (word: string): string => {
  const lower = word.toLowerCase();
  if (plain.test(lower)) return lower;
  return lower
    .replace(/['’‘`ʼʹʻ׳״".]/g, "")
    .normalize("NFD")
    .replace(/(?<![\u0400-\u04ff])\p{M}|[\u0300\u0301]/gu, "")
    .normalize("NFC")
    .replace(/[łøđðßæœıþħŧґё]/g, (letter) => letters[letter] ?? letter);
};
