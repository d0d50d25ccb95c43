/** Longer words are cut: nobody asks for them. */
const longestWord = 64;

/** Words of a text in order, in lower case: letters, digits, marks, and apostrophes inside. Linear in the text's length. */
export const splitWords = (text: string): string[] => {
  const plain = text
    .normalize("NFKC")
    .toLowerCase()
    // Hebrew is written with and without points.
    .replace(/[\u0591-\u05c7]/g, "")
    .replace(/(?<=\p{L})["'’‘״׳`´”“ʼ](?=\p{L})/gu, "'");
  const words = plain.match(/[\p{L}\p{N}\p{M}]+(?:'[\p{L}\p{N}\p{M}]+)*/gu) ?? [];
  return words.map((word) => (word.length > longestWord ? word.slice(0, longestWord).toWellFormed() : word));
};
