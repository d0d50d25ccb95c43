import type { ExportedEdge, ExportedNode } from "./read-whole-graph.ts";

const escapes: Readonly<Record<string, string>> = { '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

/**
 * A text as a Cypher string. Some readers replace `\uXXXX` wherever it stands before they look at quotes and backslashes, others
 * after; so a `u` behind a backslash of the text is written as such a code itself, which both read as a `u`.
 */
export const cypherString = (text: string): string =>
  `"${text
    .toWellFormed()
    .replace(/\\u|["\n\r\t\\]/g, (found) => (found === "\\u" ? "\\\\\\u0075" : (escapes[found] ?? found)))}"`;

/** A word as a Cypher name: labels and types are of our own tables, whatever a model answered. */
const cypherName = (word: string): string => `\`${word.replace(/[^A-Za-z0-9_]/g, "_")}\``;
const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

const propertiesOf = (values: Readonly<Record<string, string | number | null>>): string =>
  Object.entries(values)
    .flatMap(([key, value]) =>
      value === null ? [] : [`${key}: ${typeof value === "number" ? value : cypherString(value)}`],
    )
    .join(", ");

/** The graph as Cypher statements, piece by piece; run again, they add nothing twice. */
export async function* toCypher(
  nodes: AsyncIterable<ExportedNode>,
  edges: AsyncIterable<ExportedEdge>,
): AsyncGenerator<string> {
  yield "CREATE INDEX atlas_id IF NOT EXISTS FOR (n:Atlas) ON (n.id);\n";
  for await (const { id, type, ...values } of nodes) {
    yield `MERGE (n:Atlas {id: ${cypherString(id)}}) SET n:${cypherName(capital(type))}, n += {${propertiesOf(values)}};\n`;
  }
  for await (const { from, to, kind, ...values } of edges) {
    yield `MATCH (a:Atlas {id: ${cypherString(from)}}), (b:Atlas {id: ${cypherString(to)}}) ` +
      `MERGE (a)-[r:${cypherName(kind.toUpperCase())}]->(b) SET r += {${propertiesOf(values)}};\n`;
  }
}
