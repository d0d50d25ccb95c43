/** Text of others inside a line of ours: it stays on its line, and neither marks up nor cites anything. */
export const plainLine = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/([[\]<`])/g, "\\$1")
    .trim();
