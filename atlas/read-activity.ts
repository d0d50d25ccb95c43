import type { Queryable } from "../platform/db/database.ts";

/** Something that was said in a period. */
export interface ActivityMoment {
  readonly messageId: string;
  readonly threadId: string;
  readonly at: Date;
  readonly author: string;
  /** The message's beginning; of an agent's report its title. */
  readonly text: string;
}

/** What a principal sees of a period; of confidential conversations nothing. */
export interface Activity {
  readonly threads: number;
  readonly messages: number;
  /** Of them the principal's own. */
  readonly ownMessages: number;
  readonly authors: number;
  readonly documents: number;
  /** The principal's questions that the engine answered, and how. */
  readonly queries: number;
  readonly degraded: number;
  readonly meanMs: number;
  readonly tokens: number;
  /** The first message of people in each conversation, oldest first; the newest conversations when there are more. */
  readonly timeline: readonly ActivityMoment[];
}

export interface ActivityQuestion {
  readonly principal: string;
  readonly from: Date;
  /** The first moment that is not in it. */
  readonly to: Date;
}

export type ReadActivity = (question: ActivityQuestion) => Promise<Activity>;

const mostMoments = 30;

const said = `
  from all_messages m join threads t on t.id = m.thread_id
  where m.scope_key = any ((select scope_keys($1))::text[]) and m.created_at >= $2 and m.created_at < $3 and t.mode = 'open'
    and m.role <> 'system'
    and not exists (select from message_revisions r where r.message_id = m.id and r.kind = 'tombstone')`;

const counts = `select count(*)::integer as messages, count(distinct m.thread_id)::integer as threads,
    count(distinct m.author)::integer as authors,
    (count(*) filter (where m.role = 'user' and coalesce(m.written_by, m.owner) = $1))::integer as own ${said}`;

const queries = `
  select count(*)::integer as queries, (count(*) filter (where jsonb_array_length(degraded) > 0))::integer as degraded,
    coalesce(round(avg(response_ms)), 0)::integer as mean_ms, coalesce(sum(tokens_in + tokens_out), 0)::float8 as tokens
  from query_logs where principal = $1 and created_at >= $2 and created_at < $3 and mode = 'open'`;

const documents = `select count(*)::integer as documents from documents
  where scope_key = any ((select scope_keys($1))::text[]) and updated_at >= $2 and updated_at < $3`;

const moments = `
  select * from (
    select distinct on (m.thread_id) m.id, m.thread_id, m.author, m.created_at,
      (select case when m.role = 'agent' then left(ltrim(split_part(c.content, E'\\n', 1), '# '), 240) else left(c.content, 240) end
       from current_messages c where c.id = m.id) as text ${said} and m.role <> 'assistant'
    order by m.thread_id, m.position) first
  where text <> '' order by created_at desc limit ${mostMoments}`;

interface MomentRow {
  readonly id: string;
  readonly thread_id: string;
  readonly author: string;
  readonly created_at: Date | string;
  readonly text: string;
}

/** Reads what happened, by counting rows: no model, and nothing that the principal does not see. */
export const createReadActivity =
  ({ database }: { readonly database: Queryable }): ReadActivity =>
  async ({ principal, from, to }) => {
    const given = [principal, from, to];
    const [[all], [asked], [added], rows] = await Promise.all([
      database.query<{ messages: number; threads: number; authors: number; own: number }>(counts, given),
      database.query<{ queries: number; degraded: number; mean_ms: number; tokens: number }>(queries, given),
      database.query<{ documents: number }>(documents, given),
      database.query<MomentRow>(moments, given),
    ]);
    return {
      threads: all!.threads,
      messages: all!.messages,
      ownMessages: all!.own,
      authors: all!.authors,
      documents: added!.documents,
      queries: asked!.queries,
      degraded: asked!.degraded,
      meanMs: asked!.mean_ms,
      tokens: asked!.tokens,
      timeline: rows.reverse().map((row) => ({
        messageId: row.id,
        threadId: row.thread_id,
        at: new Date(row.created_at),
        author: row.author,
        text: row.text.replace(/\s+/g, " ").trim(),
      })),
    };
  };
