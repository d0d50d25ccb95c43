import express from "express";
import { pino } from "pino";
import { createDeepIndex } from "../../atlas/core/deep-index.ts";
import { createEdgeClient } from "../../atlas/core/edge-client.ts";
import { createEdgeFollower } from "../../atlas/core/follow-edge.ts";
import { createQdrantStore } from "../../atlas/core/qdrant-store.ts";
import { createDeepEdge } from "../../atlas/deep/deep-edge.ts";
import { createDeepFollower } from "../../atlas/deep/follow-for-deep.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { hashedEmbedding } from "../../platform/models/hashed-embedding.ts";
import { createIdentifyCore } from "../../server/core/identify-core.ts";
import { createSendError } from "../../server/errors/send-error.ts";
import { createBeginExchange } from "../../server/http/begin-exchange.ts";
import { listen } from "../../server/listen.ts";
import { createRouter } from "../../server/mount-routes.ts";
import { createAtlasCoreRoutes } from "../../server/routes/atlas-core.ts";

// Run as a process of its own until somebody kills it. Arguments: `edge`, the main database's address and a port; or `core`,
// Qdrant's address and the edge's. A line says that it is at work.
const [role = "", where = "", edgeUrl = ""] = process.argv.slice(2);
// Whoever started it may die before it is killed.
process.stdin.on("close", () => process.exit()).resume();
const logger = pino({ level: "silent" });
const key = "the-key-of-the-deep-core";

if (role === "edge") {
  const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: where }, logger });
  // Nobody hints here: writers are another process.
  createDeepFollower({ database, rule: "scoped", logger, sweepMs: 100, batch: 20 }).start();
  const deep = createDeepEdge({ database, rule: "scoped" });
  const identify = createIdentifyCore(key);
  const { router } = createRouter(createAtlasCoreRoutes({ deep }), {
    identify,
    identifyCore: identify,
    maxBodyBytes: 1_048_576,
  });
  const app = express();
  app.set("query parser", "simple");
  app.use(createBeginExchange({ logger, metrics: createMetrics() }));
  app.use(router);
  app.use(createSendError(logger));
  await listen(app, { host: "127.0.0.1", port: Number(edgeUrl) });
} else {
  const store = createQdrantStore({ url: where, layout: "tenants", collectionOf: () => "atlas_deep" });
  const embedder = {
    model: "athena-embed",
    dimension: 32,
    embed: async (texts: readonly string[]) => texts.map((text) => hashedEmbedding(text, 32)),
  };
  const index = createDeepIndex({ store, embedder });
  const edge = createEdgeClient({ url: edgeUrl, key, pageSize: 40 });
  createEdgeFollower({
    edge,
    index,
    notes: store,
    logger,
    waitSeconds: 1,
    shortestPauseMs: 50,
    longestPauseMs: 200,
  }).start();
}
process.stdout.write("working\n");
