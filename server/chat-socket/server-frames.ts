import { z } from "zod";
import { QueryReply } from "../native/query-request.ts";
import { MessageReply } from "../native/thread-replies.ts";

const ref = z.string().optional().describe("The `id` of the client's message.");
const threadId = z.string();

/** What the server sends; `docs/channels.md` has the same as a table. */
export const ServerFrame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("welcome"),
    position: z.int().describe("The thread's last position."),
    thread_id: threadId,
    channel: z.string(),
    kind: z.enum(["direct", "group", "webhook", "email", "voice"]),
    mode: z.enum(["open", "confidential"]),
    principal: z.string(),
    time: z.string().describe("For `changed_since` at the next `hello`."),
  }),
  MessageReply.extend({
    type: z.literal("message"),
    thread_id: threadId,
    position: z.int().nullable().describe("`null`: kept by the front, and not yet in the thread."),
    pending: z.literal(true).optional(),
    ref,
  }),
  z.object({ type: z.literal("delta"), ref, text: z.string(), reasoning: z.literal(true).optional() }),
  QueryReply.extend({
    type: z.literal("done"),
    ref,
    answer_id: z.string().optional(),
    answer_position: z.int().optional(),
    replayed: z.literal(true).optional().describe("The answer was given before."),
  }),
  z.object({
    type: z.literal("degraded"),
    ref,
    part: z.string(),
    reason: z.string(),
    over: z.literal(true).optional().describe("It is back."),
  }),
  z.object({
    type: z.literal("receipt"),
    ref,
    egress: z.string(),
    lines: z.array(z.record(z.string(), z.unknown())).describe("What kind of data went where, under which rule."),
  }),
  z.object({ type: z.literal("job"), ref, id: z.string(), status: z.string(), progress: z.number().optional() }),
  z.object({ type: z.literal("typing"), author: z.string() }),
  z.looseObject({
    type: z.literal("error"),
    ref,
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    field: z.string().optional(),
  }),
  z.object({ type: z.literal("ping"), position: z.int(), time: z.string() }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;
