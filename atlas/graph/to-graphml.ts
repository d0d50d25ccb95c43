import type { ExportedEdge, ExportedNode } from "./read-whole-graph.ts";

/** Characters that no XML document may hold, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  // Read back as they are, also where a reader makes one of several kinds of space.
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** Text as it may stand in an element or an attribute; what XML cannot hold becomes U+FFFD. */
const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replace(forbidden, "\uFFFD")
    .replace(/[&<>"'\t\n\r]/g, (character) => entities[character] ?? character);

const keys = [
  ["type", "node", "string"],
  ["label", "node", "string"],
  ["role", "node", "string"],
  ["parent", "node", "string"],
  ["position", "node", "int"],
  ["createdAt", "node", "string"],
  ["kind", "edge", "string"],
  ["origins", "edge", "string"],
] as const;

const dataOf = (values: Readonly<Record<string, string | number | null>>): string =>
  Object.entries(values)
    .flatMap(([key, value]) => (value === null ? [] : [`<data key="${key}">${escapeXml(String(value))}</data>`]))
    .join("");

/** The graph as GraphML, piece by piece. */
export async function* toGraphMl(
  nodes: AsyncIterable<ExportedNode>,
  edges: AsyncIterable<ExportedEdge>,
): AsyncGenerator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n';
  for (const [id, of, type] of keys) yield `<key id="${id}" for="${of}" attr.name="${id}" attr.type="${type}"/>\n`;
  yield '<graph id="atlas" edgedefault="directed">\n';
  for await (const { id, ...values } of nodes) yield `<node id="${escapeXml(id)}">${dataOf(values)}</node>\n`;
  for await (const { from, to, ...values } of edges) {
    yield `<edge source="${escapeXml(from)}" target="${escapeXml(to)}">${dataOf(values)}</edge>\n`;
  }
  yield "</graph>\n</graphml>\n";
}
