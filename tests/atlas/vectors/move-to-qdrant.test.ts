import { pino } from "pino";
import { expect, test } from "vitest";
import { createTimeline } from "../../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../../atlas/master-key.ts";
import { createRecall } from "../../../atlas/recall.ts";
import { createThreadCipher } from "../../../atlas/thread-cipher.ts";
import { createVectors } from "../../../atlas/vectors/create-vectors.ts";
import { reindexVectors } from "../../../atlas/vectors/reindex-vectors.ts";
import { loadSettings } from "../../../platform/config/settings.ts";
import { createEgress } from "../../../platform/egress/create-egress.ts";
import { createMetrics } from "../../../platform/metrics/metrics.ts";
import { composeVectors } from "../../../server/compose-vectors.ts";
import { openMigratedEmbedded } from "../../support/embedded-database.ts";
import { startQdrantServer } from "../../support/qdrant-server.ts";
import { somebody } from "../../support/timeline-samples.ts";

test("vectors move to Qdrant and back, and without it full text answers and says so", { timeout: 60_000 }, async () => {
  const qdrant = await startQdrantServer();
  const database = await openMigratedEmbedded();
  try {
    const cipher = createThreadCipher({
      masterKey: await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" }),
    });
    const timeline = createTimeline({ database, cipher });
    const [ada, eve] = [somebody(), somebody()];
    const deps = (environment: Record<string, string>) =>
      composeVectors({
        settings: loadSettings(environment),
        database,
        models: { embed: () => Promise.reject(new Error("there is no model")) },
        egress: createEgress(),
        metrics: createMetrics(),
        logger: pino({ level: "silent" }),
      });
    const atQdrant = { ATHENA_VECTOR_STORE: "qdrant", QDRANT_URL: qdrant.url };
    const { thread, messages } = await timeline.open({
      principal: ada,
      mode: "open",
      messages: [{ role: "user", author: "ada", content: "The thermostat hangs in the corridor" }],
    });
    await createVectors(await deps({})).follower.catchUp();
    await reindexVectors(await deps(atQdrant));
    expect(await database.query("select store from vector_spaces")).toEqual([{ store: "qdrant" }]);
    expect(await database.query("select from message_vectors")).toEqual([]);

    const vectors = createVectors(await deps(atQdrant));
    const find = async (principal: typeof ada) =>
      vectors.source.find({
        principal,
        query: "thermostats",
        threadId: null,
        scope: null,
        withMessages: true,
        limit: 5,
      });
    expect((await find(ada)).map(({ id }) => id)).toEqual([messages[0]!.id]);
    expect(await find(eve)).toEqual([]);
    // Back in the main database by the setting alone, the vectors stay where they are until a reindex.
    await expect(deps({})).rejects.toMatchObject({ code: "CONFIG_INVALID" });

    qdrant.mode = "error";
    const recall = createRecall({ database, cipher, sources: [vectors.source] });
    const degraded: string[] = [];
    const ask = { principal: ada, query: "thermostat", limit: 5 };
    expect(await recall({ ...ask, onDegraded: (part) => degraded.push(part) })).toHaveLength(1);
    expect(degraded).toEqual(["vectors"]);

    qdrant.mode = "ok";
    await timeline.open({ principal: ada, threadId: thread.id, mode: "confidential", messages: [] });
    await vectors.follower.catchUp();
    expect(await find(ada)).toEqual([]);
    await reindexVectors(await deps({ QDRANT_URL: qdrant.url }));
    expect(await database.query("select store, state from vector_spaces")).toEqual([
      { store: "postgres", state: "serving" },
    ]);
  } finally {
    await database.close();
    await qdrant.stop();
  }
});
