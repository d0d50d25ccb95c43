import { parseDocument, stringify } from "yaml";
import { AppError } from "../errors/app-error.ts";
import { type RegistryKindName, registryKindNames, registryKinds } from "./registry-rows.ts";
import { keyOf, type TableRow } from "./registry-table.ts";

/** Rows by kind, as a file holds them; a kind that the file does not name is not there. */
export type RegistryRows = Readonly<Partial<Record<RegistryKindName, readonly TableRow[]>>>;

/** A kind's name in files and on the command line: `multi-intent-rules`. */
export const kindLabel = (name: RegistryKindName): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The kind that a label names; undefined when none is called so. */
export const kindOfLabel = (label: string): RegistryKindName | undefined =>
  registryKindNames.find((name) => kindLabel(name) === label || name === label);

const mostProblems = 20;

/** @throws {AppError} INVALID_INPUT with the problems, one a line, when there are any. */
export const refuseProblems = (problems: readonly string[]): void => {
  if (problems.length === 0) return;
  const more = problems.length > mostProblems ? [`… and ${problems.length - mostProblems} more.`] : [];
  throw new AppError(
    "INVALID_INPUT",
    ["Nothing was imported:", ...problems.slice(0, mostProblems), ...more].join("\n  "),
    { field: "file" },
  );
};

/** Says which row is meant: kind, number in the file, and what identifies it. */
export const nameRow = (name: RegistryKindName, index: number, row: TableRow): string => {
  const key = (registryKinds[name].key as readonly string[])
    .map((field) => (typeof row[field] === "string" ? row[field] : JSON.stringify(row[field])))
    .join(", ");
  return `${kindLabel(name)}, row ${index + 1} (${key.slice(0, 120)})`;
};

const document = (text: string): Readonly<Record<string, unknown>> => {
  const parsed = parseDocument(text);
  const [error] = parsed.errors;
  if (error) refuseProblems([`it is not YAML: ${error.message.split("\n")[0]}`]);
  const content: unknown = parsed.toJS({ maxAliasCount: 100 });
  if (content !== null && typeof content === "object" && !Array.isArray(content))
    return content as Record<string, unknown>;
  refuseProblems([`the file must name kinds of rows: ${registryKindNames.map(kindLabel).join(", ")}.`]);
  return {};
};

/**
 * Reads a file of registry rows and checks each by itself: its fields, and that no row is there twice.
 * @throws {AppError} INVALID_INPUT naming every row that cannot be used, and why.
 */
export const parseRegistryFile = (text: string): RegistryRows => {
  const problems: string[] = [];
  const rows: Partial<Record<RegistryKindName, readonly TableRow[]>> = {};
  for (const [label, content] of Object.entries(document(text))) {
    const name = kindOfLabel(label);
    if (name === undefined)
      problems.push(`there is no kind of rows '${label}'; there are ${registryKindNames.map(kindLabel).join(", ")}.`);
    else if (!Array.isArray(content)) problems.push(`${label} must be a list of rows.`);
    else rows[name] = parseRows(name, content, problems);
  }
  refuseProblems(problems);
  if (Object.keys(rows).length === 0) refuseProblems(["the file holds no rows."]);
  return rows;
};

const parseRows = (name: RegistryKindName, given: readonly unknown[], problems: string[]): TableRow[] => {
  const seen = new Map<string, number>();
  return given.flatMap((item, index) => {
    if (item === null || typeof item !== "object" || Array.isArray(item)) {
      problems.push(`${kindLabel(name)}, row ${index + 1}: must be a row with fields.`);
      return [];
    }
    const { enabled = true, ...fields } = item as Record<string, unknown>;
    const unknown = Object.keys(fields).filter((field) => registryKinds[name].columns[field] === undefined);
    const hasOwnEnabled = registryKinds[name].columns.enabled !== undefined;
    const parsed = registryKinds[name].schema.safeParse(hasOwnEnabled ? { ...fields, enabled } : fields);
    const reasons = [
      ...unknown.map((field) => `there is no field '${field}'`),
      ...(typeof enabled === "boolean" ? [] : ["enabled must be true or false"]),
      ...(parsed.success
        ? []
        : parsed.error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`)),
    ];
    if (!parsed.success || reasons.length > 0) {
      problems.push(`${nameRow(name, index, fields)}: ${reasons.join("; ")}.`);
      return [];
    }
    const row = { ...(parsed.data as unknown as TableRow), enabled };
    const key = keyOf(name, row);
    const earlier = seen.get(key);
    if (earlier !== undefined) problems.push(`${nameRow(name, index, row)}: row ${earlier + 1} is the same one.`);
    seen.set(key, index);
    return [row];
  });
};

/** Kinds whose rows are short and many stand on one line each. */
const inline: ReadonlySet<RegistryKindName> = new Set(["patterns", "examples", "multiIntentRules", "services"]);

/** Rows as YAML that `parseRegistryFile` reads back to the same rows; rows that are enabled do not say so. */
export const formatRegistryRows = (rows: RegistryRows): string =>
  (Object.entries(rows) as [RegistryKindName, readonly TableRow[]][])
    .map(([name, list]) => {
      const columns = Object.keys(registryKinds[name].columns).filter((field) => field !== "enabled");
      const written = list.map((row) => ({
        ...Object.fromEntries(columns.map((field) => [field, row[field]])),
        ...(row.enabled === false ? { enabled: false } : {}),
      }));
      if (written.length === 0) return `${kindLabel(name)}: []\n`;
      if (!inline.has(name)) return stringify({ [kindLabel(name)]: written }, { lineWidth: 120 });
      const lines = written.map((row) => `  - ${stringify(row, { collectionStyle: "flow", lineWidth: 0 }).trim()}\n`);
      return `${kindLabel(name)}:\n${lines.join("")}`;
    })
    .join("");
