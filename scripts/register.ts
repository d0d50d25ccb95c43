/**
 * Adds an entry to the list that a function returns (`createTools`, `createServices`), and its import.
 * @throws {Error} when the file has no such list.
 */
export const register = (
  source: string,
  { list, importLine, entry }: { readonly list: string; readonly importLine: string; readonly entry: string },
): string => {
  const opening = /(?:=>|return) (?=\[)/g;
  opening.lastIndex = source.indexOf(`const ${list} =`);
  const open = opening.lastIndex === -1 || !opening.exec(source) ? -1 : opening.lastIndex;
  if (open === -1) throw new Error(`There is no list '${list}' to register in.`);
  let depth = 0;
  let close = open;
  for (; close < source.length; close++) {
    if (source[close] === "[") depth++;
    if (source[close] === "]" && --depth === 0) break;
  }
  const content = source.slice(open + 1, close).trimEnd();
  const separator = content === "" || content.endsWith(",") ? "" : ",";
  const withEntry = `${source.slice(0, open + 1)}${content}${separator} ${entry},\n${source.slice(close)}`;
  const lastImport = withEntry.lastIndexOf("\nimport ");
  const lineEnd = withEntry.indexOf(";\n", lastImport) + 2;
  return `${withEntry.slice(0, lineEnd)}${importLine}\n${withEntry.slice(lineEnd)}`;
};

/** Adds a line before the first line that contains a mark. @throws {Error} when there is none. */
export const addLineBefore = (source: string, mark: string, line: string): string => {
  const at = source.indexOf(mark);
  if (at === -1) throw new Error(`There is no '${mark}' to add a line before.`);
  const start = source.lastIndexOf("\n", at) + 1;
  return `${source.slice(0, start)}${line}\n${source.slice(start)}`;
};
