import { AtlasStatus } from "../../atlas/atlas-status.ts";
import { requireAdmin } from "../require-admin.ts";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

/** GET /atlas/status: what the memory holds, how far its indexes and the deep core are; for administrators. */
export const createAtlasStatusRoute = ({ atlasStatus }: Pick<ServerDeps, "atlasStatus">): Route =>
  defineRoute({
    method: "get",
    path: "/atlas/status",
    surface: "native",
    access: "key",
    summary: "What the memory holds, how far its indexes are, and the lag of the deep core; for administrators.",
    replies: { 200: { description: "Counts only.", content: { "application/json": AtlasStatus } } },
    async handle({ principal, response }) {
      // It counts whole tables.
      requireAdmin(principal);
      response.json(await atlasStatus());
    },
  });
