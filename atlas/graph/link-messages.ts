import type { Queryable } from "../../platform/db/database.ts";
import type { GraphEntry } from "./graph-rows.ts";

/** Turns between a question and its answer, of tools for instance. */
const furthestQuestion = 20;

// What was deleted or is confidential is referred to by nothing. Whether the reader sees the other one is asked when it is read.
const isThere = `
  select from current_messages c join threads t on t.id = c.thread_id
  where t.mode = 'open' and c.role <> 'system' and c.revision_kind is distinct from 'tombstone'`;

const answers = `
  insert into edges (from_id, to_id, kind, message_id, scope_key, origin, created_at)
  select i.item, question.id, 'answers', i.item, i.scope_key, 'rule', i.created_at
  from graph_items i cross join lateral (
    select m.id from all_messages m
    where m.thread_id = i.parent and m.position < i.position and m.position >= i.position - ${furthestQuestion}
      and m.role = 'user'
    order by m.position desc limit 1
  ) question
  where i.item = any ($1::uuid[]) and exists (${isThere} and c.id = question.id)
  on conflict do nothing`;

const references = `
  insert into edges (from_id, to_id, kind, message_id, scope_key, origin, created_at)
  select i.item, r.reference, 'refers_to', i.item, i.scope_key, 'rule', i.created_at
  from jsonb_to_recordset($1::jsonb) as r (item uuid, reference uuid) join graph_items i on i.item = r.item
  where r.reference <> r.item and exists (${isThere} and c.id = r.reference)
  on conflict do nothing`;

/** Joins answers with the questions before them, and messages with those whose ids they name. */
export const linkMessages = async (connection: Queryable, entries: readonly GraphEntry[]): Promise<void> => {
  const answering = entries.filter(({ item }) => item.kind === "message" && item.role === "assistant");
  if (answering.length > 0) {
    await connection.query(answers, [answering.map(({ item }) => item.item)], "graph_answers");
  }
  const named = entries.flatMap(({ item, extracted }) =>
    extracted.references.map((reference) => ({ item: item.item, reference })),
  );
  if (named.length > 0) await connection.query(references, [JSON.stringify(named)], "graph_references");
};
