import { z } from "zod";
import type { Message, Thread } from "../../atlas/timeline.ts";

const Meta = z.record(z.string(), z.unknown());

export const ThreadReply = z
  .object({
    id: z.string(),
    channel_id: z.string(),
    owner: z.string(),
    scope: z.enum(["personal", "team", "public"]),
    team_id: z.string().optional(),
    mode: z.enum(["open", "confidential"]),
    created_at: z.string(),
    last_position: z.int(),
    meta: Meta,
  })
  .meta({ id: "Thread" });

export const MessageReply = z
  .object({
    id: z.string(),
    position: z.int(),
    role: z.enum(["user", "assistant", "system", "agent", "tool"]),
    author: z.string(),
    content: z.string(),
    created_at: z.string(),
    meta: Meta,
    state: z.enum(["edited", "deleted"]).optional().describe("Absent: as it was written."),
    changed_at: z.string().optional(),
  })
  .meta({ id: "Message" });

export const RevisionReply = z
  .object({
    kind: z.enum(["original", "edit", "tombstone"]),
    content: z.string().nullable(),
    actor: z.string(),
    created_at: z.string(),
  })
  .meta({ id: "Revision" });

export const ReceiptReply = z
  .object({
    query_id: z.string(),
    created_at: z.string(),
    egress: z.string(),
    lines: z.array(z.record(z.string(), z.unknown())).describe("What kind of data went where, under which rule."),
  })
  .meta({ id: "Receipt" });

export const toThreadReply = (thread: Thread): z.infer<typeof ThreadReply> => ({
  id: thread.id,
  channel_id: thread.channelId,
  owner: thread.owner,
  scope: thread.scope,
  ...(thread.teamId === undefined ? {} : { team_id: thread.teamId }),
  mode: thread.mode,
  created_at: thread.createdAt,
  last_position: thread.lastPosition,
  meta: thread.meta,
});

export const toMessageReply = (message: Message): z.infer<typeof MessageReply> => ({
  id: message.id,
  position: message.position,
  role: message.role,
  author: message.author,
  content: message.content,
  created_at: message.createdAt,
  meta: message.meta,
  ...(message.state === undefined ? {} : { state: message.state }),
  ...(message.changedAt === undefined ? {} : { changed_at: message.changedAt }),
});
