import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadWorkflowBundle } from "../../../../workflows/jobs/temporal/workflow-bundle.ts";
import { testBundle } from "../../../support/temporal-parts.ts";

describe("the bundle of the crews' workflow", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "athena-bundle-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("is made once and then taken from where it is kept, under an id that is its sources'", async () => {
    const { buildId } = await testBundle();
    await writeFile(join(folder, `crew-workflow-${buildId}.js`), "// kept");
    expect(await loadWorkflowBundle(folder)).toEqual({ buildId, code: "// kept" });
  });

  test("is kept as a whole, and nothing beside it, when several workers start at once", async () => {
    const place = join(folder, "fresh");
    const [one, two] = await Promise.all([loadWorkflowBundle(place), loadWorkflowBundle(place)]);
    expect(one.buildId).toBe(two.buildId);
    expect(await readdir(place)).toEqual([`crew-workflow-${one.buildId}.js`]);
    expect(await loadWorkflowBundle(place)).toMatchObject({ buildId: one.buildId });
  });

  test("holds the crews' program, and nothing that may not run in the sandbox", async () => {
    const { code } = await testBundle();
    expect(code).toContain("runCrewJob");
    expect(code).not.toMatch(/node_modules\/(zod|pg|@langchain|pino)\//);
  });
});
