import type { SessionStore } from "../../platform/cache/session-store.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import { Readiness } from "../operations/readiness.ts";
import { defineRoute, type Route } from "../route.ts";
import { createMetricsRoute } from "../routes/metrics.ts";
import { version } from "../version.ts";
import type { EngineClient } from "./engine-client.ts";

export interface FrontRoutesDeps {
  readonly client: Pick<EngineClient, "alive">;
  readonly store: Pick<SessionStore, "count" | "kind">;
  readonly metrics: Metrics;
}

/** GET /health, /ready and /metrics of a front. It is ready without its engine too: messages are taken. */
export const createFrontRoutes = ({ client, store, metrics }: FrontRoutesDeps): readonly Route[] => [
  defineRoute({
    method: "get",
    path: "/health",
    surface: "operations",
    access: "public",
    summary: "Whether the process runs.",
    replies: { 200: { description: "It does." } },
    handle({ response }) {
      response.json({ status: "ok", version });
    },
  }),
  defineRoute({
    method: "get",
    path: "/ready",
    surface: "operations",
    access: "public",
    summary: "Whether the engine is there.",
    replies: { 200: { description: "Ready.", content: { "application/json": Readiness } } },
    async handle({ request, response }) {
      const isThere = await client.alive();
      const draining = request.app.enabled("draining");
      if (draining) response.status(503).setHeader("Retry-After", "1");
      const dependencies: Readiness["dependencies"] = [
        { name: "backend", kind: "external", state: isThere ? "up" : "down" },
        { name: "sessions", kind: store.kind === "redis" ? "external" : "embedded", state: "up" },
      ];
      const status = draining ? "unavailable" : isThere ? "ready" : "degraded";
      response.json({ status, dependencies } satisfies Readiness);
    },
  }),
  createMetricsRoute({ metrics }),
];
