import { z } from "zod";
import { defineRoute, type Route } from "../route.ts";

export const MeReply = z
  .object({
    id: z.string().describe("What the caller's messages and threads are kept under."),
    profile: z.string(),
    roles: z.array(z.string()),
  })
  .meta({ id: "Me" });

/** GET /me: whom the server takes the caller for. */
export const createMeRoute = (): Route =>
  defineRoute({
    method: "get",
    path: "/me",
    surface: "native",
    access: "key",
    summary: "Who the caller is.",
    replies: { 200: { description: "The caller.", content: { "application/json": MeReply } } },
    handle({ response, principal: { id, profile, roles } }) {
      response.json({ id, profile, roles: [...roles] });
    },
  });
