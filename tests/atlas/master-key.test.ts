import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { loadMasterKey, type MasterKey } from "../../atlas/master-key.ts";

const folders: string[] = [];
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "athena-key-"));
  folders.push(dataDir);
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const areSame = (left: MasterKey, right: MasterKey): boolean => {
  try {
    return right.box("p").open(left.box("p").seal("x", "c"), "c").toString() === "x";
  } catch {
    return false;
  }
};

test("makes a key file with mode 0600 in a data folder that may not exist, and uses it again", async () => {
  const folder = join(dataDir, "new", "folder");
  const first = await loadMasterKey({ dataDir: folder });
  const info = await stat(join(folder, "master.key"));
  expect(info.mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["master.key"]);
  expect(areSame(first, await loadMasterKey({ dataDir: folder }))).toBe(true);
});

test("gives processes that start together one key", async () => {
  const keys = await Promise.all(Array.from({ length: 10 }, () => loadMasterKey({ dataDir })));
  expect(keys.every((key) => areSame(keys[0]!, key))).toBe(true);
  expect(await readdir(dataDir)).toEqual(["master.key"]);
});

test("closes a key file that others could read", async () => {
  await loadMasterKey({ dataDir });
  await chmod(join(dataDir, "master.key"), 0o644);
  await loadMasterKey({ dataDir });
  expect((await stat(join(dataDir, "master.key"))).mode & 0o777).toBe(0o600);
});

test.each([
  ["cut short", (key: string) => key.slice(0, 20)],
  ["empty", () => ""],
  ["too long", (key: string) => `${key.trim()}AAAA`],
  ["no key", () => "hello"],
])("refuses a key file that is %s and leaves it as it is", async (_name, change) => {
  await loadMasterKey({ dataDir });
  const path = join(dataDir, "master.key");
  const damaged = change(await readFile(path, "utf8"));
  await writeFile(path, damaged);
  await expect(loadMasterKey({ dataDir })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  expect(await readFile(path, "utf8")).toBe(damaged);
});

test("refuses a data folder that cannot hold a key file", async () => {
  const path = join(dataDir, "a-file");
  await writeFile(path, "");
  await expect(loadMasterKey({ dataDir: path })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});

test("takes 32 bytes as hex, base64 or base64url, and nothing is written then", async () => {
  const bytes = randomBytes(32);
  const load = (setting: string) => loadMasterKey({ ATHENA_MASTER_KEY: setting, dataDir });
  const hex = await load(bytes.toString("hex"));
  for (const form of ["base64", "base64url"] as const) {
    expect(areSame(hex, await load(bytes.toString(form)))).toBe(true);
  }
  expect(areSame(hex, await load(randomBytes(32).toString("hex")))).toBe(false);
  expect(await readdir(dataDir)).toEqual([]);
});

test("stretches a passphrase the same way every time and refuses a short one", async () => {
  const load = (setting: string) => loadMasterKey({ ATHENA_MASTER_KEY: setting, dataDir });
  const first = await load("correct horse battery");
  expect(areSame(first, await load("correct horse battery"))).toBe(true);
  expect(areSame(first, await load("correct horse batterz"))).toBe(false);
  await expect(load("fifteen letters")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});

test("derives a different key for each purpose", async () => {
  const key = await loadMasterKey({ dataDir });
  const sealed = key.box("one").seal("x", "c");
  expect(() => key.box("two").open(sealed, "c")).toThrow();
});
