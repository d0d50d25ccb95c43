import { open, readdir, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { AppError } from "../../platform/errors/app-error.ts";
import type { ImportFormat } from "./import-formats.ts";

export interface ImportFile {
  readonly path: string;
  /** How it is called in messages to the user, and as a document's source. */
  readonly name: string;
  readonly bytes: number;
  readonly format: ImportFormat;
}

const textFile = /\.(?:md|markdown|mdown|txt)$/i;
const linesFile = /\.(?:jsonl|ndjson)$/i;
// Larger exports come in several files.
const conversationsFile = /^conversations(?:[-_]\d+)?\.json$/i;
const opens: Readonly<Record<ImportFormat, RegExp>> = {
  chatgpt: conversationsFile,
  "open-webui": /\.json$/i,
  jsonl: linesFile,
  markdown: textFile,
};

const filesUnder = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split(/[\\/]/)
          .some((part) => part.startsWith(".") || part === "node_modules"),
    )
    .sort();
};

/** What kind of export a JSON file is, told by its beginning. */
const formatOfJson = async (path: string): Promise<ImportFormat | undefined> => {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, 0);
    const beginning = buffer.toString("utf8", 0, bytesRead);
    if (/"mapping"\s*:/.test(beginning)) return "chatgpt";
    return /"(?:history|chat|childrenIds)"\s*:/.test(beginning) ? "open-webui" : undefined;
  } finally {
    await file.close();
  }
};

const formatOfFile = async (path: string): Promise<ImportFormat | undefined> => {
  if (linesFile.test(path)) return "jsonl";
  if (textFile.test(path)) return "markdown";
  if (conversationsFile.test(basename(path))) return "chatgpt";
  return /\.json$/i.test(path) ? formatOfJson(path) : undefined;
};

/**
 * The files of an import in a fixed order, each with its format: the given one, or as the file itself tells.
 * @throws {AppError} INVALID_INPUT when there is nothing to import or the format cannot be told
 */
export const listImportFiles = async (path: string, format: ImportFormat | undefined): Promise<ImportFile[]> => {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AppError("INVALID_INPUT", `'${path}' cannot be read.`, { cause });
  });
  if (/\.zip$/i.test(path)) throw new AppError("INVALID_INPUT", "Unpack the archive first, then import its folder.");
  const toFile = async (file: string, name: string, of: ImportFormat): Promise<ImportFile> => ({
    path: file,
    name,
    bytes: (await stat(file)).size,
    format: of,
  });
  if (!found.isDirectory()) {
    const told = format ?? (await formatOfFile(path));
    if (told) return [await toFile(path, basename(path), told)];
    throw new AppError("INVALID_INPUT", `What '${basename(path)}' holds cannot be told; say it with --format.`);
  }
  const all = await filesUnder(path);
  const told = format ?? (all.some((file) => conversationsFile.test(basename(file))) ? "chatgpt" : undefined);
  const chosen = all.flatMap((file): { file: string; of: ImportFormat }[] => {
    const of = told ?? (linesFile.test(file) ? "jsonl" : "markdown");
    return opens[of].test(told === "chatgpt" ? basename(file) : file) ? [{ file, of }] : [];
  });
  if (chosen.length === 0) throw new AppError("INVALID_INPUT", `There is nothing in '${path}' that can be imported.`);
  return Promise.all(chosen.map(({ file, of }) => toFile(file, relative(path, file).replaceAll("\\", "/"), of)));
};
