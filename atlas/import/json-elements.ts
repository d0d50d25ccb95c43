/** One element of a JSON array: its text, and the line on which it begins (from 1). */
export interface JsonElement {
  readonly text: string;
  readonly line: number;
  /** Characters of the file up to its end. */
  readonly end: number;
}

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const comma = 0x2c;
const isOpening = (code: number): boolean => code === 0x5b || code === 0x7b;
const isClosing = (code: number): boolean => code === 0x5d || code === 0x7d;
const isSpace = (code: number): boolean =>
  code === 0x20 || code === newline || code === 0x0d || code === 0x09 || code === 0xfeff;

/**
 * The elements of the array that a JSON text holds, one after the other, so that only one is in memory; of a text that is no
 * array, the text itself. They are cut, not parsed: what is wrong inside shows when an element is parsed.
 */
export async function* jsonElements(pieces: AsyncIterable<string>): AsyncGenerator<JsonElement> {
  let depth = 0;
  let inArray: boolean | undefined;
  let inString = false;
  let escaped = false;
  let line = 1;
  let startLine = 1;
  let read = 0;
  let parts: string[] = [];
  let started = false;
  const finish = (end: number): JsonElement[] => {
    const element = { text: parts.join(""), line: startLine, end };
    parts = [];
    const was = started;
    started = false;
    return was ? [element] : [];
  };

  for await (const piece of pieces) {
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (code === newline) line += 1;
      if (inString) {
        if (escaped) escaped = false;
        else if (code === backslash) escaped = true;
        else if (code === quote) inString = false;
        continue;
      }
      if (isSpace(code)) continue;
      if (inArray === undefined) {
        inArray = code === 0x5b;
        if (inArray) {
          depth = 1;
          from = at + 1;
          continue;
        }
      }
      if (inArray && depth === 1 && (code === comma || isClosing(code))) {
        parts.push(piece.slice(from, at));
        from = at + 1;
        yield* finish(read + at);
        if (code !== comma) depth = 0;
        continue;
      }
      if (!started) {
        started = true;
        startLine = line;
      }
      if (code === quote) inString = true;
      else if (isOpening(code)) depth += 1;
      else if (isClosing(code)) depth -= 1;
    }
    parts.push(piece.slice(from));
    read += piece.length;
  }
  yield* finish(read);
}
