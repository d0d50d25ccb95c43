import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { AppError } from "../errors/app-error.ts";
import { type RegistryKindName, registryKindNames, registryKinds } from "./registry-rows.ts";

export type DefaultRow = Readonly<Record<string, unknown>>;
export type DefaultRows = Readonly<Record<RegistryKindName, readonly DefaultRow[]>>;

export interface DefaultFiles {
  /** Changes with any byte of any file. */
  readonly hash: string;
  /** @throws {AppError} CONFIG_INVALID naming the file and what is wrong in it. */
  rows(): DefaultRows;
}

/** Where the shipped files are. */
export const defaultFilesFolder = fileURLToPath(new URL("../../migrations/defaults/", import.meta.url));

const kindOf: Readonly<Record<string, RegistryKindName>> = {
  intents: "intents",
  patterns: "patterns",
  "multi-intent-rules": "multiIntentRules",
  "validation-rules": "validationRules",
  services: "services",
  prompts: "prompts",
  "model-aliases": "modelAliases",
  "client-profiles": "clientProfiles",
  crews: "crews",
};

const read = (name: string, text: string): unknown => {
  try {
    return parse(text, { merge: true }) ?? [];
  } catch (cause) {
    throw new AppError("CONFIG_INVALID", `The default file ${name} is not YAML.`, { cause });
  }
};

/** `examples.en.yaml` maps an intent to its texts. */
const toExamples = (locale: string, content: unknown): DefaultRow[] =>
  Object.entries(content as Record<string, readonly string[]>).flatMap(([intent, texts]) =>
    texts.map((text) => ({ intent, locale, text })),
  );

const parseFile = (fileName: string, text: string): readonly [RegistryKindName, readonly DefaultRow[]] => {
  const name = basename(fileName, ".yaml");
  const locale = /^examples\.(.+)$/.exec(name)?.[1];
  const kind = locale === undefined ? kindOf[name] : "examples";
  if (kind === undefined)
    throw new AppError("CONFIG_INVALID", `There is no registry table for the default file ${fileName}.`);
  const content = read(fileName, text);
  const given = locale === undefined ? (content as DefaultRow[]) : toExamples(locale, content);
  const rows = given.map((row, index) => {
    const parsed = registryKinds[kind].schema.safeParse(row);
    if (parsed.success) return parsed.data as unknown as DefaultRow;
    const [issue] = parsed.error.issues;
    throw new AppError(
      "CONFIG_INVALID",
      `Row ${index + 1} of the default file ${fileName} cannot be used: ${issue?.path.join(".")} ${issue?.message}.`,
    );
  });
  return [kind, rows];
};

/** Reads the default files of a folder; they are parsed only when their rows are asked for. */
export const readDefaultFiles = async (folder = defaultFilesFolder): Promise<DefaultFiles> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort();
  const files = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const),
  );
  const hash = createHash("sha256");
  for (const [name, text] of files) hash.update(`${name}\n${text.length}\n${text}`);
  return {
    hash: hash.digest("hex"),
    rows() {
      const rows = Object.fromEntries(registryKindNames.map((name) => [name, [] as DefaultRow[]]));
      for (const [name, text] of files) {
        const [kind, added] = parseFile(name, text);
        rows[kind]!.push(...added);
      }
      return rows as unknown as DefaultRows;
    },
  };
};
