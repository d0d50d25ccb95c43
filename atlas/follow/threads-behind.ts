import type { Queryable } from "../../platform/db/database.ts";

const threadsPerPage = 2_000;
const beforeAll = "00000000-0000-0000-0000-000000000000";

// In order of their ids, so that no statement grows with the history.
const behind = `
  with page as materialized (select id, last_position, mode from threads where id > $1 order by id limit ${threadsPerPage})
  select (select id from page order by id desc limit 1) as last, array(
    select p.id from page p left join follower_cursors c on c.follower = $2 and c.thread_id = p.id
    where case p.mode when 'open' then p.last_position > coalesce(c.position, 0)
        or (select count(*) from message_revisions r where r.thread_id = p.id) <> coalesce(c.revisions, 0)
      else coalesce(c.holds_items, false) end
  ) as threads`;

/** The threads that a follower has not followed to their end, page by page. */
export async function* threadsBehind(connection: Queryable, follower: string): AsyncGenerator<readonly string[]> {
  for (let last: string | null = beforeAll; last !== null; ) {
    const [page]: { last: string | null; threads: string[] }[] = await connection.query(
      behind,
      [last, follower],
      "follow_behind",
    );
    if (page && page.threads.length > 0) yield page.threads;
    last = page?.last ?? null;
  }
}
