/** A word in Latin script without diacritics. */
export const foldMarks = (word: string): string =>
  /[^\p{ASCII}]/u.test(word) ? word.replaceAll("ł", "l").normalize("NFD").replace(/\p{M}/gu, "") : word;
