import type { Queryable } from "../../platform/db/database.ts";
import type { ChangedChunk } from "./changes.ts";
import { mayBeIndexed, type PlaintextRule } from "./plaintext-rule.ts";

interface ChunkRow {
  readonly id: string;
  readonly document_id: string;
  readonly position: number;
  readonly scope_key: string;
  readonly heading_path: readonly string[];
  readonly content: string;
  readonly service: string | null;
  readonly title: string;
  readonly indexed: boolean;
}

/** A document and what a follower is to know of it: its hash changes with whatever is followed. */
export interface DocumentState {
  readonly id: string;
  /** Null: the document is gone. */
  readonly hash: string | null;
}

const pending = `
  select d.id, d.content_hash || d.indexed::text as hash
  from documents d left join follower_documents x on x.follower = $1 and x.document_id = d.id
  where x.content_hash is distinct from d.content_hash || d.indexed::text
  union all
  select x.document_id, null from follower_documents x
  where x.follower = $1 and not exists (select from documents d where d.id = x.document_id)
  limit $2`;

/** Documents that are new or changed for a follower, and those that are gone; at most so many. */
export const pendingDocuments = (connection: Queryable, follower: string, limit: number): Promise<DocumentState[]> =>
  connection.query<DocumentState>(pending, [follower, limit], "follow_documents");

/** The chunks of these documents that may be indexed, in order. */
export const readChunks = async (
  connection: Queryable,
  documentIds: readonly string[],
  rule: PlaintextRule,
): Promise<ChangedChunk[]> => {
  const rows = await connection.query<ChunkRow>(
    `select c.id, c.document_id, c.position, c.scope_key, c.heading_path, c.content, d.service, d.title, d.indexed
     from document_chunks c join documents d on d.id = c.document_id
     where d.id = any ($1::uuid[]) order by c.document_id, c.position`,
    [documentIds],
    "follow_chunks",
  );
  return rows
    .filter(({ indexed, scope_key }) => indexed && mayBeIndexed(rule, scope_key, indexed))
    .map((row) => ({
      id: row.id,
      documentId: row.document_id,
      position: row.position,
      scopeKey: row.scope_key,
      headingPath: row.heading_path,
      content: row.content,
      service: row.service,
      title: row.title,
    }));
};

/** Notes that these documents are followed as they were read: one that changed since is pending again. */
export const moveDocumentCursors = async (
  connection: Queryable,
  follower: string,
  documents: readonly DocumentState[],
): Promise<void> => {
  const gone = documents.filter(({ hash }) => hash === null).map(({ id }) => id);
  const present = documents.filter(({ hash }) => hash !== null);
  await connection.query(
    `with gone as (delete from follower_documents where follower = $1 and document_id = any ($2::uuid[]))
     insert into follower_documents (follower, document_id, content_hash)
     select $1, * from unnest($3::uuid[], $4::text[])
     on conflict (follower, document_id) do update set content_hash = excluded.content_hash`,
    [follower, gone, present.map(({ id }) => id), present.map(({ hash }) => hash)],
    "follow_document_cursors",
  );
};
