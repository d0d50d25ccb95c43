import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { loadSettings } from "../../../platform/config/settings.ts";
import { exportRegistry, importRegistry } from "../../../platform/config/transfer-registry.ts";
import { openDatabase } from "../../../platform/db/open-database.ts";
import { registryChecks } from "../../../server/registry-checks.ts";
import { providersAt, startEngine } from "../../support/engine.ts";
import { runAthena } from "../../support/run-command.ts";
import { runAthenaHere } from "../../support/run-command-here.ts";
import { freePort, removeDataDir } from "../../support/server-process.ts";
import { usedDataDir } from "../../support/used-data-dir.ts";

// Each of these is a process of its own, some of them train.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let environment: Record<string, string>;
beforeAll(async () => {
  folder = await usedDataDir();
  // Enough to train on: how well the shipped examples are told apart has tests of its own.
  const settings = loadSettings({ ATHENA_DATA_DIR: folder });
  const database = await openDatabase({ settings, logger: pino({ level: "silent" }) });
  await database.query(
    `delete from intent_examples where id in (select id from (
       select id, row_number() over (partition by intent, locale order by id) as place from intent_examples
     ) numbered where place > 5)`,
  );
  await database.close();
  environment = {
    ...providersAt("http://127.0.0.1:9"),
    ATHENA_DATA_DIR: folder,
    ATHENA_PORT: String(await freePort()),
  };
});
afterAll(() => removeDataDir(folder));

const athena = (...parameters: string[]) => runAthenaHere(parameters, environment);
/** The same as a process, which has to end by itself. */
const athenaByProcess = (...parameters: string[]) => runAthena(parameters, environment);
const fileOf = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
};

describe("athena registry", () => {
  test("exports to a file that only its owner reads, and imports it again without a change", async () => {
    const file = join(folder, "all.yaml");
    expect(await athenaByProcess("registry", "export", file)).toEqual({
      code: 0,
      stdout: `Written to ${file}.\n`,
      stderr: "",
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { code, stdout, stderr } = await athenaByProcess("registry", "import", file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^patterns: 0 added, 0 changed, 0 removed, \d+ unchanged$/m);
    expect(stdout).toMatch(/^Imported\./m);
  });

  test("exports one kind to standard output, and says which kinds there are", async () => {
    const { code, stdout } = await athena("registry", "export", "services");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^services:\n {2}- \{ id: airports, /);
    const wrong = await athena("registry", "export", "recipes");
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/^athena: There is no kind of rows 'recipes'\. There are: intents, patterns, /);
  });

  test("a dry run says what would change and how understanding would, and changes nothing", async () => {
    const { stdout: exported } = await athena("registry", "export", "examples");
    const file = await fileOf(
      "examples.yaml",
      `${exported}  - { intent: weather, locale: en, text: "brolly or no brolly" }\n`,
    );
    const { code, stdout } = await athena("registry", "import", "--dry-run", file);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^examples: 1 added, 0 changed, 0 removed, \d+ unchanged$/m);
    expect(stdout).toMatch(/^Understood without being an example: [\d.]+ % of \d+ before, [\d.]+ % of \d+ after\.$/m);
    expect(stdout).toMatch(/^Nothing was written/m);
    expect((await athena("registry", "export", "examples")).stdout).toBe(exported);
  });

  test("refuses a bad file with every bad row and its reason", async () => {
    const file = await fileOf(
      "bad.yaml",
      "patterns:\n  - { intent: weather, locale: en, kind: phrase, pattern: '(broken' }\n  - { intent: nowhere, locale: en, kind: phrase, pattern: hi }\n",
    );
    const { code, stdout, stderr } = await athena("registry", "import", "--replace", file);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^athena: Nothing was imported:\n {2}patterns, row 1 .*missing\.\n {2}patterns, row 2 .*'nowhere'\.\n$/,
    );
    const missing = await athena("registry", "import", join(folder, "none.yaml"));
    expect(missing.stderr).toMatch(/cannot be read/);
  });
});

describe("athena intents", () => {
  test("try shows parts, slots, tiers, runners-up, and why the text was split", async () => {
    const text = "how high is Gdańsk airport but not the news and what about JFK";
    const { code, stdout, stderr } = await athenaByProcess("intents", "try", text);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^1\. airports {2}97 % {2}pattern$/m);
    expect(stdout).toMatch(/^ {3}airport: "Gdańsk"$/m);
    expect(stdout).toMatch(/^2\. airports .*goes on with the part before it$/m);
    expect(stdout).toMatch(/^Not wanted: "the news"$/m);
    expect(stdout).toMatch(/^At "but not" dropped/m);
    const json = JSON.parse((await athena("intents", "try", "--json", "--locale", "pl", "AAPL")).stdout);
    expect(json).toMatchObject({ locale: "pl", parts: [{ name: "stocks", slots: { ticker: "AAPL" } }] });
    expect(Array.isArray(json.parts[0].runnersUp)).toBe(true);
  });

  test("report names accuracy, confusions, weak examples and intents that nothing leads to", async () => {
    const { stdout } = await athena("intents", "report", "--folds", "2");
    expect(stdout).toMatch(/^[\d.]+ % of \d+ examples \(all languages\)/);
    for (const title of ["By intent", "Confused", "Weak examples, which the others contradict"])
      expect(stdout).toContain(`\n${title}`);
    const { stdout: intents } = await athena("registry", "export", "intents");
    const row =
      "  - { id: gardening, description: Plants, kind: chat, target: chat, threshold: 0.5, compose: model }\n";
    const file = await fileOf("intents.yaml", intents + row);
    const compared = await athena("intents", "report", "--folds", "2", "--locale", "pl", "--json", "--compare", file);
    const { before, after } = JSON.parse(compared.stdout);
    expect(before.silent).toEqual([]);
    expect(after).toMatchObject({ locale: "pl", silent: ["gardening"] });
    expect(after.accuracy).toBeGreaterThan(0.3);
  });

  test("report refuses numbers of folds that split nothing, as wrong usage", async () => {
    expect((await athena("intents", "report", "--folds", "1")).code).toBe(2);
  });
});

test("a running engine takes over what was imported, and keeps what it has when the import is refused", async () => {
  const running = await startEngine({ ATHENA_DATA_DIR: folder, ATHENA_REGISTRY_POLL_SECONDS: "1" });
  try {
    const { database } = running.engine;
    const ask = async (text: string): Promise<string[]> => {
      const reply = await running.post("/ai/query", { text });
      const { intents } = (await reply.json()) as { intents: { name: string }[] };
      return intents.map(({ name }) => name);
    };
    const bringIn = (text: string) => importRegistry(database, text, { checks: registryChecks, actor: "test" });
    expect(await ask("open sesame")).toEqual(["chat"]);
    const patterns = await exportRegistry(database, "patterns");
    await expect(
      bringIn(`${patterns}  - { intent: help, locale: en, kind: phrase, pattern: "open (sesame" }\n`),
    ).rejects.toThrow(/missing/);
    await bringIn(`${patterns}  - { intent: help, locale: en, kind: phrase, pattern: "open sesame" }\n`);
    const deadline = performance.now() + 15_000;
    while ((await ask("open sesame"))[0] !== "help" && performance.now() < deadline) await sleep(200);
    expect(await ask("open sesame and what is 6 * 7")).toEqual(["help", "calculate"]);
  } finally {
    await running.close();
  }
});

test("an exported file is text that people can edit", async () => {
  const file = join(folder, "prompts.yaml");
  await athena("registry", "export", "prompts", file);
  expect(await readFile(file, "utf8")).toMatch(/^prompts:\n {2}- key: \S+\n {4}locale: en\n {4}version: 1\n {4}text: /);
});
