import { z } from "zod";
import type { BusEvent } from "./event-bus.ts";

/** What stands in a message; its subject is the message's own. */
const Envelope = z.object({
  id: z.string().min(1),
  payload: z.unknown(),
  aggregate: z.object({ type: z.string(), id: z.string() }),
  createdAt: z.iso.datetime(),
});

export const encodeEvent = ({ subject: _subject, ...envelope }: BusEvent): string => JSON.stringify(envelope);

export interface ReceivedMessage {
  readonly subject: string;
  readonly data: string;
  /** Stands for the event's id where the message names none. */
  readonly fallbackId: string;
  readonly receivedAt: Date;
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/**
 * The event in a message. What others publish may be the bare payload; then it has no order with other events. What is no JSON
 * has the payload null, which fits no subject.
 */
export const decodeEvent = ({ subject, data, fallbackId, receivedAt }: ReceivedMessage): BusEvent => {
  const json = jsonOf(data);
  const envelope = Envelope.safeParse(json);
  if (envelope.success) return { ...envelope.data, subject };
  return {
    id: fallbackId,
    subject,
    payload: json,
    aggregate: { type: "message", id: fallbackId },
    createdAt: receivedAt.toISOString(),
  };
};
