import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import type { ExportedEdge, ExportedNode } from "../../../atlas/graph/read-whole-graph.ts";
import { cypherString, toCypher } from "../../../atlas/graph/to-cypher.ts";
import { toGraphMl } from "../../../atlas/graph/to-graphml.ts";

const node = (more: Partial<ExportedNode> = {}): ExportedNode => ({
  id: "n1",
  type: "host",
  label: "db-7",
  role: null,
  parent: null,
  position: null,
  createdAt: null,
  ...more,
});
const edge = (more: Partial<ExportedEdge> = {}): ExportedEdge => ({
  from: "n1",
  to: "n2",
  kind: "depends_on",
  origins: "rule",
  ...more,
});
async function* each<Item>(...items: Item[]): AsyncGenerator<Item> {
  yield* items;
}
const whole = async (pieces: AsyncIterable<string>): Promise<string> => {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
};

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("\\", "u", "0", "2", "7", '"', "'", "\n", "\r", "\t", "`", "{", "]]>", "&", "<", "é"),
  }),
);
/** What a document of XML can hold of a text. */
const storable = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones
  text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\uFFFD");

describe("GraphML", () => {
  test("has nodes, edges and their properties, declared before", async () => {
    const item = node({ id: "n2", type: "message", label: "ada", role: "user", parent: "t", position: 3 });
    const text = await whole(toGraphMl(each(node(), item), each(edge())));
    expect(XMLValidator.validate(text)).toBe(true);
    const parsed = new XMLParser({ ignoreAttributes: false }).parse(text).graphml;
    const declared = new Set(parsed.key.map((key: Record<string, string>) => key["@_id"]));
    const { graph } = parsed;
    expect(graph.node.map((found: Record<string, unknown>) => found["@_id"])).toEqual(["n1", "n2"]);
    expect(graph.node[1].data.map((data: Record<string, unknown>) => [data["@_key"], data["#text"]])).toEqual([
      ["type", "message"],
      ["label", "ada"],
      ["role", "user"],
      ["parent", "t"],
      ["position", 3],
    ]);
    expect(graph.edge).toMatchObject({ "@_source": "n1", "@_target": "n2" });
    for (const { data } of [...graph.node, graph.edge]) {
      for (const one of data) expect(declared.has(one["@_key"])).toBe(true);
    }
  });

  test("gives back whatever a label holds", async () => {
    const parser = new XMLParser({
      ignoreAttributes: false,
      trimValues: false,
      parseTagValue: false,
      htmlEntities: true,
    });
    await fc.assert(
      fc.asyncProperty(hostile, async (label) => {
        const text = await whole(toGraphMl(each(node({ label })), each()));
        expect(XMLValidator.validate(text)).toBe(true);
        const [, data] = parser.parse(text).graphml.graph.node.data;
        expect(data["#text"] ?? "").toBe(storable(label));
      }),
    );
  });
});

/** Reads a Cypher string; `early` replaces codes before quotes are looked at, as older servers do. */
const readString = (literal: string, early: boolean): { readonly text: string; readonly rest: string } => {
  const decode = (text: string) =>
    text.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const source = early ? decode(literal) : literal;
  const named: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", '"': '"', "'": "'", "\\": "\\" };
  let text = "";
  let at = 1;
  for (; source[at] !== '"'; at += 1) {
    if (at >= source.length) throw new Error("The string does not end.");
    if (source[at] !== "\\") {
      text += source[at];
      continue;
    }
    at += 1;
    if (!early && source[at] === "u") {
      text += decode(source.slice(at - 1, at + 5));
      at += 4;
    } else {
      const meant = named[source[at] ?? ""];
      if (meant === undefined) throw new Error(`There is no such escape: ${source[at]}`);
      text += meant;
    }
  }
  return { text, rest: source.slice(at + 1) };
};

describe("Cypher", () => {
  test("makes nodes and edges that are made once", async () => {
    const text = await whole(toCypher(each(node(), node({ id: "n2", position: 4 })), each(edge())));
    expect(text.trimEnd().split("\n")).toEqual([
      "CREATE INDEX atlas_id IF NOT EXISTS FOR (n:Atlas) ON (n.id);",
      'MERGE (n:Atlas {id: "n1"}) SET n:`Host`, n += {label: "db-7"};',
      'MERGE (n:Atlas {id: "n2"}) SET n:`Host`, n += {label: "db-7", position: 4};',
      'MATCH (a:Atlas {id: "n1"}), (b:Atlas {id: "n2"}) MERGE (a)-[r:`DEPENDS_ON`]->(b) SET r += {origins: "rule"};',
    ]);
  });

  test.each([true, false])(
    "gives back whatever a label holds, and nothing leaves the string (codes early: %s)",
    (early) => {
      fc.assert(
        fc.property(hostile, (text) => {
          expect(readString(cypherString(text), early)).toEqual({ text: text.toWellFormed(), rest: "" });
        }),
        { numRuns: 1_000 },
      );
    },
  );

  test("a type that is none of ours cannot end the name", async () => {
    const text = await whole(toCypher(each(node({ type: "a`) DETACH DELETE n //" })), each()));
    expect(text.split("\n")[1]).toBe(
      'MERGE (n:Atlas {id: "n1"}) SET n:`A___DETACH_DELETE_n___`, n += {label: "db-7"};',
    );
  });
});
