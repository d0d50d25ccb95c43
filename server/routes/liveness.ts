import { z } from "zod";
import { defineRoute, type Route } from "../route.ts";
import { version } from "../version.ts";

const Health = z.object({ status: z.literal("ok"), version: z.string() });

/** GET /health says that the process runs, whatever it is. */
export const createLivenessRoute = (): Route =>
  defineRoute({
    method: "get",
    path: "/health",
    surface: "operations",
    access: "public",
    summary: "Whether the process runs.",
    replies: { 200: { description: "It does.", content: { "application/json": Health } } },
    handle({ response }) {
      response.json({ status: "ok", version });
    },
  });
