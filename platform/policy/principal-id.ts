/**
 * Ids of principals. A key's own id has no slash (`key:web`, `local`); behind it may stand a person that its front end names
 * (`key:web/user:ada`), the unknown ones of a chat (`key:web/chat:42`), or the unknown one of a single request (`key:web/once:…`).
 */

/** The id of the key behind which a principal's id says that somebody is; a key's own id is itself. */
export const keyOfPrincipal = (id: string): string => id.split("/", 1)[0]!;

const behindKey = (id: string): string => id.split("/", 2)[1] ?? "";

/** Whether the id is one request's alone: nobody can ask for anything under it again. */
export const isOneRequest = (id: string): boolean => behindKey(id).startsWith("once:");

/**
 * Under which id bounds of a principal are counted. Chats whose people are unknown count together: the key's holder may name as
 * many of them as it likes.
 */
export const countedAs = (id: string): string =>
  behindKey(id).startsWith("chat:") ? `${keyOfPrincipal(id)}/chat` : id;
