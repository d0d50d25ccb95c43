import { createCheckReadiness, Readiness } from "../operations/readiness.ts";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";
import { createLivenessRoute } from "./liveness.ts";

/** GET /health says that the process runs, GET /ready whether it can answer and what state its dependencies are in. */
export const createHealthRoutes = (
  deps: Pick<ServerDeps, "database" | "cache" | "bus" | "models" | "remoteServices" | "core" | "temporal">,
): readonly Route[] => {
  const checkReadiness = createCheckReadiness(deps);
  const content = { "application/json": Readiness };
  return [
    createLivenessRoute(),
    defineRoute({
      method: "get",
      path: "/ready",
      surface: "operations",
      access: "public",
      summary: "Whether queries can be answered; each dependency's state and latency.",
      replies: {
        200: { description: "Ready, perhaps with poorer answers.", content },
        503: { description: "The database is down, or the process is stopping.", content },
      },
      async handle({ request, response }) {
        const readiness = await checkReadiness();
        const draining = request.app.enabled("draining");
        const unavailable = draining || readiness.status === "unavailable";
        if (unavailable) response.status(503).setHeader("Retry-After", "1");
        response.json(unavailable ? { ...readiness, status: "unavailable" } : readiness);
      },
    }),
  ];
};
