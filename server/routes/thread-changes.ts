import { z } from "zod";
import { keyedMessageId } from "../../atlas/keyed-message-id.ts";
import type { NewMessage } from "../../atlas/timeline.ts";
import { Mode } from "../../platform/egress/egress-class.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { given } from "../chat/given.ts";
import { MessageKey, Scope, toThreadId } from "../chat/query-control.ts";
import { MessageReply, RevisionReply, ThreadReply, toMessageReply, toThreadReply } from "../native/thread-replies.ts";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

const mostMessages = 1_000;
/** What databases and clients can hold begins with the year 1. */
const firstYear = Date.parse("0001-01-01T00:00:00Z");
const Meta = z.record(z.string(), z.unknown());

const ThreadRequest = z
  .object({
    channel_id: z.string().min(1).max(256).nullish().describe("A channel; absent: the caller's own."),
    scope: Scope.nullish().describe("Of a thread in the caller's own channel; default `personal`."),
    team_id: z.string().min(1).max(256).nullish(),
    mode: Mode.nullish(),
    title: z.string().max(1_000).nullish(),
    meta: Meta.nullish(),
  })
  .meta({ id: "ThreadRequest" });

const AppendedMessage = z.object({
  role: z.enum(["user", "assistant", "system", "agent", "tool"]),
  author: z.string().min(1).max(256).nullish().describe("Absent: the caller's id for `user`, else the role."),
  content: z.string(),
  key: MessageKey.nullish(),
  created_at: z.iso
    .datetime({ offset: true })
    .refine((time) => Date.parse(time) >= firstYear, "is before the year 1")
    .nullish()
    .describe("When it was said; absent or in the future: now."),
  meta: Meta.nullish(),
});

const AppendRequest = z
  .object({
    since_position: z.int().min(0).max(2_147_483_647).describe("The position that the first message follows."),
    messages: z.array(AppendedMessage).min(1),
  })
  .meta({ id: "AppendRequest" });

const AppendReply = z
  .object({
    thread_id: z.string(),
    last_position: z.int(),
    mode: Mode.describe("Of the thread, now."),
    added: z.int().describe("How many were new; the others were there already, equal."),
    messages: z.array(z.object({ id: z.string(), position: z.int() })),
  })
  .meta({ id: "AppendReply" });

const EditRequest = z.object({ content: z.string() }).meta({ id: "EditRequest" });

const toNewMessage = (
  message: z.infer<typeof AppendedMessage>,
  principal: Principal,
  threadId: string,
): NewMessage => ({
  role: message.role,
  author: message.author ?? (message.role === "user" ? principal.id : message.role),
  content: message.content,
  ...(message.meta ? { meta: message.meta } : {}),
  ...(message.created_at ? { createdAt: message.created_at } : {}),
  ...(message.key ? { id: keyedMessageId(threadId, principal.id, message.key) } : {}),
});

const conflicts = {
  gap: "There is a gap before these messages; nothing was written.",
  other_content: "Other messages lie at these positions already; nothing was written.",
} as const;

const json = (status: number, description: string, schema: z.ZodType) => ({
  [status]: { description, content: { "application/json": schema } },
});

/** POST /threads, POST /threads/{id}/append, PATCH, DELETE and the earlier states of one message. */
export const createThreadChangesRoutes = ({
  threadChanges,
  settings,
}: Pick<ServerDeps, "threadChanges" | "settings">): readonly Route[] => {
  const common = { surface: "native", access: "key" } as const;
  const checkLength = (content: string, field: string): void => {
    const most = settings.ATHENA_MAX_MESSAGE_CHARS;
    if (content.length <= most) return;
    throw new AppError("TOO_LARGE", `A message has at most ${most} characters.`, { field });
  };
  const addressOf = (principal: Principal, params: Readonly<Record<string, unknown>>) => ({
    principal,
    threadId: toThreadId(params.id),
    messageId: String(params.message),
  });

  return [
    defineRoute({
      ...common,
      method: "post",
      path: "/threads",
      summary: "Makes an empty thread.",
      body: ThreadRequest,
      replies: json(201, "The thread.", ThreadReply),
      async handle({ response, principal, body }) {
        const thread = await threadChanges.create({
          principal,
          ...given({
            channelId: body.channel_id ?? undefined,
            scope: body.scope ?? undefined,
            teamId: body.team_id ?? undefined,
            mode: body.mode ?? undefined,
          }),
          meta: { ...body.meta, ...(body.title ? { title: body.title } : {}) },
        });
        response.status(201).json(toThreadReply(thread));
      },
    }),
    defineRoute({
      ...common,
      method: "post",
      path: "/threads/:id/append",
      summary: "Appends messages after a position; the same ones again add nothing.",
      body: AppendRequest,
      replies: json(200, "Where they lie.", AppendReply),
      async handle({ request, response, principal, body }) {
        const threadId = toThreadId(request.params.id);
        if (body.messages.length > mostMessages) {
          throw new AppError("TOO_LARGE", `At most ${mostMessages} messages at once.`, { field: "messages" });
        }
        for (const [index, { content }] of body.messages.entries()) checkLength(content, `messages.${index}.content`);
        const appended = await threadChanges.append({
          principal,
          threadId,
          sincePosition: body.since_position,
          messages: body.messages.map((message) => toNewMessage(message, principal, threadId)),
        });
        if (appended.state !== "ok") {
          throw new AppError("CONFLICT", conflicts[appended.state], {
            field: "since_position",
            facts: { expected_position: appended.expectedPosition },
          });
        }
        const { lastPosition, mode, added, messages } = appended;
        response.json({ thread_id: threadId.toLowerCase(), last_position: lastPosition, mode, added, messages });
      },
    }),
    defineRoute({
      ...common,
      method: "patch",
      path: "/threads/:id/messages/:message",
      summary: "Gives one's own message other content; what it said before is kept beside it.",
      body: EditRequest,
      replies: json(200, "The message as it is now.", MessageReply),
      async handle({ request, response, principal, body }) {
        const address = addressOf(principal, request.params);
        checkLength(body.content, "content");
        response.json(toMessageReply(await threadChanges.edit({ ...address, content: body.content })));
      },
    }),
    defineRoute({
      ...common,
      method: "delete",
      path: "/threads/:id/messages/:message",
      summary: "Deletes one's own message; its position stays, empty.",
      replies: { 204: { description: "It is deleted." } },
      async handle({ request, response, principal }) {
        await threadChanges.remove(addressOf(principal, request.params));
        response.status(204).end();
      },
    }),
    defineRoute({
      ...common,
      method: "get",
      path: "/threads/:id/messages/:message/revisions",
      summary: "What one's own message said before, oldest first.",
      replies: json(200, "Its states.", z.object({ revisions: z.array(RevisionReply) })),
      async handle({ request, response, principal }) {
        const revisions = await threadChanges.revisions(addressOf(principal, request.params));
        response.json({
          revisions: revisions.map(({ kind, content, actor, createdAt }) => ({
            kind,
            content: content ?? null,
            actor,
            created_at: createdAt,
          })),
        });
      },
    }),
  ];
};
