import type { ChatThread } from "./chat-backend.ts";
import type { MessageFrame } from "./client-frames.ts";

const isWordCharacter = /[\p{L}\p{N}_-]/u;

/** Whether a text holds `@name` as a word of its own. */
const mentions = (text: string, name: string): boolean => {
  const sought = `@${name.toLowerCase()}`;
  for (let at = text.indexOf(sought); at !== -1; at = text.indexOf(sought, at + 1)) {
    const after = text[at + sought.length];
    if (after === undefined || !isWordCharacter.test(after)) return true;
  }
  return false;
};

/**
 * Whether a message wants an answer: what it says in `reply`; else always between one person and Athena, and in a group when an
 * agent of it is mentioned. People who talk to each other are only stored.
 */
export const isAddressed = (
  { kind, agents }: Pick<ChatThread, "kind" | "agents">,
  { reply, text, mentions: named }: Pick<MessageFrame, "reply" | "text" | "mentions">,
): boolean => {
  if (typeof reply === "boolean") return reply;
  if (kind !== "group") return true;
  const names = ["athena", ...agents].map((name) => name.toLowerCase());
  if (named?.some((name) => names.includes(name.replace(/^@/, "").toLowerCase()))) return true;
  const lower = text.toLowerCase();
  return names.some((name) => mentions(lower, name));
};
