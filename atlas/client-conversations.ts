import { randomUUID } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Queryable } from "../platform/db/database.ts";

export interface ClientConversation {
  /** The principal's id. */
  readonly owner: string;
  readonly profile: string;
  /** The client's own id of the conversation. */
  readonly externalId: string;
}

/** The threads of conversations that clients number themselves. */
export interface ClientConversations {
  /**
   * The thread of a client's conversation, always the same one; reserved on first use, also when several requests come at
   * once. The thread itself is made by the first query in it.
   * @throws {AppError} DATABASE_UNAVAILABLE
   */
  threadOf(conversation: ClientConversation): Promise<string>;
  /** The same without reserving: undefined for a conversation that nothing was asked in yet. @throws as `threadOf` */
  find(conversation: ClientConversation): Promise<string | undefined>;
}

export interface ClientConversationsDeps {
  readonly database: Queryable;
  /** The keyed hash under which external ids are stored: clients may put a person's name into them. */
  readonly mac: (text: string) => string;
  readonly maxKnown?: number;
}

/** Client conversations in the database, remembered in process: the mapping never changes once it is made. */
export const createClientConversations = ({
  database,
  mac,
  maxKnown = 10_000,
}: ClientConversationsDeps): ClientConversations => {
  const known = new LRUCache<string, string>({ max: maxKnown });
  const hashOf = ({ owner, profile, externalId }: ClientConversation) =>
    mac(JSON.stringify([owner, profile, externalId]));
  const remember = (hash: string, row: { readonly thread_id: string } | undefined): string | undefined => {
    if (row) known.set(hash, row.thread_id);
    return row?.thread_id;
  };

  return {
    async threadOf(conversation) {
      const hash = hashOf(conversation);
      const cached = known.get(hash);
      if (cached !== undefined) return cached;
      const { owner, profile } = conversation;
      // The update that changes nothing makes `returning` give the row that was there before.
      const [row] = await database.query<{ thread_id: string }>(
        `insert into client_conversations (owner, profile, external_id, thread_id) values ($1, $2, $3, $4)
         on conflict (owner, profile, external_id) do update set thread_id = client_conversations.thread_id
         returning thread_id`,
        [owner, profile, hash, randomUUID()],
        "client_conversation_reserve",
      );
      return remember(hash, row)!;
    },

    async find(conversation) {
      const hash = hashOf(conversation);
      const cached = known.get(hash);
      if (cached !== undefined) return cached;
      const { owner, profile } = conversation;
      const [row] = await database.query<{ thread_id: string }>(
        "select thread_id from client_conversations where owner = $1 and profile = $2 and external_id = $3",
        [owner, profile, hash],
        "client_conversation_find",
      );
      return remember(hash, row);
    },
  };
};
