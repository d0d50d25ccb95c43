import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTimeline } from "../../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../../atlas/master-key.ts";
import { createThreadCipher } from "../../../atlas/thread-cipher.ts";
import type { Timeline } from "../../../atlas/timeline.ts";
import { loadSettings } from "../../../platform/config/settings.ts";
import { openDatabase } from "../../../platform/db/open-database.ts";
import { localPrincipal } from "../../../platform/policy/principal.ts";
import { createProgressBar } from "../../../server/commands/progress-bar.ts";
import { runAthena } from "../../support/run-command.ts";
import { runAthenaHere } from "../../support/run-command-here.ts";
import { removeDataDir } from "../../support/server-process.ts";
import { usedDataDir } from "../../support/used-data-dir.ts";

const program = resolve(import.meta.dirname, "../../../bin/athena.js");
let dataDir: string;
let files: string;
beforeAll(async () => {
  dataDir = await usedDataDir();
  files = join(dataDir, "files");
  await mkdir(files);
});
afterAll(() => removeDataDir(dataDir));

const athena = (...parameters: string[]) => runAthenaHere(parameters, { ATHENA_DATA_DIR: dataDir });
/** The same as a process, which has to end by itself. */
const athenaByProcess = (...parameters: string[]) => runAthena(parameters, { ATHENA_DATA_DIR: dataDir });
const withTimeline = async <Result>(work: (timeline: Timeline) => Promise<Result>): Promise<Result> => {
  const settings = loadSettings({ ATHENA_DATA_DIR: dataDir });
  const database = await openDatabase({ settings, logger: pino({ level: "silent" }) });
  const cipher = createThreadCipher({ masterKey: await loadMasterKey({ dataDir }) });
  return work(createTimeline({ database, cipher })).finally(() => database.close());
};
const contentsOf = async (query: string): Promise<readonly (readonly [number, string])[]> =>
  withTimeline(async (timeline) => {
    const { threads } = await timeline.threads(localPrincipal, { limit: 5, query });
    expect(threads).toHaveLength(1);
    const page = await timeline.messages(localPrincipal, threads[0]!.id, { after: 0, limit: 100_000 });
    return page.messages.map(({ position, content }) => [position, content] as const);
  });

test("import goes on after kills, without a message lost or doubled", { timeout: 180_000 }, async () => {
  const count = 8_000;
  const path = join(files, "long.jsonl");
  const texts = Array.from({ length: count }, (_, index) => `message ${index} about rivers and mills`);
  await writeFile(path, texts.map((content) => `${JSON.stringify({ content })}\n`).join(""));
  let killed = 0;
  // Steps shorter than the import: whatever the machine's speed, some kills come while it writes.
  for (let ms = 500; ; ms += 250) {
    const child = spawn(process.execPath, [program, "atlas", "import", path], {
      env: { PATH: process.env.PATH, TZ: "UTC", ATHENA_DATA_DIR: dataDir },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const ended = once(child, "exit");
    await Promise.race([wait(ms), ended]);
    const own = child.exitCode !== null;
    child.kill("SIGKILL");
    await ended;
    if (!own) {
      killed += 1;
      continue;
    }
    const [stdout, stderr] = await output;
    expect({ code: child.exitCode, stderr }).toEqual({ code: 0, stderr: "" });
    const added = /^8,000 messages of 1 conversations, ([\d,]+) of them new\.\n$/.exec(stdout)?.[1];
    expect(Number(added?.replaceAll(",", ""))).toBeLessThan(count);
    break;
  }
  expect(killed).toBeGreaterThan(0);
  expect(await contentsOf("long.jsonl")).toEqual(texts.map((content, index) => [index + 1, content]));
  expect((await athena("atlas", "import", path)).stdout).toContain(", 0 of them new");
});

test("import tells broken lines on standard error and imports the rest", async () => {
  const path = join(files, "broken.jsonl");
  await writeFile(path, '{"content":"one","created_at":"2018-01-01T00:00:00Z"}\n{"content":\n{"content":"three"}\n');
  const { code, stdout, stderr } = await athenaByProcess("atlas", "import", path);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "broken.jsonl:2: this is not JSON\n" });
  expect(stdout).toBe("2 messages of 1 conversations, 2 of them new. 1 left out.\n");
  const nothing = await athena("atlas", "import", join(files, "nothing.jsonl"));
  expect(nothing).toMatchObject({ code: 1, stdout: "" });
  expect(nothing.stderr).toMatch(/^athena: [^\n]+\n$/);

  const archived = await athenaByProcess("atlas", "archive", "--before", "2019-01-01");
  expect(archived).toMatchObject({ code: 0, stdout: "1 messages moved into the archive; they stay readable.\n" });
  expect((await contentsOf("broken.jsonl")).map(([, content]) => content)).toEqual(["one", "three"]);
  for (const day of ["soon", "2999-01-01", "2019-13-45"]) {
    expect((await athena("atlas", "archive", "--before", day)).code).toBe(1);
  }
});

test("shred erases a confidential thread, or all of a person", async () => {
  const [first, second] = await withTimeline(async (timeline) => {
    const open = async (content: string) => {
      const messages = [{ role: "user", author: "ada", content } as const];
      return (await timeline.open({ principal: localPrincipal, mode: "confidential", messages })).thread.id;
    };
    return [await open("a secret"), await open("another")] as const;
  });
  expect(await athenaByProcess("atlas", "shred", "--thread", first)).toMatchObject({
    code: 0,
    stdout: `${first}: the key of 1 messages is destroyed.\n`,
  });
  const { stdout } = await athena("atlas", "shred", "--principal", "local");
  expect(stdout).toBe(`${second}: the key of 1 messages is destroyed.\n`);
  expect((await athena("atlas", "shred", "--principal", "local")).stdout).toContain("no confidential threads");
  for (const wrong of [[], ["--thread", first], ["--thread", first, "--principal", "local"]]) {
    expect(await athena("atlas", "shred", ...wrong)).toMatchObject({ code: 1, stdout: "" });
  }
});

test("teams are filled, shown and emptied", async () => {
  expect((await athenaByProcess("teams", "add", "crew", "local", "key:ada")).stdout).toBe("2 added.\n");
  expect((await athena("teams", "list")).stdout).toBe("crew: key:ada, local\n");
  expect((await athena("teams", "remove", "crew", "local")).stdout).toBe("1 removed.\n");
  const path = join(files, "for-the-team.jsonl");
  await writeFile(path, '{"content":"for the team"}\n');
  const alone = await athena("atlas", "import", path, "--scope", "team");
  expect(alone).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("'local' is in no team") });
  expect((await athena("teams", "add", "no such name", "local")).code).toBe(1);
});

test("a progress bar moves on a terminal only, and leaves nothing behind", () => {
  const written: string[] = [];
  const screen = { columns: 60, write: (text: string) => written.push(text) };
  const silent = createProgressBar({ ...screen, isTTY: false });
  silent.show(0.5, "5 messages");
  silent.clear();
  expect(written).toEqual([]);
  const bar = createProgressBar({ ...screen, isTTY: true });
  bar.show(0.5, "5 messages");
  bar.show(0.6, "6 messages");
  bar.show(1, "10 messages");
  bar.clear();
  expect(written).toEqual([
    `\r\u001b[K[${"#".repeat(15)}${"-".repeat(15)}] 50 % 5 messages`,
    `\r\u001b[K[${"#".repeat(30)}] 100 % 10 messages`,
    "\r\u001b[K",
  ]);
});
