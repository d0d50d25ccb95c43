import { type FileHandle, mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Lines in a file, each durable before it is acknowledged. */
export interface JournalFile {
  /** Writes a line; resolves when it is on the disk. Lines that come together share one sync. */
  append(line: string): Promise<void>;
  /** Replaces all lines, as a whole or not at all, by those that `lines` gives when all before it is written. */
  rewrite(lines: () => readonly string[]): Promise<void>;
  /** Resolves when the file can be written. */
  check(): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(dirname(path), "r");
  await folder.sync().finally(() => folder.close());
};

/** Opens a file (mode 0600) and gives its whole lines; one that a death cut off at the end is left out. */
export const openJournalFile = async (
  path: string,
): Promise<{ readonly journal: JournalFile; readonly lines: readonly string[] }> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const end = text.lastIndexOf("\n") + 1;
  const lines = text.slice(0, end).split("\n").slice(0, -1);
  let file: FileHandle = await open(path, "a", 0o600);
  let size = Buffer.byteLength(text.slice(0, end));
  await file.truncate(size);
  await syncFolder(path);

  let queue: Waiting[] = [];
  let work: Promise<void> = Promise.resolve();
  let broken = false;

  /** One after the other, so that a rewrite and a write never meet. */
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    const done = work.then(step);
    work = done.catch(() => undefined);
    return done;
  };

  const writeQueued = async (): Promise<void> => {
    const batch = queue;
    queue = [];
    if (batch.length === 0) return;
    try {
      if (broken) throw new Error("the journal cannot be written");
      const bytes = Buffer.from(batch.map(({ line }) => `${line}\n`).join(""));
      await file.appendFile(bytes);
      await file.datasync();
      size += bytes.length;
      for (const { resolve } of batch) resolve();
    } catch (error) {
      // What was half written must not stand before the next line; where it cannot be taken back, nothing more is written.
      await file.truncate(size).catch(() => (broken = true));
      for (const { reject } of batch) reject(error);
    }
  };

  return {
    lines,
    journal: {
      append: (line) =>
        new Promise((resolve, reject) => {
          queue.push({ line, resolve, reject });
          if (queue.length === 1) void inTurn(writeQueued);
        }),
      rewrite: (linesNow) =>
        inTurn(async () => {
          const draft = `${path}.new`;
          const bytes = Buffer.from(
            linesNow()
              .map((line) => `${line}\n`)
              .join(""),
          );
          const fresh = await open(draft, "w", 0o600);
          await fresh.writeFile(bytes);
          await fresh.sync();
          await fresh.close();
          await rename(draft, path);
          await syncFolder(path);
          await file.close();
          file = await open(path, "a", 0o600);
          [size, broken] = [bytes.length, false];
        }),
      check: () =>
        inTurn(async () => {
          if (broken) throw new Error("the journal cannot be written");
          await file.datasync();
        }),
      async close() {
        await inTurn(writeQueued);
        await file.close();
      },
    },
  };
};
