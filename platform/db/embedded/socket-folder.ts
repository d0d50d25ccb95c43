import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `pg` looks for a server's socket under this name in the folder given as its host. */
export const socketName = ".s.PGSQL.5432";

/** What fits into the address of a Unix socket, without its closing zero. */
const longestPath = process.platform === "linux" ? 107 : 103;

/**
 * The folder for the database's socket: the data folder, or a private one (mode 0700) under the system's temporary folder when
 * the path would be too long. The same data folder gives the same one, so that a killed process leaves at most one behind.
 */
export const socketFolder = async (dataDir: string): Promise<string> => {
  if (Buffer.byteLength(join(dataDir, socketName)) <= longestPath) return dataDir;
  const name = `athena-${createHash("sha256").update(dataDir).digest("hex").slice(0, 16)}`;
  const folder = join(tmpdir(), name);
  await mkdir(folder, { mode: 0o700 }).catch(() => undefined);
  return (await isPrivate(folder)) ? folder : mkdtemp(join(tmpdir(), "athena-"));
};

/** Whether a folder is a real one, ours, and closed to others: anybody can make names in the temporary folder. */
const isPrivate = async (folder: string): Promise<boolean> => {
  const found = await lstat(folder).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
};
