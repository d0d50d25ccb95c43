import { z } from "zod";
import { Mode } from "../../platform/egress/egress-class.ts";
import { given } from "../chat/given.ts";
import { Scope, toThreadId } from "../chat/query-control.ts";
import { wholeNumber } from "../http/whole-number.ts";
import { MessageReply, ReceiptReply, ThreadReply, toMessageReply, toThreadReply } from "../native/thread-replies.ts";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

const limit = wholeNumber(1, 500, "1 to 500; default 100.");

const name = z.string().min(1).max(256).optional();
const ThreadsQuery = z.object({
  after: name,
  limit,
  scope: Scope.optional().meta({
    description: "What the caller sees of that scope; absent: the caller's own threads.",
  }),
  team_id: name,
  channel_id: name,
  q: name.meta({ description: "Part of the title or of another text of the meta." }),
});
const MessagesQuery = z.object({
  after: wholeNumber(0, 2_147_483_647, "A position."),
  limit,
});
const ChangedQuery = z.object({
  since: z.iso.datetime({ offset: true }).transform((time) => new Date(time)),
  limit,
});
const ReceiptsQuery = z.object({ limit });
const defaultLimit = 100;

const MessagesPage = z.object({
  messages: z.array(MessageReply),
  next_after: z.int().nullable(),
  mode: Mode.describe("Of the thread, now."),
  revisions: z
    .int()
    .describe("How many edits and deletions the thread has seen; what was read before holds while it stays."),
});

const json = (description: string, schema: z.ZodType) => ({
  200: { description, content: { "application/json": schema } },
});

/** GET /threads, /threads/{id}, its messages and its receipts. A thread of another is 404, like one that is unknown. */
export const createThreadsRoutes = ({ timeline }: Pick<ServerDeps, "timeline">): readonly Route[] => {
  const common = { method: "get", surface: "native", access: "key" } as const;
  return [
    defineRoute({
      ...common,
      path: "/threads",
      summary: "The caller's threads, or those of a scope, newest first.",
      query: ThreadsQuery,
      replies: json("One page.", z.object({ threads: z.array(ThreadReply), next_after: z.string().nullable() })),
      async handle({ response, principal, query }) {
        const page = {
          limit: query.limit ?? defaultLimit,
          ...given({
            after: query.after,
            scope: query.scope,
            teamId: query.team_id,
            channelId: query.channel_id,
            query: query.q,
          }),
        };
        const { threads, nextAfter } = await timeline.threads(principal, page);
        response.json({ threads: threads.map(toThreadReply), next_after: nextAfter ?? null });
      },
    }),
    defineRoute({
      ...common,
      path: "/threads/:id",
      summary: "One thread.",
      replies: json("The thread.", ThreadReply),
      async handle({ request, response, principal }) {
        response.json(toThreadReply(await timeline.thread(principal, toThreadId(request.params.id))));
      },
    }),
    defineRoute({
      ...common,
      path: "/threads/:id/messages",
      summary: "Messages of a thread after a position, oldest first.",
      query: MessagesQuery,
      replies: json("One page.", MessagesPage),
      async handle({ request, response, principal, query }) {
        const page = { after: query.after ?? 0, limit: query.limit ?? defaultLimit };
        const found = await timeline.messages(principal, toThreadId(request.params.id), page);
        response.json({
          messages: found.messages.map(toMessageReply),
          next_after: found.nextAfter ?? null,
          mode: found.mode,
          revisions: found.revisions,
        });
      },
    }),
    defineRoute({
      ...common,
      path: "/threads/:id/changed",
      summary: "Messages of a thread that were edited or deleted since a time, as they are now.",
      query: ChangedQuery,
      replies: json("The messages.", z.object({ messages: z.array(MessageReply) })),
      async handle({ request, response, principal, query }) {
        const page = { since: query.since, limit: query.limit ?? defaultLimit };
        const messages = await timeline.changed(principal, toThreadId(request.params.id), page);
        response.json({ messages: messages.map(toMessageReply) });
      },
    }),
    defineRoute({
      ...common,
      path: "/threads/:id/receipts",
      summary: "What left the process for each query of a thread, newest first.",
      query: ReceiptsQuery,
      replies: json("The receipts.", z.object({ receipts: z.array(ReceiptReply) })),
      async handle({ request, response, principal, query }) {
        const id = toThreadId(request.params.id);
        const receipts = await timeline.receipts(principal, id, query.limit ?? defaultLimit);
        response.json({
          receipts: receipts.map(({ queryId, createdAt, egress, lines }) => ({
            query_id: queryId,
            created_at: createdAt,
            egress,
            lines,
          })),
        });
      },
    }),
  ];
};
