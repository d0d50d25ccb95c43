import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runAthena } from "../../support/run-command.ts";
import { freePort, removeDataDir } from "../../support/server-process.ts";
import { usedDataDir } from "../../support/used-data-dir.ts";

vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let environment: Record<string, string>;
beforeAll(async () => {
  folder = await usedDataDir();
  environment = { ATHENA_DATA_DIR: folder, ATHENA_PORT: String(await freePort()) };
});
afterAll(() => removeDataDir(folder));
const athena = (...parameters: string[]) => runAthena(["directory", ...parameters], environment);

test("athena directory keeps people's names", async () => {
  expect((await athena("add", "Anna Kowalska", "Jan Nowak")).code).toBe(0);
  const listed = await athena("list");
  expect(listed.code).toBe(0);
  expect(listed.stdout).toContain("Anna Kowalska");
  expect((await athena("remove", "Jan Nowak")).code).toBe(0);
  expect((await athena("list")).stdout).not.toContain("Jan Nowak");
});
