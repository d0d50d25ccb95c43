import type { IncomingHttpHeaders } from "node:http";
import type { ClientProfileRow } from "../../platform/config/registry.ts";
import type { ChatMessage } from "../../platform/models/model-gateway.ts";

/** A request that a chat page sends on its own. */
export interface AuxiliaryTask {
  /** Open WebUI's names: `title_generation`, `tags_generation`, `follow_up_generation` … */
  readonly task: string;
  /** The prompt that asks for it. */
  readonly prompt: string;
}

/** Prompts of tasks are short; a fragment further on is part of somebody's text. */
const lookedAt = 4_000;

const promptOf = (messages: readonly ChatMessage[]): string => {
  const last = messages.findLast(({ role }) => role === "user");
  if (last === undefined) return "";
  if (typeof last.content === "string") return last.content;
  return last.content.map((part) => (part.type === "text" ? part.text : "")).join("");
};

/**
 * What a chat page asks on its own, by header first and the shape of its prompt second; undefined for what a person asks. A
 * request that brings tools is a person's.
 */
export const auxiliaryTaskOf = (
  profile: ClientProfileRow,
  headers: IncomingHttpHeaders,
  messages: readonly ChatMessage[],
): AuxiliaryTask | undefined => {
  const header = profile.taskHeader === null ? undefined : headers[profile.taskHeader];
  const prompt = promptOf(messages);
  // A task that the profile does not list may be a person's message that the page dresses up.
  if (typeof header === "string") {
    const named = profile.tasks.find(({ task }) => task === header.trim());
    if (named) return { task: named.task, prompt };
  }
  if (profile.tasks.length === 0) return undefined;
  const start = prompt.slice(0, lookedAt).toLowerCase();
  const found = profile.tasks.find(({ fragments }) =>
    fragments.every((fragment) => start.includes(fragment.toLowerCase())),
  );
  return found && { task: found.task, prompt };
};
