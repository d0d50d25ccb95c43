import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { failureConverterPath } from "./data-converter.ts";

/** The workflow's code as workers run it. */
export interface WorkflowBundle {
  readonly code: string;
  /** Equal sources give an equal id, on whatever host: the version that a worker says it is. */
  readonly buildId: string;
}

const workflowsPath = fileURLToPath(new URL("crew-workflow.ts", import.meta.url));
const root = resolve(dirname(workflowsPath), "../../..");

/** The files that get into the bundle: those that are imported, from one to the next, types apart. */
const sourcesOf = async (entries: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  const visit = async (path: string): Promise<void> => {
    if (found.has(path)) return;
    const source = await readFile(path, "utf8");
    found.set(path, source);
    for (const [, specifier] of source.matchAll(/^(?:import|export)(?! type)[^;]*?from "(\.[^"]+)";/gm)) {
      await visit(resolve(dirname(path), specifier!));
    }
  };
  for (const entry of entries) await visit(entry);
  return found;
};

const hashOf = async (): Promise<string> => {
  const { version } = createRequire(import.meta.url)("@temporalio/workflow/package.json") as { version: string };
  const hash = createHash("sha256").update(version);
  const sources = await sourcesOf([workflowsPath, failureConverterPath]);
  for (const path of [...sources.keys()].sort()) hash.update(`\n${relative(root, path)}\n${sources.get(path)}`);
  return hash.digest("hex").slice(0, 16);
};

/**
 * The bundle of this version: from the folder where it was made before, else made there, which takes some seconds.
 * @param folder where bundles are kept; without one it is made anew.
 */
export const loadWorkflowBundle = async (folder?: string): Promise<WorkflowBundle> => {
  const buildId = await hashOf();
  const path = folder === undefined ? undefined : join(folder, `crew-workflow-${buildId}.js`);
  const kept = path === undefined ? undefined : await readFile(path, "utf8").catch(() => undefined);
  if (kept !== undefined) return { code: kept, buildId };
  const { bundleWorkflowCode, DefaultLogger } = await import("@temporalio/worker");
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    failureConverterPath,
    logger: new DefaultLogger("ERROR"),
  });
  if (folder !== undefined && path !== undefined) {
    // Renamed into place: several workers may start at once, and none reads half a file.
    const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
    await mkdir(folder, { recursive: true });
    try {
      await writeFile(draft, code);
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
  }
  return { code, buildId };
};
