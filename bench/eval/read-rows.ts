import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { z } from "zod";

/** What a row or a file makes impossible; the message is for whoever called. */
export class UnusableInput extends Error {}

const readText = (file: string): string => {
  try {
    const bytes = readFileSync(file);
    return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch (cause) {
    throw new UnusableInput(`${file} cannot be read.`, { cause });
  }
};

const parse = (line: string, where: string): unknown => {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new UnusableInput(`${where}: not JSON.`, { cause });
  }
};

/**
 * Reads JSON Lines, gzip-compressed when the name ends in `.gz`, and checks each row.
 * @throws {UnusableInput} naming file and line of the first row that does not fit.
 */
export const readRows = <Row>(file: string, schema: z.ZodType<Row>): Row[] => {
  const text = readText(file);
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, index) => {
      const parsed = schema.safeParse(parse(line, `${file}, line ${index + 1}`));
      if (!parsed.success)
        throw new UnusableInput(`${file}, line ${index + 1}: ${parsed.error.issues[0]?.message ?? "unreadable"}`);
      return parsed.data;
    });
};
