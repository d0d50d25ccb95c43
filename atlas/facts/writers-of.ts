import type { Queryable } from "../../platform/db/database.ts";

// Only where people write themselves: mails and events bring other people's words under the role `user`.
const writers = `
  select m.id, coalesce(m.written_by, m.owner) as writer
  from all_messages m join threads t on t.id = m.thread_id join channels ch on ch.id = t.channel_id
  where m.id = any ($1::uuid[]) and m.role = 'user' and ch.kind in ('direct', 'group', 'voice')
    and m.author = coalesce(m.written_by, m.owner)`;

/** Who wrote each of these messages, of those that are people's own turns. */
export const writersOf = async (database: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  if (ids.length === 0) return new Map();
  const rows = await database.query<{ id: string; writer: string }>(writers, [ids], "facts_writers");
  return new Map(rows.map(({ id, writer }) => [id, writer]));
};
