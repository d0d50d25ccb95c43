/** Text as patterns and the classifier see it, and where each of its characters came from. */
export interface FoldedText {
  readonly text: string;
  /** `starts[i]`: index in the original of what became character `i`; one more entry holds the original's length. */
  readonly starts: Int32Array;
}

// Letters that Unicode does not decompose, though people leave their stroke out.
const plain: Readonly<Record<string, string>> = { ł: "l", ø: "o", đ: "d", ß: "ss", æ: "ae", œ: "oe", ı: "i", ґ: "г" };

const foldCharacter = (character: string): string => {
  const lower = character
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();
  return plain[lower] ?? lower;
};

/** Case, width, ligatures and diacritics removed: `Kraków` and `KRAKOW` give `krakow`, `Їжак` gives `іжак`. Nothing else changes. */
export const foldText = (text: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test is for plain ASCII
  if (/^[\u0000-\u007f]*$/.test(text)) return text.toLowerCase();
  let folded = "";
  for (const character of text.normalize("NFC"))
    folded += character < "\u0080" ? character.toLowerCase() : foldCharacter(character);
  return folded;
};

const apostrophes = new Set(["'", "’", "‘", "ʼ", "`", "´", "׳", "״"]);
const kept = /^[\p{L}\p{N}%°+*/^=()<>$€£₪#@&×÷√-]$/u;
// What compatibility forms bring in beside letters and signs ("⒈" is "1.").
const notKept = /[^\p{L}\p{N}%°+*/^=()<>$€£₪#@&×÷√]/gu;
const isDigit = (character: string | undefined): boolean =>
  character !== undefined && character >= "0" && character <= "9";

/**
 * The canonical form in which phrases are matched: folded, one space between words, no punctuation (apostrophes vanish,
 * other marks become spaces), figures whole (`2,340`, `3.14`). Signs used in sums stay. Linear in the text's length.
 */
export const canonicalText = (original: string): FoldedText => {
  const starts: number[] = [];
  let text = "";
  let pendingSpace = -1;
  const put = (piece: string, at: number) => {
    if (pendingSpace >= 0 && text.length > 0) {
      text += " ";
      starts.push(pendingSpace);
    }
    pendingSpace = -1;
    text += piece;
    for (let index = 0; index < piece.length; index += 1) starts.push(at);
  };
  let at = 0;
  for (const character of original) {
    const here = at;
    at += character.length;
    if (apostrophes.has(character)) continue;
    const previous = pendingSpace >= 0 ? " " : (text.at(-1) ?? " ");
    if (isMarkInFigure(original, here, character) || isKept(previous, original[at], character)) {
      const folded = character < "\u0080" ? character.toLowerCase() : foldCharacter(character).replace(notKept, "");
      if (folded !== "") put(folded, here);
      continue;
    }
    if (!/^\p{M}$/u.test(character) && pendingSpace < 0) pendingSpace = here;
  }
  starts.push(original.length);
  return { text, starts: Int32Array.from(starts) };
};

const isMarkInFigure = (text: string, at: number, character: string): boolean =>
  (character === "." || character === "," || character === ":") && isDigit(text[at - 1]) && isDigit(text[at + 1]);

// A hyphen inside a word only joins it; elsewhere it may be a minus.
const isKept = (previous: string, next: string | undefined, character: string): boolean =>
  character === "-" ? !/\p{L}/u.test(previous) && isDigit(next) : kept.test(character);

/** The words of a text, folded: runs of letters and digits. */
export const wordsOf = (text: string): string[] =>
  foldText(text)
    .replace(/['’‘ʼ`´׳״]/g, "")
    .match(/[\p{L}\p{N}]+/gu) ?? [];
