import { z } from "zod";
import type { Database } from "../../platform/db/database.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import type { TemporalWorker } from "../../workflows/jobs/temporal/create-temporal-worker.ts";
import { probe } from "../operations/readiness.ts";
import { defineRoute, type Route } from "../route.ts";
import { createLivenessRoute } from "../routes/liveness.ts";
import { createMetricsRoute } from "../routes/metrics.ts";

export interface WorkerRoutesDeps {
  readonly worker: Pick<TemporalWorker, "state" | "buildId">;
  readonly database: Database;
  readonly metrics: Metrics;
}

const WorkerReadiness = z
  .object({
    status: z.enum(["ready", "unavailable"]),
    worker: z.enum(["connecting", "running", "draining", "stopped"]),
    build_id: z.string().describe("The version of the workflow that it runs."),
    database: z.enum(["up", "down", "open-breaker"]),
  })
  .meta({ id: "WorkerReadiness" });

/** GET /health says that the process runs, GET /ready whether it takes steps of jobs, GET /metrics what it did. */
export const createWorkerRoutes = ({ worker, database, metrics }: WorkerRoutesDeps): readonly Route[] => {
  const content = { "application/json": WorkerReadiness };
  return [
    createLivenessRoute(),
    defineRoute({
      method: "get",
      path: "/ready",
      surface: "operations",
      access: "public",
      summary: "Whether the worker takes steps of jobs.",
      replies: {
        200: { description: "It does.", content },
        503: { description: "Temporal or the database is away, or it is stopping.", content },
      },
      async handle({ response }) {
        const { state } = await probe("database", database.kind, () => database.ping());
        const isReady = worker.state() === "running" && state === "up";
        if (!isReady) response.status(503).setHeader("Retry-After", "1");
        response.json({
          status: isReady ? "ready" : "unavailable",
          worker: worker.state(),
          build_id: worker.buildId,
          database: state,
        });
      },
    }),
    createMetricsRoute({ metrics }),
  ];
};
