import { z } from "zod";
import type { SessionStore } from "../../platform/cache/session-store.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import { probe, Readiness } from "../operations/readiness.ts";
import { defineRoute, type Route } from "../route.ts";
import { createLivenessRoute } from "../routes/liveness.ts";
import { createMetricsRoute } from "../routes/metrics.ts";
import type { EngineClient } from "./engine-client.ts";

export interface FrontRoutesDeps {
  readonly client: Pick<EngineClient, "alive">;
  readonly store: Pick<SessionStore, "ping" | "kind">;
  /** How many messages wait and how many the engine refused, as was counted last. */
  readonly counts: () => FrontCounts;
  readonly metrics: Metrics;
}

const Counts = z.object({ waiting: z.int(), refused: z.int() });
export type FrontCounts = z.infer<typeof Counts>;
const FrontReadiness = Readiness.extend({ messages: Counts });

/** GET /health, /ready and /metrics of a front. It is ready without its engine, while what it keeps messages in takes them. */
export const createFrontRoutes = ({ client, store, counts, metrics }: FrontRoutesDeps): readonly Route[] => [
  createLivenessRoute(),
  defineRoute({
    method: "get",
    path: "/ready",
    surface: "operations",
    access: "public",
    summary: "Whether messages are taken, whether the engine is there, how many wait for it and how many it refused.",
    replies: {
      200: { description: "Messages are taken.", content: { "application/json": FrontReadiness } },
      503: { description: "They are not.", content: { "application/json": FrontReadiness } },
    },
    async handle({ request, response }) {
      const [isThere, sessions] = await Promise.all([
        client.alive(),
        probe("sessions", store.kind === "redis" ? "external" : "embedded", () => store.ping()),
      ]);
      const takes = sessions.state === "up" && !request.app.enabled("draining");
      if (!takes) response.status(503).setHeader("Retry-After", "1");
      const dependencies: Readiness["dependencies"] = [
        { name: "backend", kind: "external", state: isThere ? "up" : "down" },
        sessions,
      ];
      const status = takes ? (isThere ? "ready" : "degraded") : "unavailable";
      response.json({ status, dependencies, messages: counts() } satisfies z.infer<typeof FrontReadiness>);
    },
  }),
  createMetricsRoute({ metrics }),
];
