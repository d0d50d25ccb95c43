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
  readonly saidAt: Date;
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

/** Who says something and in what words: the fact's, when whoever said it first takes it back. */
export interface Words {
  readonly owner: string;
  readonly sentence: string;
}

const seen = `
  insert into fact_sources (message_id, content_key, thread_id, text_hash, said_at, owner, sentence)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (message_id, content_key) do nothing returning message_id`;

/** Whether this message was not known to say this; it is from now on. */
export const isNew = async (
  connection: Queryable,
  { messageId, threadId, textHash, saidAt }: FactSource,
  key: string,
  words?: Words,
): Promise<boolean> => {
  const said = [words?.owner ?? null, words === undefined ? null : storableText(words.sentence)];
  const rows = await connection.query(seen, [messageId, key, threadId, textHash, saidAt, ...said], "facts_seen");
  return rows.length > 0;
};

// What somebody states through the API holds without any message; stated again it holds from then too.
const linkStatement = `
  with again as (
    update fact_sources set said_at = greatest(said_at, $4), sentence = $3
    where fact = $1 and owner = $2 and thread_id is null returning fact
  )
  insert into fact_sources (message_id, content_key, said_at, owner, sentence, fact)
  select $6, $5, $4, $2, $3, $1 where not exists (select from again)`;

const linkSource = "update fact_sources set fact = $3 where message_id = $1 and content_key = $2";

interface Neighbour {
  readonly id: string;
  readonly content_key: string;
  readonly valid_from: string;
  readonly source_message: string | null;
}

// The fact of the slot that held then, and the first one after it. As text: a Date would lose the microseconds.
const beside = `
  select
    (select row_to_json(x) from (
      select id, content_key, valid_from, source_message from facts where scope_key = $1 and slot = $2
        and valid_from <= $3 and (valid_to is null or valid_to > $3)
      order by valid_from desc, sequence desc limit 1) x) as previous,
    (select row_to_json(x) from (
      select id, content_key, valid_from, source_message from facts where scope_key = $1 and slot = $2 and valid_from > $3
      order by valid_from, sequence limit 1) x) as next`;

const insert = `
  insert into facts (kind, id, scope_key, owner, sentence, subject, attribute, slot, content_key, terms, origin, source_message,
    source_thread, valid_from, valid_to, superseded_by, ended_by_message)
  values (split_part($1, ':', 1), $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`;

const endFact = `
  update facts set valid_to = greatest(valid_from, $3), superseded_by = $4, ended_by_message = $5
  where id = $1 and scope_key = $2`;

// Said already, but later: it held from now on.
const begin = `
  update facts set valid_from = $2, source_message = coalesce($3, source_message), source_thread = coalesce($4, source_thread)
  where id = $1`;

// What was said again after another fact took its place holds again from then on, as a fact of its own.
const sayAgain = `
  with later as (
    select message_id, content_key, thread_id, said_at from fact_sources where fact = $1 and said_at > $2
    order by said_at limit 1
  ), again as (
    insert into facts (kind, id, scope_key, owner, sentence, subject, attribute, slot, content_key, terms, origin,
      source_message, source_thread, valid_from, valid_to, superseded_by, ended_by_message)
    select f.kind, $3, f.scope_key, f.owner, f.sentence, f.subject, f.attribute, f.slot, f.content_key, f.terms, f.origin,
      case when later.thread_id is not null then later.message_id end, later.thread_id, later.said_at, f.valid_to, f.superseded_by, f.ended_by_message
    from facts f cross join later where f.id = $1
    returning id
  )
  update fact_sources s set fact = again.id from again, later where s.fact = $1 and s.said_at >= later.said_at
  returning again.id, later.said_at::text as valid_from, case when later.thread_id is not null then later.message_id end as source_message`;

/** Ends a fact that holds, for another one or (null) for nothing. */
export const endedBy = (
  connection: Queryable,
  fact: { readonly id: string; readonly scopeKey: string },
  end: { readonly at: Date; readonly successor: string | null; readonly messageId: string | null },
): Promise<object[]> =>
  connection.query(endFact, [fact.id, fact.scopeKey, end.at, end.successor, end.messageId], "facts_end");

/**
 * Keeps a fact, on the caller's transaction under `lockFacts`. What a message said before (also if it was deleted since) and
 * what says the same as a fact that held then add nothing; a fact of the same slot ends where this one begins. In whatever
 * order facts are told, what held when comes out the same.
 *
 * @returns the id of the new fact or of the one that says the same; undefined: it was known from this message already.
 */
export const recordFact = async (
  connection: Queryable,
  { scopeKey, owner, origin, content, source, validFrom }: FactToRecord,
): Promise<string | undefined> => {
  const { contentKey, slot } = content;
  if (source && !(await isNew(connection, source, contentKey, { owner, sentence: content.sentence }))) return undefined;
  const linkTo = async (fact: string): Promise<string> => {
    if (source) await connection.query(linkSource, [source.messageId, contentKey, fact], "facts_link");
    else {
      const stated = [fact, owner, storableText(content.sentence), validFrom, contentKey, randomUUID()];
      await connection.query(linkStatement, stated, "facts_link_statement");
    }
    return fact;
  };
  const [around] = await connection.query<{ previous: Neighbour | null; next: Neighbour | null }>(
    beside,
    [scopeKey, slot, validFrom],
    "facts_beside",
  );
  const { previous = null, next = null } = around ?? {};
  if (previous?.content_key === contentKey) return linkTo(previous.id);
  const messageId = source?.messageId ?? null;
  const threadId = source?.threadId ?? null;
  const [again] = previous
    ? await connection.query<Pick<Neighbour, "id" | "valid_from" | "source_message">>(
        sayAgain,
        [previous.id, validFrom, randomUUID()],
        "facts_say_again",
      )
    : [];
  if (again === undefined && next?.content_key === contentKey) {
    await connection.query(begin, [next.id, validFrom, messageId, threadId], "facts_begin");
    if (previous) {
      await endedBy(connection, { id: previous.id, scopeKey }, { at: validFrom, successor: next.id, messageId });
    }
    return linkTo(next.id);
  }

  const id = randomUUID();
  const end = again ?? next;
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
      messageId,
      threadId,
      validFrom,
      end?.valid_from ?? null,
      end?.id ?? null,
      end?.source_message ?? null,
    ],
    "facts_insert",
  );
  if (previous) await endedBy(connection, { id: previous.id, scopeKey }, { at: validFrom, successor: id, messageId });
  return linkTo(id);
};
