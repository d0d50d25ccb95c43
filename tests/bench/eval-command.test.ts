import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { evalTasks } from "../../bench/eval/task-list.ts";

vi.setConfig({ testTimeout: 60_000 });

const root = resolve(import.meta.dirname, "../..");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "athena-eval-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...parameters: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((done) => {
    execFile(process.execPath, ["bench/eval.ts", ...parameters], { cwd: root }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, stdout, stderr }),
    );
  });
const fileOf = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
};

test("the last line with --json gives task, rows and metrics", async () => {
  const rows = (await readFile(join(root, "bench/grounding/en.jsonl"), "utf8")).split("\n").slice(0, 20).join("\n");
  const { code, stdout } = await run("grounding", "--test", await fileOf("rows.jsonl", rows), "--json");
  expect(code).toBe(0);
  const { task, rows: count, metrics } = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
  expect({ task, count }).toEqual({ task: "grounding", count: 20 });
  expect(metrics.caught).toBeGreaterThan(0.5);
  expect(metrics.false_alarms).toBeLessThan(0.2);
});

test("a metric that the file has no rows for is left out", async () => {
  const file = await fileOf("harmless.jsonl", '{"text":"It rains.","spans":[]}\n');
  const { stdout } = await run("privacy", "--test", file, "--json");
  expect(JSON.parse(stdout).metrics).toEqual({ harmless_altered: 0 });
});

test.each([
  ["a line that is no JSON", "broken.jsonl", "{\n", "broken.jsonl, line 1: not JSON."],
  ["a row of another shape", "other.jsonl", '{"a":1}\n', "other.jsonl, line 1:"],
  ["a file without rows", "empty.jsonl", "\n", "holds no rows"],
])("%s ends with one sentence", async (_, name, text, reason) => {
  const { code, stderr } = await run("grounding", "--test", await fileOf(name, text));
  expect(code).toBe(2);
  expect(stderr).toContain(reason);
  expect(stderr).not.toContain("    at ");
});

test("a missing file and an unknown option end with one sentence; --help names every task", async () => {
  const missing = await run("grounding", "--test", join(folder, "nowhere.jsonl"));
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain("cannot be read");
  expect((await run("grounding", "--tset", "x")).code).toBe(2);
  const { stdout } = await run("--help");
  for (const { name } of evalTasks) expect(stdout).toContain(`  ${name} `);
});
