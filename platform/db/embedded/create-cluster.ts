import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../errors/app-error.ts";

/** Folders of clusters that are being made; one that was left unfinished is removed at the next start. */
const unfinished = "db-unfinished-";

/**
 * Makes the cluster's folder `db` in the data folder unless it is there (about 2.5 s). It appears whole or not at all.
 * A process of its own does the work: initdb takes 500 MB, which this process would never give back.
 *
 * @throws {AppError} DATABASE_UNAVAILABLE when the cluster cannot be made.
 */
export const createCluster = async (dataDir: string): Promise<string> => {
  const folder = join(dataDir, "db");
  const left = (await readdir(dataDir)).filter((name) => name.startsWith(unfinished));
  await Promise.all(left.map((name) => rm(join(dataDir, name), { recursive: true, force: true })));
  if (existsSync(folder)) return folder;
  const fresh = await mkdtemp(join(dataDir, unfinished));
  try {
    await runCreation(fresh);
    await rename(fresh, folder);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true });
    throw new AppError("DATABASE_UNAVAILABLE", `The embedded database could not be made in ${dataDir}.`, {
      cause,
      retryable: false,
    });
  }
  return folder;
};

const runCreation = (folder: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = fork(new URL("./create-cluster-process.ts", import.meta.url), [folder], {
      // Its memory and its environment are its own; no secret of this process goes there.
      env: {},
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let complaint = "";
    child.stderr?.on("data", (chunk) => {
      complaint = `${complaint}${chunk}`.slice(-2_000);
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`making the cluster ended with ${code ?? signal}: ${complaint}`));
    });
  });
