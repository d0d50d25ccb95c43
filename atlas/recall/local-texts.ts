import type { Queryable } from "../../platform/db/database.ts";
import type { PlaintextRule } from "../follow/plaintext-rule.ts";
import { itemTerms } from "../index/item-terms.ts";
import { type IndexedPart, keyOf, lengthOf, toIndexedPart } from "../index/packed-item.ts";
import type { ThreadCipher } from "../thread-cipher.ts";
import type { Message } from "../timeline.ts";
import { type MessageRow, toMessage } from "../timeline-rows.ts";
import type { Breathe } from "./breather.ts";
import type { SeenBy } from "./read-fragments.ts";

/** Texts that are read and analysed for one query because they are in no index. */
export interface LocalTexts {
  readonly parts: readonly IndexedPart[];
  /** Parts that hold each term. */
  readonly found: ReadonlyMap<number, number>;
  readonly meanLength: number;
  /** By id. */
  readonly messages: ReadonlyMap<string, Message>;
}

export interface LocalTextsDeps {
  readonly database: Queryable;
  readonly cipher: Pick<ThreadCipher, "encrypt" | "decrypt">;
  /** What may not be indexed is not read in its place either. */
  readonly rule: PlaintextRule;
}

type Row = MessageRow & { readonly thread_id: string; readonly wrapped_key: Uint8Array | null };

/** Newest messages of each scope that are looked at for what is not indexed yet. */
const mostNew = 100;
/** Newest messages of a confidential thread that are decrypted. */
const mostConfidential = 500;
/** Characters of one text, and of all of a confidential thread or all new ones, that are searched in process. */
const longestText = 20_000;
const mostText = 400_000;
const mostNewText = 100_000;

const columns =
  "m.id, m.thread_id, m.position, m.role, m.author, m.content, m.ciphertext, m.created_at, m.meta, m.sealed_as, " +
  "m.revision_kind, m.revised_at, t.wrapped_key";

// Only what is not indexed is read whole: mostly nothing. No plain joins: without statistics the planner began with all threads.
const notIndexed = `
  with newest as materialized (
    select x.id from unnest(scope_keys($1, $2)) as scopes (scope_key) cross join lateral (
      select id, thread_id, position from messages where scope_key = scopes.scope_key and content is not null
      order by created_at desc limit ${mostNew}
    ) x
    where (scopes.scope_key = 'public' or $3 = 'scoped')
      and x.position > coalesce((select c.position from follower_cursors c where c.follower = 'text' and c.thread_id = x.thread_id), 0)
  )
  select * from (
    select ${columns}, sum(least(length(m.content), ${longestText})) over (order by m.created_at desc, m.position desc) as read
    from current_messages m join threads t on t.id = m.thread_id join channels ch on ch.id = t.channel_id
    where m.id = any (array(select id from newest)) and (ch.indexed or m.scope_key <> 'public') and m.role <> 'system' and t.mode = 'open'
      and m.revision_kind is distinct from 'tombstone'
  ) texts where read <= ${mostNewText}`;

const confidential = `
  select * from (
    select ${columns},
      sum(least(coalesce(length(m.content), length(m.ciphertext)), ${longestText})) over (order by m.position desc) as read
    from threads t join current_messages m on m.thread_id = t.id
    where t.id = $3 and (t.scope_key = any ((select scope_keys($1, $2))::text[])) is true and t.mode = 'confidential'
      and m.role <> 'system' and m.revision_kind is distinct from 'tombstone'
    order by m.position desc limit ${mostConfidential}
  ) texts where read <= ${mostText}`;

/**
 * What full text cannot find: the newest messages that are not indexed yet, and the newest ones of a confidential thread when the
 * query comes from inside it, decrypted in process. Bounded in number and length.
 */
export const readLocalTexts = async (
  { database, cipher, rule }: LocalTextsDeps,
  seenBy: SeenBy,
  threadId: string | null,
  excludedId: string | null,
  breathe: Breathe,
): Promise<LocalTexts> => {
  const [fresh, own] = await Promise.all([
    database.query<Row>(notIndexed, [...seenBy, rule], "recall_not_indexed"),
    threadId === null ? [] : database.query<Row>(confidential, [...seenBy, threadId], "recall_confidential"),
  ]);
  const messages = new Map<string, Message>();
  const parts: IndexedPart[] = [];
  const found = new Map<number, number>();
  let length = 0;
  for (const row of [...own, ...fresh]) {
    if (row.id === excludedId || messages.has(row.id)) continue;
    await breathe();
    const message = toMessage(cipher, row.thread_id, row.wrapped_key, row);
    messages.set(message.id, message);
    const time = new Date(message.createdAt);
    const place = {
      collection: 0,
      item: keyOf(message.id),
      parent: keyOf(message.threadId),
      position: message.position,
      minutes: Math.floor(time.getTime() / 60_000),
    };
    const text = message.content.slice(0, longestText);
    const item = { ...message, kind: "message", scopeKey: "", parent: message.threadId, text, time } as const;
    for (const part of itemTerms(item)) {
      // After everything indexed: newer wins a tie.
      const indexed = { ...toIndexedPart(place, part), seq: Number.MAX_SAFE_INTEGER - parts.length };
      parts.push(indexed);
      length += lengthOf(indexed);
      const hashes = new Set([...indexed.text, ...indexed.about]);
      for (const hash of hashes) found.set(hash, (found.get(hash) ?? 0) + 1);
    }
  }
  return { parts, found, meanLength: parts.length > 0 ? length / parts.length : 12, messages };
};
