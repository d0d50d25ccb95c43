import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, test } from "vitest";
import { loadSettings } from "../../platform/config/settings.ts";
import { composeCore } from "../../server/core/compose-core.ts";
import { startEngine } from "../support/engine.ts";
import { jsonOf } from "../support/start-edge.ts";
import { until } from "../support/until.ts";

const coreKey = "the-key-of-the-deep-core";

test("a core sums up a long thread of its engine, and recall finds the thread by it", {
  timeout: 180_000,
}, async () => {
  const engine = await startEngine({ ATHENA_CORE_KEY: coreKey });
  const dataDir = await mkdtemp(join(tmpdir(), "athena-core-"));
  const thread = await jsonOf(await engine.post("/threads", {}));
  const messages = Array.from({ length: 24 }, (_, index) => ({
    role: "user",
    content: `On day ${index} the greenhouse irrigation used ${index} litres of rain water.`,
  }));
  await engine.post(`/threads/${thread.id}/append`, { since_position: 0, messages });
  const settings = loadSettings({
    ATHENA_DATA_DIR: dataDir,
    ATHENA_CORE_KEY: coreKey,
    ATHENA_EDGE_URL: engine.url,
  });
  const core = await composeCore(settings, pino({ level: "silent" }), { host: "127.0.0.1", port: 0 });
  try {
    const kept = () =>
      engine.engine.database.query(
        "select last_position, embedding_model, cardinality(embedding) as length, written_by from thread_summaries",
      );
    await until(async () => (await kept()).length > 0, 120_000);
    expect(await kept()).toEqual([
      { last_position: 24, embedding_model: "athena-embed", length: 480, written_by: null },
    ]);
    const { fragments } = await jsonOf(await fetch(`${engine.url}/atlas/search?q=greenhouse+irrigation&limit=50`));
    expect(fragments.some(({ layer }: { layer: string }) => layer === "summary")).toBe(true);
  } finally {
    await core.close();
    await engine.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
