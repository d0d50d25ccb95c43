/** The phrases of one entry of a lexicon, written one after another with commas between them. */
export const phrases = (list: string): readonly string[] =>
  list
    .split(",")
    .map((phrase) => phrase.replace(/\s+/g, " ").trim())
    .filter((phrase) => phrase !== "");
