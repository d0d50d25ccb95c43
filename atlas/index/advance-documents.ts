import type { Queryable } from "../../platform/db/database.ts";
import { lockIndex } from "./index-lock.ts";
import { indexTexts } from "./index-texts.ts";
import { mayBeIndexed, type PlaintextRule } from "./plaintext-rule.ts";
import { serviceSuffix } from "./text-item.ts";

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

/** Documents that are new or changed, and those that are indexed and gone; at most so many. */
export const pendingDocuments = async (connection: Queryable, limit: number): Promise<string[]> => {
  const rows = await connection.query<{ id: string }>(
    `select d.id from documents d left join text_documents x on x.document_id = d.id
       where x.content_hash is distinct from d.content_hash || d.indexed::text
     union all
     select x.document_id from text_documents x where not exists (select from documents d where d.id = x.document_id)
     limit $1`,
    [limit],
    "index_documents_pending",
  );
  return rows.map(({ id }) => id);
};

/** Brings the index to the state of these documents, on the caller's transaction; one that is gone leaves. */
export const indexDocuments = async (
  connection: Queryable,
  documentIds: readonly string[],
  rule: PlaintextRule,
): Promise<void> => {
  await lockIndex(connection);
  const chunks = await connection.query<ChunkRow>(
    `select c.id, c.document_id, c.position, c.scope_key, c.heading_path, c.content, d.service, d.title, d.indexed
     from document_chunks c join documents d on d.id = c.document_id
     where d.id = any ($1::uuid[]) order by c.document_id, c.position`,
    [documentIds],
    "index_chunks",
  );
  const allowed = chunks.filter((row) => row.indexed && mayBeIndexed(rule, row.scope_key, row.indexed));
  const present = new Set(allowed.map(({ id }) => id));
  const stored = await connection.query<{ item: string }>(
    "select distinct item from text_items where parent = any ($1::uuid[])",
    [documentIds],
    "index_closed",
  );
  await indexTexts(
    connection,
    allowed.map((row) => ({
      id: row.id,
      kind: "chunk",
      scopeKey: `${row.scope_key}${serviceSuffix(row.service)}`,
      parent: row.document_id,
      position: row.position,
      text: row.content,
      title: [row.title, ...row.heading_path.filter((heading) => heading !== row.title)].join(" "),
    })),
    stored.map(({ item }) => item).filter((item) => !present.has(item)),
  );
  await connection.query("delete from text_documents where document_id = any ($1::uuid[])", [documentIds]);
  await connection.query(
    `insert into text_documents (document_id, content_hash)
     select id, content_hash || indexed::text from documents where id = any ($1::uuid[])`,
    [documentIds],
  );
};
