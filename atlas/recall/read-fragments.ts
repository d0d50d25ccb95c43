import type { Queryable } from "../../platform/db/database.ts";
import type { Message, Recalled, Thread } from "../timeline.ts";

/** A principal, and the scope to which what it sees is narrowed (null: none). */
export type SeenBy = readonly [principal: string, scope: Thread["scope"] | null];

interface SummaryRow {
  readonly id: string;
  readonly thread_id: string;
  readonly summary: string;
  readonly first_position: number;
  readonly last_position: number;
  readonly sources: readonly string[];
  readonly created_at: string | Date;
}

/** A fragment without its score. */
export type Fragment = Omit<Recalled, "score" | "layer">;

interface MessageRow {
  readonly id: string;
  readonly thread_id: string;
  readonly position: number;
  readonly author: string;
  readonly role: Message["role"];
  readonly content: string;
  readonly created_at: string | Date;
}

interface ChunkRow {
  readonly id: string;
  readonly document_id: string;
  readonly position: number;
  readonly heading_path: readonly string[];
  readonly page: number | null;
  readonly source: string;
  readonly title: string;
  readonly content: string;
  readonly updated_at: string | Date;
}

// Checked again here, whatever the index says: what may be seen, and that the thread has not turned confidential since.
const messagesById = `
  select m.id, m.thread_id, m.position, m.author, m.role, m.content, m.created_at
  from current_messages m join threads t on t.id = m.thread_id
  where m.id = any ($1::uuid[]) and m.scope_key = any ((select scope_keys($2, $3))::text[]) and m.content is not null
    and m.role <> 'system' and m.revision_kind is distinct from 'tombstone' and t.mode = 'open'`;

const chunksById = `
  select c.id, c.document_id, c.position, c.heading_path, c.page, d.source, d.title, c.content, d.updated_at
  from document_chunks c join documents d on d.id = c.document_id
  where c.id = any ($1::uuid[]) and c.scope_key = any ((select scope_keys($2, $3))::text[]) and d.indexed
    and d.service is not distinct from $4`;

const summariesById = `
  select s.id, s.thread_id, s.summary, s.first_position, s.last_position, s.sources, s.created_at
  from thread_summaries s join threads t on t.id = s.thread_id
  where s.id = any ($1::uuid[]) and s.scope_key = any ((select scope_keys($2, $3))::text[]) and t.mode = 'open'`;

/** Reads what was found, in the state it is in now, by id; what the principal may not see, or is gone, is left out. */
export const readFragments = async (
  database: Queryable,
  ids: readonly string[],
  seenBy: SeenBy,
  service: string | null,
  mayHold: { readonly messages: boolean; readonly chunks: boolean; readonly summaries?: boolean },
): Promise<Map<string, Fragment>> => {
  const [messages, chunks, summaries] = await Promise.all([
    ids.length === 0 || !mayHold.messages
      ? []
      : database.query<MessageRow>(messagesById, [ids, ...seenBy], "recall_messages"),
    ids.length === 0 || !mayHold.chunks
      ? []
      : database.query<ChunkRow>(chunksById, [ids, ...seenBy, service], "recall_chunks"),
    ids.length === 0 || !mayHold.summaries
      ? []
      : database.query<SummaryRow>(summariesById, [ids, ...seenBy], "recall_summaries_read"),
  ]);
  const fragments = new Map<string, Fragment>();
  for (const row of messages) {
    fragments.set(row.id, {
      messageId: row.id,
      threadId: row.thread_id,
      position: row.position,
      author: row.author,
      role: row.role,
      content: row.content,
      createdAt: new Date(row.created_at).toISOString(),
    });
  }
  for (const row of chunks) {
    fragments.set(row.id, {
      messageId: row.id,
      threadId: row.document_id,
      position: row.position,
      author: row.title || row.source,
      role: "tool",
      content: row.content,
      createdAt: new Date(row.updated_at).toISOString(),
      document: {
        id: row.document_id,
        title: row.title,
        source: row.source,
        headingPath: row.heading_path,
        ...(row.page === null ? {} : { page: row.page }),
      },
    });
  }
  for (const row of summaries) {
    fragments.set(row.id, {
      messageId: row.id,
      threadId: row.thread_id,
      position: row.last_position,
      author: "athena",
      role: "agent",
      content: row.summary,
      createdAt: new Date(row.created_at).toISOString(),
      summary: { firstPosition: row.first_position, lastPosition: row.last_position, sources: row.sources },
    });
  }
  return fragments;
};
