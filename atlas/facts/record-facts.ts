import { randomUUID } from "node:crypto";
import type { Queryable } from "../../platform/db/database.ts";
import { storableText } from "../../platform/db/storable.ts";
import type { FactContent } from "./fact-content.ts";
import type { Fact } from "./facts.ts";

/** The message that says something, and its text as it was then. */
export interface FactSource {
  readonly messageId: string;
  readonly threadId: string;
  readonly textHash: string;
}

/** A fact to keep, as the database has it. */
export interface FactToRecord {
  readonly scopeKey: string;
  readonly owner: string;
  readonly origin: Fact["origin"];
  readonly content: FactContent;
  readonly source?: FactSource;
  readonly validFrom: Date;
}

/** Those who write facts of one scope stand in a line until their transactions end. */
export const lockFacts = async (connection: Queryable, scopeKey: string): Promise<void> => {
  await connection.query(
    "select pg_advisory_xact_lock(hashtextextended($1, 4710271968))",
    [`facts ${scopeKey}`],
    "facts_lock",
  );
};

const seen = `
  insert into fact_sources (message_id, content_key, thread_id, text_hash) values ($1, $2, $3, $4)
  on conflict (message_id, content_key) do nothing returning message_id`;
/** Whether this message was not known to say this; it is from now on. */
export const isNew = async (
  connection: Queryable,
  { messageId, threadId, textHash }: FactSource,
  key: string,
): Promise<boolean> => (await connection.query(seen, [messageId, key, threadId, textHash], "facts_seen")).length > 0;

const linkSource = "update fact_sources set fact = $3 where message_id = $1 and content_key = $2";

// What says the same and held at that time.
const same = `
  select id from facts where scope_key = $1 and content_key = $2 and valid_from <= $3 and (valid_to is null or valid_to > $3)
  order by valid_from desc limit 1`;

const beside = `
  select
    (select jsonb_build_object('id', id, 'valid_from', valid_from) from facts
      where scope_key = $1 and slot = $2 and valid_from > $3 order by valid_from, sequence limit 1) as next,
    (select id from facts where scope_key = $1 and slot = $2 and valid_from <= $3 and (valid_to is null or valid_to > $3)
      order by valid_from desc, sequence desc limit 1) as previous`;

const insert = `
  insert into facts (kind, id, scope_key, owner, sentence, subject, attribute, slot, content_key, terms, origin, source_message,
    source_thread, valid_from, valid_to, superseded_by)
  values (split_part($1, ':', 1), $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`;

const endFact = `
  update facts set valid_to = greatest(valid_from, $3), superseded_by = $4, ended_by_message = $5
  where id = $1 and scope_key = $2`;

/** Ends a fact that holds, for another one or (null) for nothing. */
export const endedBy = (
  connection: Queryable,
  fact: { readonly id: string; readonly scopeKey: string },
  end: { readonly at: Date; readonly successor: string | null; readonly messageId: string | null },
): Promise<object[]> =>
  connection.query(endFact, [fact.id, fact.scopeKey, end.at, end.successor, end.messageId], "facts_end");

/**
 * Keeps a fact, on the caller's transaction under `lockFacts`. What a message said before (also if it was deleted since) and
 * what says the same as a fact that held then add nothing; a fact of the same slot ends where this one begins, whichever of
 * the two is told first.
 *
 * @returns the id of the new fact or of the one that says the same; undefined: it was known from this message already.
 */
export const recordFact = async (
  connection: Queryable,
  { scopeKey, owner, origin, content, source, validFrom }: FactToRecord,
): Promise<string | undefined> => {
  const { contentKey, slot } = content;
  if (source) {
    if (!(await isNew(connection, source, contentKey))) return undefined;
  }
  const [equal] = await connection.query<{ id: string }>(same, [scopeKey, contentKey, validFrom], "facts_same");
  const id = equal?.id ?? randomUUID();
  if (source) await connection.query(linkSource, [source.messageId, contentKey, id], "facts_link");
  if (equal) return id;

  interface Beside {
    readonly next: { readonly id: string; readonly valid_from: string } | null;
    readonly previous: string | null;
  }
  const [around] =
    slot === null ? [] : await connection.query<Beside>(beside, [scopeKey, slot, validFrom], "facts_beside");
  const next = around?.next ?? null;
  await connection.query(
    insert,
    [
      scopeKey,
      id,
      owner,
      storableText(content.sentence),
      storableText(content.subject),
      content.attribute,
      slot,
      contentKey,
      content.terms,
      origin,
      source?.messageId ?? null,
      source?.threadId ?? null,
      validFrom,
      next?.valid_from ?? null,
      next?.id ?? null,
    ],
    "facts_insert",
  );
  if (around?.previous) {
    const end = { at: validFrom, successor: id, messageId: source?.messageId ?? null };
    await endedBy(connection, { id: around.previous, scopeKey }, end);
  }
  return id;
};
