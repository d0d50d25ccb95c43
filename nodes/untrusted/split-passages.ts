/** One sentence of a text that somebody else wrote, and how it lies there. */
export interface Passage {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Index of its line among the lines that are not blank. */
  readonly line: number;
  /** Its line stands where the text around it would run on: the one before does not end, the one after goes on in small letters. */
  readonly interrupts: boolean;
  /** It is on the first or the last line, and there are others. */
  readonly atEdge: boolean;
  /** It opens a line that follows a blank one or none. */
  readonly afterBlank: boolean;
}

/** Longest passage in UTF-16 units; longer sentences are cut, so that what is done with one stays cheap. */
const longestPassage = 1_000;

/** No whole sentence is shorter. */
const shortestInterruption = 4;

const closers = "\"'”’»)]*_";
const isSpace = (character: string | undefined): boolean => character === undefined || /\s/u.test(character);

/** Ends of the sentences of one line. A stop inside quotation marks ends none; decimals and addresses do not either. */
const sentenceEnds = (line: string): number[] => {
  const ends: number[] = [];
  let quoted = 0;
  let from = 0;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? "";
    if (character === '"') quoted = quoted > 0 ? 0 : at + 1;
    else if (character === "“" || character === "„") quoted = at + 1;
    else if (character === "”") quoted = 0;
    if (at - from >= longestPassage) {
      ends.push(at);
      from = at;
      quoted = 0;
      continue;
    }
    if (!".!?…".includes(character)) continue;
    let next = at + 1;
    while (next < line.length && ".!?…".includes(line[next] ?? "")) next += 1;
    while (next < line.length && next < at + 8 && closers.includes(line[next] ?? "")) {
      if (line[next] === '"' || line[next] === "”") quoted = 0;
      next += 1;
    }
    const follows = line[next];
    // Text taken from HTML often has no space between sentences; a quotation that was never closed ends nothing.
    const ends1 = isSpace(follows) || (character !== "." ? /\p{L}/u : /\p{Lu}/u).test(follows ?? "");
    if (ends1 && (quoted === 0 || at - quoted > 300)) {
      ends.push(next);
      from = next;
      quoted = 0;
    }
    at = next - 1;
  }
  if (ends.at(-1) !== line.length) ends.push(line.length);
  return ends;
};

interface Line {
  readonly start: number;
  readonly text: string;
  readonly afterBlank: boolean;
}

const linesOf = (text: string): Line[] => {
  const lines: Line[] = [];
  let start = 0;
  let afterBlank = true;
  for (const line of text.split("\n")) {
    if (line.trim() === "") afterBlank = true;
    else {
      lines.push({ start, text: line, afterBlank });
      afterBlank = false;
    }
    start += line.length + 1;
  }
  return lines;
};

const runsOn = (line: string): boolean => /[\p{L}\p{N},]$/u.test(line.trimEnd().slice(-2));
const goesOn = (line: string): boolean => /^\p{Ll}/u.test(line.trimStart().slice(0, 2));
const isWhole = (line: string): boolean =>
  /^["'“„]?\P{Ll}/u.test(line.trimStart().slice(0, 2)) && /[.!?…]["'”)]?$/u.test(line.trimEnd().slice(-2));

/** Cuts a text into its sentences, line by line; what lies between them is white space. Linear in time. */
export const splitPassages = (text: string): Passage[] => {
  const lines = linesOf(text);
  const passages: Passage[] = [];
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    const after = lines[index + 1];
    const interrupts =
      line.text.length >= shortestInterruption &&
      before !== undefined &&
      after !== undefined &&
      !line.afterBlank &&
      !after.afterBlank &&
      isWhole(line.text) &&
      runsOn(before.text) &&
      goesOn(after.text);
    const atEdge = lines.length > 1 && (before === undefined || after === undefined);
    let from = 0;
    for (const to of sentenceEnds(line.text)) {
      const piece = line.text.slice(from, to);
      const start = line.start + from + (piece.length - piece.trimStart().length);
      const trimmed = piece.trim();
      from = to;
      if (trimmed !== "")
        passages.push({
          start,
          end: start + trimmed.length,
          text: trimmed,
          line: index,
          interrupts,
          atEdge,
          afterBlank: line.afterBlank,
        });
    }
  }
  return passages;
};
