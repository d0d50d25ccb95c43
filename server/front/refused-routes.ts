import type { Logger } from "pino";
import { z } from "zod";
import { given } from "../chat/given.ts";
import { requireAdmin } from "../require-admin.ts";
import { defineRoute, type Route } from "../route.ts";
import { CountReply } from "../routes/events.ts";
import type { RefusedMessage, RefusedMessages } from "./refused-messages.ts";

export interface RefusedRoutesDeps {
  readonly refused: RefusedMessages;
  readonly logger: Pick<Logger, "info">;
}

const mostIds = 1_000;
export const mostListed = 1_000;

const SettleRequest = z.object({
  ids: z.array(z.uuid()).max(mostIds).nullish(),
  all: z.boolean().nullish().describe("All of them, instead of `ids`."),
});

export const RefusedReply = z.object({
  id: z.string(),
  thread_id: z.string(),
  author: z.string(),
  said_at: z.string().nullable().describe("`null`, as what follows: it cannot be opened with this master key."),
  refused_at: z.string().nullable(),
  code: z.string().nullable(),
  reason: z.string().nullable(),
  characters: z.int().nullable(),
});
export const RefusedListReply = z.object({ refused: z.array(RefusedReply), count: z.int() });

/** A refused message as it is shown: what it says never is. */
export const toRefusedReply = ({ id, threadId, author, about }: RefusedMessage): z.infer<typeof RefusedReply> => ({
  id,
  thread_id: threadId,
  author,
  said_at: about?.saidAt ?? null,
  refused_at: about?.refusedAt ?? null,
  code: about?.code ?? null,
  reason: about?.reason ?? null,
  characters: about?.characters ?? null,
});

/** GET /refused, POST /refused/retry and drop, of a front. For administrators. */
export const createRefusedRoutes = ({ refused, logger }: RefusedRoutesDeps): readonly Route[] => [
  defineRoute({
    method: "get",
    path: "/refused",
    surface: "operations",
    access: "key",
    summary: "Messages that the engine refused after the front took them, newest first; without what they say.",
    replies: { 200: { description: "The newest 1,000.", content: { "application/json": RefusedListReply } } },
    async handle({ response, principal }) {
      requireAdmin(principal);
      const { messages, count } = await refused.list(mostListed);
      response.json({ refused: messages.map(toRefusedReply), count } satisfies z.infer<typeof RefusedListReply>);
    },
  }),
  ...(["retry", "drop"] as const).map((action) =>
    defineRoute({
      method: "post",
      path: `/refused/${action}`,
      surface: "operations",
      access: "key",
      summary: action === "retry" ? "Lets them wait for the engine again." : "Gives them up.",
      body: SettleRequest,
      replies: { 200: { description: "How many.", content: { "application/json": CountReply } } },
      async handle({ response, principal, body }) {
        requireAdmin(principal);
        const count = await refused[action](given(body));
        logger.info({ action, count, by: principal.id }, "messages that the engine had refused");
        response.json({ count });
      },
    }),
  ),
];
