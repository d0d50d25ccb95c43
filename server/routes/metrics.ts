import { z } from "zod";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

/** GET /metrics: Prometheus text. */
export const createMetricsRoute = ({ metrics }: Pick<ServerDeps, "metrics">): Route =>
  defineRoute({
    method: "get",
    path: "/metrics",
    surface: "operations",
    access: "key",
    summary: "Counters and histograms in Prometheus' text format.",
    replies: { 200: { description: "The metrics.", content: { "text/plain": z.string() } } },
    async handle({ response }) {
      response.setHeader("Content-Type", metrics.registry.contentType);
      response.end(await metrics.registry.metrics());
    },
  });
