import type { ChangedMessage } from "../follow/changes.ts";
import { hashOf } from "./fact-content.ts";
import type { FactSource } from "./record-facts.ts";

/** Whether a message can be a person's own turn that may be kept in clear. */
export const isTurn = ({ role, content, allowed }: ChangedMessage): boolean =>
  role === "user" && allowed && content !== null && content !== "";

/** Whose the facts of a turn are; what is said in public is kept for who said it. */
export const scopeOfFacts = (scopeKey: string, writer: string): string =>
  scopeKey.startsWith("team:") ? scopeKey : `user:${writer}`;

/** The turn as a source; of one that has no text to keep the hash is null. */
export const textHashOf = (turn: ChangedMessage): string | null => (isTurn(turn) ? hashOf([turn.content]) : null);

export const sourceOf = (turn: ChangedMessage): FactSource => ({
  messageId: turn.id,
  threadId: turn.threadId,
  textHash: hashOf([turn.content]),
  saidAt: turn.createdAt,
});
