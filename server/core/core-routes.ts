import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { DeepIndex } from "../../atlas/core/deep-index.ts";
import type { EdgeFollower } from "../../atlas/core/follow-edge.ts";
import { DeepEmbedReply, DeepEmbedRequest } from "../../atlas/deep/deep-embed.ts";
import { DeepSearchReply, DeepSearchRequest } from "../../atlas/deep/deep-search.ts";
import { SyncChange } from "../../atlas/deep/sync-page.ts";
import type { Embedder } from "../../atlas/vectors/embedder.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import { hangUpSignal } from "../http/hang-up.ts";
import { defineRoute, type Route } from "../route.ts";
import { createMetricsRoute } from "../routes/metrics.ts";
import { version } from "../version.ts";
import { createStoreHealth } from "./store-health.ts";

export interface CoreRoutesDeps {
  /** Of this core, among those of the same engine. */
  readonly name: string;
  readonly index: DeepIndex;
  /** Makes the vectors of the index, and of an engine that has none of its own made. */
  readonly embedder: Embedder;
  readonly follower: Pick<EdgeFollower, "state">;
  readonly metrics: Metrics;
  /** Whether a request shows the core's key. */
  readonly hasKey: (headers: IncomingHttpHeaders) => boolean;
}

const IndexRequest = z.object({ changes: z.array(SyncChange).min(1).max(1_000) }).meta({ id: "DeepIndexRequest" });
const IndexReply = z.object({ applied: z.int() }).meta({ id: "DeepIndexReply" });

const Health = z
  .object({
    status: z.enum(["ok", "degraded"]),
    version: z.string(),
    name: z.string(),
    store: z.enum(["postgres", "qdrant"]),
    model: z.string(),
    vectors: z.int().optional().describe("With the core's key only; up to some seconds old."),
    sync: z.object({
      state: z.string(),
      caught_up_at: z.string().optional(),
      applied: z.int(),
      refused: z.int().describe("Items that the model or the store does not take."),
    }),
    refused: z
      .array(z.object({ id: z.string(), reason: z.string() }))
      .optional()
      .describe("The newest of them, with the core's key only."),
  })
  .meta({ id: "CoreHealth" });

/** POST /atlas/deep/index, POST /atlas/deep/search, POST /atlas/deep/embed, GET /healthz, GET /metrics. */
export const createCoreRoutes = ({
  name,
  index,
  embedder,
  follower,
  metrics,
  hasKey,
}: CoreRoutesDeps): readonly Route[] => {
  const health = createStoreHealth(index);
  return [
    defineRoute({
      method: "post",
      path: "/atlas/deep/index",
      surface: "native",
      access: "core",
      summary: "Brings the index to the state of these items; the same again changes nothing.",
      body: IndexRequest,
      replies: { 200: { description: "They are held for good.", content: { "application/json": IndexReply } } },
      async handle({ response, body }) {
        // One item twice: what comes last is what it is.
        const changes = [...new Map(body.changes.map((change) => [change.id, change])).values()];
        await index.apply(changes);
        response.json({ applied: changes.length });
      },
    }),
    defineRoute({
      method: "post",
      path: "/atlas/deep/search",
      surface: "native",
      access: "core",
      summary: "The items that mean most nearly what is asked, of the given scopes only: ids and scores.",
      body: DeepSearchRequest,
      replies: { 200: { description: "Best first.", content: { "application/json": DeepSearchReply } } },
      async handle({ response, body }) {
        const { query, scope_keys, kinds, service, limit } = body;
        const results = await index.search({
          query,
          scopeKeys: scope_keys,
          kinds,
          service: service ?? null,
          limit,
          signal: hangUpSignal(response),
        });
        response.json({ results, model: index.model });
      },
    }),
    defineRoute({
      method: "post",
      path: "/atlas/deep/embed",
      surface: "native",
      access: "core",
      summary: "Vectors of texts by the core's own embedding model; nothing is kept.",
      body: DeepEmbedRequest,
      replies: { 200: { description: "In order.", content: { "application/json": DeepEmbedReply } } },
      async handle({ response, body }) {
        const vectors = await embedder.embed(body.texts, hangUpSignal(response));
        const { model, dimension } = embedder;
        response.json({ model, dimension, vectors: vectors.map((vector) => Array.from(vector)) });
      },
    }),
    defineRoute({
      method: "get",
      path: "/healthz",
      surface: "operations",
      access: "public",
      summary: "Whether the core runs, its store answers, and how far it follows.",
      replies: {
        200: { description: "All is well.", content: { "application/json": Health } },
        503: { description: "The store does not answer.", content: { "application/json": Health } },
      },
      async handle({ request, response }) {
        const keyed = hasKey(request.headers);
        const [answers, vectors] = await Promise.all([health.answers(), keyed ? health.vectors() : undefined]);
        const { state, caughtUpAt, applied, refused } = follower.state();
        response.status(answers ? 200 : 503).json({
          status: answers ? "ok" : "degraded",
          version,
          name,
          store: index.store,
          model: index.model,
          ...(vectors === undefined ? {} : { vectors }),
          sync: {
            state,
            ...(caughtUpAt === undefined ? {} : { caught_up_at: caughtUpAt }),
            applied,
            refused: refused.length,
          },
          ...(keyed ? { refused } : {}),
        });
      },
    }),
    createMetricsRoute({ metrics }),
  ];
};
