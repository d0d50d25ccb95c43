import type { Queryable } from "../../platform/db/database.ts";

const perPage = 2_000;
const beforeAll = "00000000-0000-0000-0000-000000000000";

// The laterals keep planners from reading all cursors for each page.
const behindIn = (page: string): string => `
  select p.id from ${page} p left join lateral (
    select position, revisions, holds_items from follower_cursors where follower = $1 and thread_id = p.id limit 1
  ) c on true
  where case p.mode when 'open' then p.last_position > coalesce(c.position, 0)
      or (select max(r.sequence) from message_revisions r where r.thread_id = p.id) > coalesce(c.revisions, 0)
    else coalesce(c.holds_items, false) end`;

// In order of their ids, so that no statement grows with the history.
const behind = `
  with page as materialized (select id, last_position, mode from threads where id > $2 order by id limit ${perPage})
  select (select id from page order by id desc limit 1) as last, array(${behindIn("page")}) as threads`;

const behindAmong = `
  with given as materialized (select id, last_position, mode from threads where id = any ($2::uuid[]))
  ${behindIn("given")}`;

/** The threads that a follower has not followed to their end, page by page. */
export async function* threadsBehind(connection: Queryable, follower: string): AsyncGenerator<readonly string[]> {
  for (let last: string | null = beforeAll; last !== null; ) {
    const [page]: { last: string | null; threads: string[] }[] = await connection.query(
      behind,
      [follower, last],
      "follow_behind",
    );
    if (page && page.threads.length > 0) yield page.threads;
    last = page?.last ?? null;
  }
}

/** The same of those with these ids; others' ids may be among them. */
export const threadsBehindAmong = async (
  connection: Queryable,
  follower: string,
  ids: readonly string[],
): Promise<string[]> => {
  const found: string[] = [];
  for (let from = 0; from < ids.length; from += perPage) {
    const rows = await connection.query<{ id: string }>(
      behindAmong,
      [follower, ids.slice(from, from + perPage)],
      "follow_behind_among",
    );
    for (const { id } of rows) found.push(id);
  }
  return found;
};
