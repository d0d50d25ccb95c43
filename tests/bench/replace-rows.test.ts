import { expect, test } from "vitest";
import { replaceRows } from "../../bench/replace-rows.ts";

const table = (...rows: readonly string[]): string => ["| what | kills |", "| --- | --- |", ...rows].join("\n");
const others = "| other | lost |\n| --- | --- |\n| a | 0 |";

test("a row takes the place of the one of the same name, a new one comes last, and all else stays", () => {
  const document = `# Faults\n\nAbout it.\n\n${table("| a | 1 |", "| b | 2 |")}\n\n${others}\n`;
  expect(replaceRows(document, table("| c | 4 |", "| a | 3 |"))).toBe(
    `# Faults\n\nAbout it.\n\n${table("| a | 3 |", "| b | 2 |", "| c | 4 |")}\n\n${others}\n`,
  );
});

test("a table that is not there yet is added, and the same again changes nothing", () => {
  const once = replaceRows(`# Faults\n\n${others}\n`, table("| a | 1 |"));
  expect(once).toBe(`# Faults\n\n${others}\n\n${table("| a | 1 |")}\n`);
  expect(replaceRows(once, table("| a | 1 |"))).toBe(once);
});
