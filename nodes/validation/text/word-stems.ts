import { contentStem } from "./content-words.ts";
import { tokensOf } from "./tokens.ts";

/** The content words of a text by their stems, each with the word as written in lower case. Identifiers are taken apart. */
export const stemsOf = (text: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  const plain = text
    .slice(0, 20_000)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/_/g, " ");
  for (const { kind, lower } of tokensOf(plain)) {
    const stem = kind === "word" ? contentStem(lower) : undefined;
    if (stem !== undefined) found.set(stem, lower);
  }
  return found;
};

/** A letter that begins a Hebrew word may be a small word of its own. */
const isPrefixed = (long: string, short: string): boolean =>
  long.length === short.length + 1 && /^[ובלמהשכ][א-ת]{3}/.test(long) && long.endsWith(short);

/** Whether two stems are of one word: one begins the other ("mam", "mami"). */
export const isSameStem = (left: string, right: string): boolean =>
  left === right ||
  isPrefixed(left, right) ||
  isPrefixed(right, left) ||
  (left.length < right.length
    ? left.length >= 3 && right.startsWith(left)
    : right.length >= 3 && left.startsWith(right));
