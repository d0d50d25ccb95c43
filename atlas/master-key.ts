import { createHmac, hkdfSync, randomBytes, scrypt } from "node:crypto";
import { chmod, link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { AppError } from "../platform/errors/app-error.ts";
import { createSealedBox, type SealedBox } from "./sealed-box.ts";

/** The key that everything confidential hangs on. It never leaves this object; each purpose gets a key derived from it. */
export interface MasterKey {
  /** A box for one purpose; the same purpose gives the same key in every process. */
  box(purpose: string): SealedBox;
  /** A keyed hash for one purpose: equal texts give equal hashes, and nobody without the key can try texts out. */
  mac(purpose: string): (text: string) => string;
}

export interface MasterKeySource {
  /** 32 bytes as base64 or hex, or a passphrase of at least 16 characters. */
  readonly ATHENA_MASTER_KEY?: string | undefined;
  /** Holds `master.key` when the setting is unset. */
  readonly dataDir: string;
}

const keyBytes = 32;
const keyFileName = "master.key";
// One salt for all: processes on several hosts must derive the same key from the passphrase alone.
const passphraseSalt = "athena master key v1";
const stretch = promisify<string, string, number, object, Buffer>(scrypt);

const decodeKey = (text: string): Buffer | undefined => {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, "base64");
  return undefined;
};

const fromSetting = async (setting: string): Promise<Buffer> => {
  const key = decodeKey(setting.trim());
  if (key) return key;
  if (setting.length < 16) {
    throw new AppError("CONFIG_INVALID", "ATHENA_MASTER_KEY: a passphrase needs at least 16 characters.");
  }
  return stretch(setting, passphraseSalt, keyBytes, { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 2 ** 20 });
};

const readKeyFile = async (path: string): Promise<Buffer | undefined> => {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new AppError("CONFIG_INVALID", "The key file master.key in the data folder cannot be read.", { cause });
  });
  if (text === undefined) return undefined;
  const key = decodeKey(text.trim());
  if (!key) {
    throw new AppError(
      "CONFIG_INVALID",
      "The key file master.key in the data folder does not hold 32 bytes as base64 or hex. Restore it from a backup: confidential threads cannot be read without it.",
    );
  }
  // A key file copied by hand may have come with open permissions; a read-only mount is left as it is.
  await chmod(path, 0o600).catch(() => undefined);
  return key;
};

const makeKeyFile = async (dataDir: string, path: string): Promise<void> => {
  await mkdir(dataDir, { recursive: true });
  const draft = join(dataDir, `.${keyFileName}.${process.pid}.${randomBytes(4).toString("hex")}`);
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(`${randomBytes(keyBytes).toString("base64")}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link never replaces: of two processes that start together one key wins, and it is there as a whole or not at all.
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    const folder = await open(dataDir, "r");
    await folder.sync().finally(() => folder.close());
  } finally {
    await rm(draft, { force: true });
  }
};

const fromKeyFile = async (dataDir: string): Promise<Buffer> => {
  const path = join(dataDir, keyFileName);
  const existing = await readKeyFile(path);
  if (existing) return existing;
  await makeKeyFile(dataDir, path).catch((cause) => {
    throw new AppError("CONFIG_INVALID", "The key file master.key cannot be made in the data folder.", { cause });
  });
  return (await readKeyFile(path))!;
};

/**
 * Loads the master key from the setting, else from `master.key` in the data folder (mode 0600, made on first use).
 * @throws {AppError} CONFIG_INVALID when the setting is too short or the key file is damaged or cannot be used.
 */
export const loadMasterKey = async ({ ATHENA_MASTER_KEY, dataDir }: MasterKeySource): Promise<MasterKey> => {
  const key = ATHENA_MASTER_KEY === undefined ? await fromKeyFile(dataDir) : await fromSetting(ATHENA_MASTER_KEY);
  const derived = (purpose: string) => Buffer.from(hkdfSync("sha256", key, "", `athena ${purpose} v1`, keyBytes));
  return {
    box: (purpose) => createSealedBox(derived(purpose)),
    mac(purpose) {
      const macKey = derived(`${purpose} mac`);
      return (text) => createHmac("sha256", macKey).update(text).digest("base64url");
    },
  };
};
