/** A piece of a Markdown text; all pieces of a text joined are the text. */
export interface TextPart {
  readonly text: string;
  readonly isCode: boolean;
}

// In lists and quotes too; behind the fence its language, without a backtick.
const opening = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}(?=[^`]*$)|~{3,})/;
const closing = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/;

const isEscaped = (line: string, index: number): boolean => {
  let backslashes = 0;
  while (line[index - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
};

/** Where code begins and ends in one line: a run of backticks up to the next one of the same length; `\`` begins none. */
const spansOf = (line: string): readonly (readonly [number, number])[] => {
  const runs = [...line.matchAll(/`+/g)].map(({ 0: { length }, index }) => ({ length, index }));
  const spans: [number, number][] = [];
  for (let at = 0; at < runs.length; at += 1) {
    const { index, length } = runs[at]!;
    if (isEscaped(line, index)) continue;
    let end = at + 1;
    while (end < runs.length && runs[end]!.length !== length) end += 1;
    if (end === runs.length) continue;
    spans.push([index, runs[end]!.index + length]);
    at = end;
  }
  return spans;
};

const partsOfLine = (line: string): readonly TextPart[] => {
  const parts: TextPart[] = [];
  let from = 0;
  for (const [begin, end] of spansOf(line)) {
    parts.push({ text: line.slice(from, begin), isCode: false }, { text: line.slice(begin, end), isCode: true });
    from = end;
  }
  return [...parts, { text: line.slice(from), isCode: false }];
};

/** The parts of each line of a Markdown text: fenced code, code in backticks, and the rest. */
export const codeParts = (text: string): readonly (readonly TextPart[])[] => {
  let fence: string | undefined;
  return text.split("\n").map((line) => {
    if (fence !== undefined) {
      const end = closing.exec(line)?.[1];
      if (end?.startsWith(fence)) fence = undefined;
      return [{ text: line, isCode: true }];
    }
    fence = opening.exec(line)?.[1];
    return fence === undefined ? partsOfLine(line) : [{ text: line, isCode: true }];
  });
};

/** A Markdown text with other words outside of its code. */
export const changeProse = (text: string, change: (prose: string) => string): string =>
  codeParts(text)
    .map((parts) => parts.map((part) => (part.isCode ? part.text : change(part.text))).join(""))
    .join("\n");

/** The lines of a Markdown text, each also without its code. */
export const proseLines = (text: string): readonly { readonly line: string; readonly prose: string }[] =>
  codeParts(text).map((parts) => ({
    line: parts.map((part) => part.text).join(""),
    prose: parts.map((part) => (part.isCode ? " " : part.text)).join(""),
  }));
