import { z } from "zod";
import type { Channels } from "../../atlas/channels.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { given } from "../chat/given.ts";
import { createEnterThread } from "../chat-socket/enter-thread.ts";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

const EnterRequest = z
  .object({
    channel_id: z.string().min(1).max(512).nullish().describe("Absent: the caller's own direct channel."),
    thread_id: z.string().min(1).max(128).nullish().describe("Absent: the channel's live thread."),
  })
  .meta({ id: "EnterRequest" });

export const EnterReply = z
  .object({
    thread_id: z.string(),
    channel_id: z.string(),
    kind: z.enum(["direct", "group", "webhook", "email", "voice"]),
    agents: z.array(z.string()),
    mode: z.enum(["open", "confidential"]),
    last_position: z.int(),
    revisions: z.int().describe("How many edits and deletions the thread has seen."),
  })
  .meta({ id: "EnterReply" });

/** GET /ws/chat without a handshake, and POST /channels/enter, which fronts ask for the thread of a connection. */
export const createChatSocketRoutes = (
  deps: Pick<ServerDeps, "timeline" | "threadChanges"> & { readonly channels: Channels },
): readonly Route[] => [
  defineRoute({
    method: "get",
    path: "/ws/chat",
    surface: "native",
    access: "public",
    summary: "Chat over WebSocket; frames in docs/channels.md. The key comes with the first frame.",
    replies: {
      101: { description: "The connection is a WebSocket from here on." },
      426: { description: "It was not asked for." },
    },
    handle({ response }) {
      response.setHeader("Upgrade", "websocket");
      throw new AppError("UPGRADE_REQUIRED", "Connect with a WebSocket.");
    },
  }),
  defineRoute({
    method: "post",
    path: "/channels/enter",
    surface: "native",
    access: "key",
    summary: "A thread, or a channel's live one, which is made when it is not there.",
    body: EnterRequest,
    replies: { 200: { description: "Where one is.", content: { "application/json": EnterReply } } },
    async handle({ response, principal, body }) {
      const enter = createEnterThread(deps);
      const thread = await enter(
        principal,
        given({ channel: body.channel_id, threadId: body.thread_id }) as { channel?: string; threadId?: string },
      );
      // Nothing lies after the last position, mostly: only the state of the thread is read.
      const { revisions } = await deps.timeline.messages(principal, thread.id, {
        after: thread.lastPosition,
        limit: 1,
      });
      response.json({
        thread_id: thread.id,
        channel_id: thread.channelId,
        kind: thread.kind,
        agents: [...thread.agents],
        mode: thread.mode,
        last_position: thread.lastPosition,
        revisions,
      });
    },
  }),
];
