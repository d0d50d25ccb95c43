import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { putCluster } from "../../support/embedded-database.ts";
import { runAthena } from "../../support/run-command.ts";
import { freePort, freshDataDir, removeDataDir } from "../../support/server-process.ts";

vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let environment: Record<string, string>;
beforeAll(async () => {
  folder = await freshDataDir();
  await putCluster(folder);
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
