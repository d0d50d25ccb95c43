const limit = 512;

/** Splits at `|` outside brackets. */
const alternatives = (text: string): string[] => {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === "(" || letter === "[") depth += 1;
    else if (letter === ")" || letter === "]") depth -= 1;
    else if (letter === "|" && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
};

/** The place of the bracket that closes the one at `open`; the end when none does. */
const closing = (text: string, open: number): number => {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "(" || text[at] === "[") depth += 1;
    else if (text[at] === ")" || text[at] === "]") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return text.length;
};

const expandSequence = (text: string): string[] => {
  const open = text.search(/[([]/);
  if (open < 0) return [text];
  const close = closing(text, open);
  const inner = alternatives(text.slice(open + 1, close)).flatMap(expandSequence);
  const choices = text[open] === "[" ? [...inner, ""] : inner;
  const before = text.slice(0, open);
  const rest = expandSequence(text.slice(close + 1));
  const expanded: string[] = [];
  for (const choice of choices)
    for (const end of rest) {
      expanded.push(`${before}${choice}${end}`);
      if (expanded.length >= limit) return expanded;
    }
  return expanded;
};

/**
 * Every way to read a phrase with `(a|b)` choices and `[x]` options, also inside words: `lamp(a|ę)`, `Salon[ie|u]`.
 * Without brackets and bars it is the phrase itself. At most 512, in the order written.
 */
export const expandPhrase = (phrase: string): readonly string[] => [
  ...new Set(
    alternatives(phrase)
      .flatMap(expandSequence)
      .map((text) => text.replace(/\s+/gu, " ").trim())
      .filter((text) => text !== ""),
  ),
];
