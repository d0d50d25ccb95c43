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
  ė: "e",
  ґ: "г",
  ё: "е",
};

/**
 * The form in which names are compared: lower case, Latin letters without diacritics, Hebrew without points, hyphens and dots
 * as spaces, no apostrophes. Cyrillic keeps й and ї, which are letters of their own.
 */
export const foldName = (text: string): string => {
  if (/^[a-z ]*$/.test(text)) return text.trim().replace(/ +/g, " ");
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[łøđðßæœıþħŧґё]/g, (letter) => letters[letter] ?? letter)
    .replace(/(?<![\u0400-\u04ff])\p{M}|[\u0300\u0301]/gu, "")
    .normalize("NFC")
    .replace(/['’‘`ʼʹʻ׳״"]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
};
