import type { Queryable } from "../platform/db/database.ts";

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

// Of confidential threads only what is asked for from inside.
const seen = `
  with scopes as materialized (select scope_keys($2) as keys)
  select m.id from current_messages m join threads t on t.id = m.thread_id
  where m.id = any ($1::uuid[]) and t.scope_key = any ((select keys from scopes)::text[])
    and m.revision_kind is distinct from 'tombstone' and t.shredded_at is null and (t.mode = 'open' or t.id = $3::uuid)
  union all
  select c.id from document_chunks c
  where c.id = any ($1::uuid[]) and c.scope_key = any ((select keys from scopes)::text[])
  union all
  select s.id from thread_summaries s join threads t on t.id = s.thread_id
  where s.id = any ($1::uuid[]) and s.scope_key = any ((select keys from scopes)::text[]) and t.mode = 'open'
  union all
  select f.id from readable_facts f where f.id = any ($1::uuid[]) and f.scope_key = any ((select keys from scopes)::text[])`;

/** Those of the ids that name a message, chunk, summary or fact which the principal sees now, from inside a thread. */
export type ItemsSeen = (principal: string, threadId: string, ids: readonly string[]) => Promise<ReadonlySet<string>>;

export const createItemsSeen =
  ({ database }: { readonly database: Queryable }): ItemsSeen =>
  async (principal, threadId, ids) => {
    const possible = ids.filter((id) => uuid.test(id));
    if (possible.length === 0) return new Set();
    const rows = await database.query<{ id: string }>(seen, [possible, principal, threadId], "items_seen");
    return new Set(rows.map(({ id }) => id));
  };
