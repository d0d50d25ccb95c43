import type { IncomingHttpHeaders } from "node:http";
import type { ClientProfileRow } from "../../platform/config/registry.ts";

/** What a request brings that may say which conversation it belongs to. */
export interface ConversationSigns {
  readonly headers: IncomingHttpHeaders;
  readonly user?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const longest = 256;
/** What clients send before they have an id, for chats that shall not be kept, or for a template that was not filled in. */
const none = /^(?:new|null|undefined|none|local:.*)$|\{\{/i;

const valueAt = (from: string, { headers, user, metadata = {} }: ConversationSigns): unknown => {
  if (from === "user") return user;
  if (from.startsWith("header:")) return headers[from.slice("header:".length)];
  return metadata[from.slice("metadata:".length)];
};

/** The client's own id of the conversation, from the first place of its profile that has one; undefined: stateless. */
export const externalConversationId = (profile: ClientProfileRow, signs: ConversationSigns): string | undefined => {
  for (const from of profile.conversation.from) {
    const value = valueAt(from, signs);
    const id = typeof value === "string" ? value.trim() : "";
    if (id !== "" && id.length <= longest && !none.test(id)) return id;
  }
  return undefined;
};
