import { once } from "node:events";
import { finished } from "node:stream/promises";
import { readEdges, readNodes } from "../../atlas/graph/read-whole-graph.ts";
import { toCypher } from "../../atlas/graph/to-cypher.ts";
import { toGraphMl } from "../../atlas/graph/to-graphml.ts";
import { withRegistryDatabase } from "./with-registry-database.ts";

export const graphFormats = { graphml: toGraphMl, cypher: toCypher } as const;

export interface ExportGraphOptions {
  readonly format: keyof typeof graphFormats;
  /** Whose view it is; without one, everything that the graph holds. */
  readonly principal?: string;
}

/** Enough for one write to the system. */
const writeLength = 65_536;

/**
 * Writes the graph to standard output, as of one moment and page by page, however large it is.
 * @throws {AppError} CONFIG_INVALID, also while a server holds the embedded database; DATABASE_UNAVAILABLE
 */
export const exportGraph = async (
  { format, principal }: ExportGraphOptions,
  output: NodeJS.WritableStream = process.stdout,
): Promise<void> => {
  // Whoever reads it may stop before the end.
  const gone = finished(output, { readable: false }).catch(() => undefined);
  let isGone = false;
  void gone.then(() => {
    isGone = true;
  });
  const write = async (text: string): Promise<void> => {
    if (!output.write(text)) await Promise.race([once(output, "drain"), gone]);
  };
  await withRegistryDatabase((database) =>
    database.transaction(async (connection) => {
      await connection.query("set transaction isolation level repeatable read read only");
      const seenBy = principal ?? null;
      let waiting = "";
      for await (const piece of graphFormats[format](readNodes(connection, seenBy), readEdges(connection, seenBy))) {
        if (isGone) return;
        waiting += piece;
        if (waiting.length < writeLength) continue;
        await write(waiting);
        waiting = "";
      }
      if (waiting !== "") await write(waiting);
    }),
  );
};
