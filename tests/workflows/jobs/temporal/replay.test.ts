import { readdirSync, readFileSync } from "node:fs";
import { type ReplayResult, Worker } from "@temporalio/worker";
import { pino } from "pino";
import { beforeAll, describe, expect, test } from "vitest";
import { createDataConverter } from "../../../../workflows/jobs/temporal/data-converter.ts";
import { installRuntime } from "../../../../workflows/jobs/temporal/temporal-runtime.ts";
import { recordedCrews } from "../../../support/recorded-crews.ts";
import { testBundle, testPayloadKey } from "../../../support/temporal-parts.ts";

const folder = new URL("histories/", import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
const historyOf = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));

/** Histories of real runs, made by `npm run record-histories`; no server is needed to replay them. */
describe("the crews' workflow on recorded histories", () => {
  let code: string;
  beforeAll(async () => {
    installRuntime(pino({ level: "silent" }));
    ({ code } = await testBundle());
  });

  const replay = async (name: string, bundle = code, secret?: string): Promise<ReplayResult> => {
    const dataConverter = createDataConverter([await testPayloadKey(secret)]);
    const histories = [{ workflowId: name, history: historyOf(name) }];
    for await (const result of Worker.runReplayHistories(
      { workflowBundle: { code: bundle }, dataConverter },
      histories,
    )) {
      return result;
    }
    throw new Error("nothing was replayed");
  };

  /** The same program with something else in one place. */
  const changed = (from: RegExp, to: string): string => {
    expect(code.match(from), "the program has changed: say here what to change now").toHaveLength(1);
    return code.replace(from, to);
  };

  test.each(recordedCrews)("is tried on a run of $name", ({ name }) => {
    expect(names).toContainEqual(expect.stringMatching(new RegExp(`^${name}(-\\d+)?$`)));
  });

  test.each(names)("goes the same way again: %s", async (name) => {
    expect((await replay(name)).error).toBeUndefined();
  });

  test("is found out when it leaves an activity out", async () => {
    const bundle = changed(/crew\.process === "hierarchical"(?= && manager)/, "false");
    expect((await replay("hierarchy", bundle)).error).toMatchObject({ name: "DeterminismViolationError" });
  });

  test("is found out when it does things in another order", async () => {
    // Tasks begin from the last to the first.
    const bundle = changed(/crew\.tasks\.filter\(isReady\)(?=\.slice)/, "crew.tasks.filter(isReady).reverse()");
    expect((await replay("graph-with-refused-round", bundle)).error).toMatchObject({
      name: "DeterminismViolationError",
    });
  });

  test("cannot be replayed by who has another key", async () => {
    const outcome = await replay("sequence", code, "0a".repeat(32)).then(
      ({ error }) => error,
      (error: unknown) => error,
    );
    expect(outcome).toBeDefined();
  });
});
