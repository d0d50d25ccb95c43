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

const perPage = 2_000;
const beforeAll = "00000000-0000-0000-0000-000000000000";

const pending = `
  select given.id, d.content_hash || d.indexed::text as hash
  from unnest($2::uuid[]) as given (id) left join documents d on d.id = given.id
    left join follower_documents x on x.follower = $1 and x.document_id = given.id
  where x.content_hash is distinct from d.content_hash || d.indexed::text`;

const present = "select id, sequence::text as place from documents where sequence > $1 order by sequence limit $2";
const followed = `
  select document_id as id, document_id as place from follower_documents
  where follower = $3 and document_id > $1 order by document_id limit $2`;

/** Of these documents those that are new, changed or gone for a follower; others' ids may be among them. */
export const pendingDocuments = (
  connection: Queryable,
  follower: string,
  ids: readonly string[],
): Promise<DocumentState[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : connection.query<DocumentState>(pending, [follower, ids], "follow_documents");

/** All documents that there are, and then all that a follower knows, page by page. */
export async function* everyDocument(connection: Queryable, follower: string): AsyncGenerator<readonly string[]> {
  for (const [sql, first, ...more] of [
    [present, "0"],
    [followed, beforeAll, follower],
  ] as const) {
    for (let after: string | undefined = first; after !== undefined; ) {
      const page: { id: string; place: string }[] = await connection.query(sql, [after, perPage, ...more]);
      if (page.length > 0) yield page.map(({ id }) => id);
      after = page.at(-1)?.place;
    }
  }
}

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
