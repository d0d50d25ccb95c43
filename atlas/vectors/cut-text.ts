/** Characters of one part: some paragraphs. Vectors of longer texts are near to everything and to nothing. */
const longestPart = 1_200;
/** Parts of one text, as many characters as full text takes. */
const mostParts = 84;

const breaks = ["\n\n", "\n", ". ", " "];

/** Where to cut inside the last half of the first part. */
const cutIn = (text: string): number => {
  for (const mark of breaks) {
    const at = text.lastIndexOf(mark, longestPart - mark.length);
    if (at > longestPart / 2) return at + mark.length;
  }
  return /[\ud800-\udbff]/.test(text.charAt(longestPart - 1)) ? longestPart - 1 : longestPart;
};

/** The parts of a text that are embedded one by one, in order; none for a text without letters and digits. */
export const cutText = (text: string): string[] => {
  const parts: string[] = [];
  let from = 0;
  while (from < text.length && parts.length < mostParts) {
    const piece = text.slice(from, from + longestPart + 1);
    const length = piece.length > longestPart ? cutIn(piece) : piece.length;
    const part = piece.slice(0, length).trim();
    if (/[\p{L}\p{N}]/u.test(part)) parts.push(part);
    from += length;
  }
  return parts;
};
