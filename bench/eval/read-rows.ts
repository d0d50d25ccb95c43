import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { z } from "zod";

/**
 * Reads JSON Lines, gzip-compressed when the name ends in `.gz`, and checks each row.
 * @throws {Error} naming file and line of the first row that does not fit.
 */
export const readRows = <Row>(file: string, schema: z.ZodType<Row>): Row[] => {
  const bytes = readFileSync(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, index) => {
      const parsed = schema.safeParse(JSON.parse(line));
      if (!parsed.success)
        throw new Error(`${file}, line ${index + 1}: ${parsed.error.issues[0]?.message ?? "unreadable"}`);
      return parsed.data;
    });
};
