import type { Queryable } from "../../platform/db/database.ts";
import type { PlaintextRule } from "../follow/plaintext-rule.ts";
import { type CursorPlace, readCursor, type SyncChange, type SyncPage, toCursor } from "./sync-page.ts";

interface Row {
  readonly position: string;
  /** Changes that were found, up to one more than were asked for. */
  readonly found: string;
  readonly id: string;
  readonly kind: "message" | "chunk" | "gone";
  readonly parent: string;
  readonly scope_key: string;
  readonly message: {
    readonly role: string;
    readonly author: string;
    readonly created_at: string;
    readonly content: string;
  } | null;
  readonly chunk: {
    readonly title: string;
    readonly heading_path: readonly string[];
    readonly service: string | null;
    readonly content: string;
  } | null;
}

/** About so many bytes of text in one page, so that it fits a reply and a batch of an embedder; one item is always given. */
const mostText = 1_000_000;

// Read as it is now, whatever the log said when it was written: mode, rights to be indexed and the newest revision. The
// laterals keep planners without statistics from reading whole tables. Lengths are known without reading the texts: those
// beyond the end of the page stay where they are.
const page = `
  with page as materialized (
    select position, item, kind, parent, scope_key from deep_changes where position > $1 order by position limit $2 + 1
  ), sized as (
    select p.position, p.item, p.kind, p.parent, p.scope_key, m.role, m.author, m.created_at, m.content as said,
      c.title, c.heading_path, c.service, c.content as written,
      row_number() over before as place,
      sum(coalesce(octet_length(m.content), octet_length(c.content), 0)) over before as text
    from page p
    left join lateral (
      select m.role, m.author, m.created_at, m.content
      from current_messages m join threads t on t.id = m.thread_id join channels ch on ch.id = t.channel_id
      where p.kind = 'message' and m.id = p.item and t.mode = 'open' and m.content is not null and m.role <> 'system'
        and m.revision_kind is distinct from 'tombstone'
        and case m.scope_key when 'public' then ch.indexed else $3 = 'scoped' end
      limit 1
    ) m on true
    left join lateral (
      select d.title, c.heading_path, d.service, c.content
      from document_chunks c join documents d on d.id = c.document_id
      where p.kind = 'chunk' and c.id = p.item and d.indexed and (c.scope_key = 'public' or $3 = 'scoped')
      limit 1
    ) c on true
    window before as (order by p.position rows unbounded preceding)
  )
  select position, item as id, kind, parent, scope_key, (select count(*) from page) as found,
    case when said is not null
      then jsonb_build_object('role', role, 'author', author, 'created_at', created_at, 'content', said) end as message,
    case when written is not null
      then jsonb_build_object('title', title, 'heading_path', heading_path, 'service', service, 'content', written) end as chunk
  from sized where place <= $2 and (place = 1 or text <= ${mostText})
  order by position`;

const toChange = ({ kind, id, parent, scope_key, message, chunk }: Row): SyncChange => {
  if (kind === "gone") return { kind, id, scope_key };
  if (kind === "message") return { kind, id, scope_key, thread_id: parent, ...(message ?? { content: null }) };
  const { content = null, ...about } = chunk ?? {};
  return { kind, id, scope_key, document_id: parent, ...about, content } as SyncChange;
};

export interface SyncAsk {
  /** Undefined: from the start. */
  readonly after?: string;
  readonly limit: number;
  readonly rule: PlaintextRule;
}

/**
 * What changed after a cursor, in order, each item in its present state; at most `limit` changes and about a million bytes of text.
 * A cursor of another life of the log, or beyond its end, begins anew with `reset`.
 */
export const readSyncPage = async (database: Queryable, { after, limit, rule }: SyncAsk): Promise<SyncPage> => {
  const [log] = await database.query<{ epoch: string; last: string }>(
    "select epoch, (select coalesce(max(position), 0) from deep_changes) as last from deep_log",
    [],
    "deep_log",
  );
  const epoch = log?.epoch ?? "00000000-0000-0000-0000-000000000000";
  const asked: CursorPlace | undefined = after === undefined ? undefined : readCursor(after);
  const isKnown = asked !== undefined && asked.epoch === epoch && asked.position <= Number(log?.last ?? 0);
  const from = isKnown ? asked.position : 0;
  const rows = await database.query<Row>(page, [from, limit, rule], "deep_page");
  return {
    changes: rows.map(toChange),
    next: toCursor({ epoch, position: Number(rows.at(-1)?.position ?? from) }),
    more: rows.length < Number(rows[0]?.found ?? 0),
    // A reader that begins holds nothing of this log, but perhaps of another.
    reset: !isKnown,
  };
};
