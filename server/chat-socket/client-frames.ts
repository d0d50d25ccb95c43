import { z } from "zod";
import { Mode } from "../../platform/egress/egress-class.ts";
import { Locale, MessageKey, Timezone } from "../chat/query-control.ts";

const position = z.int().min(0).max(2_147_483_647);
const text = z.string().trim().min(1, "expected some text");

/** The first frame: who it is, and what it wants to hear. */
export const HelloFrame = z.object({
  type: z.literal("hello"),
  token: z.string().max(4_096).nullish().describe("API key; absent: the `Authorization` header of the handshake."),
  channel: z.string().min(1).max(512).nullish().describe("Absent or `direct`: the caller's own direct channel."),
  thread_id: z.string().min(1).max(128).nullish().describe("A thread of it; absent: the channel's live thread."),
  resume_from: position.nullish().describe("The last position that was seen: what came after is sent first."),
  changed_since: z.iso
    .datetime({ offset: true })
    .nullish()
    .describe("With `resume_from`: earlier messages that were edited or deleted since then are sent again."),
});

export const MessageFrame = z.object({
  type: z.literal("message"),
  id: MessageKey.nullish().describe("Names the message in frames about it; the same id again is not stored twice."),
  text,
  reply: z
    .boolean()
    .nullish()
    .describe("`false`: it is only stored. Absent: an answer comes, in a group only when Athena is mentioned."),
  mentions: z.array(z.string().max(256)).max(100).nullish(),
  mode: Mode.nullish(),
  consent: z.boolean().nullish(),
  locale: Locale.nullish(),
  timezone: Timezone.nullish(),
});

const ref = MessageKey.nullish();

export const ClientFrame = z.discriminatedUnion("type", [
  HelloFrame,
  MessageFrame,
  z.object({ type: z.literal("edit"), message_id: z.string().max(128), text, id: ref }),
  z.object({ type: z.literal("delete"), message_id: z.string().max(128), id: ref }),
  z.object({ type: z.literal("typing") }),
  z.object({ type: z.literal("abort"), id: ref.describe("Of the message whose answer is to stop; absent: of all.") }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;
export type HelloFrame = z.infer<typeof HelloFrame>;
export type MessageFrame = z.infer<typeof MessageFrame>;
