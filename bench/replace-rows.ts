const cellOf = (row: string): string => row.split(" | ")[0] ?? row;

/**
 * A Markdown document with the rows of a table put into the table of the same head: each takes the place of the one with the
 * same first cell, or comes last. A table that is not there yet is added at the end. Tables are parts between empty lines.
 */
export const replaceRows = (document: string, table: string): string => {
  const parts = document.trim().split("\n\n");
  const [head, rule, ...rows] = table.trim().split("\n");
  const at = parts.findIndex((part) => part.split("\n")[0] === head);
  if (at < 0) return `${[...parts, table.trim()].join("\n\n")}\n`;
  const merged = new Map([...parts[at]!.split("\n").slice(2), ...rows].map((row) => [cellOf(row), row]));
  parts[at] = [head, rule, ...merged.values()].join("\n");
  return `${parts.join("\n\n")}\n`;
};
