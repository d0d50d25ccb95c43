import type { Queryable } from "../../platform/db/database.ts";
import { termsOf } from "./fact-content.ts";
import { relink } from "./relink.ts";

/** The messages that no longer say what they said. */
export type Dropped =
  | { readonly threadIds: readonly string[] }
  /** Each with the hash of its present text; null: it has none. */
  | { readonly messages: readonly { readonly id: string; readonly textHash: string | null }[] };

const ofThreads = "delete from fact_sources where thread_id = any ($1::uuid[]) returning message_id, fact";
const ofMessages = `
  delete from fact_sources s using unnest($1::uuid[], $2::text[]) as now (message_id, text_hash)
  where s.message_id = now.message_id and s.text_hash is distinct from now.text_hash returning s.message_id, s.fact`;

const withoutSource = `
  select id from facts f where id = any ($1::uuid[]) and source_message is not null
    and not exists (select from fact_sources s where s.fact = f.id)
  order by sequence desc`;

// What is said elsewhere too is known from there now: whose it is and in what words.
const moveSource = `
  update facts f set source_message = case when s.thread_id is not null then s.message_id end, source_thread = s.thread_id,
    owner = s.owner, sentence = s.sentence
  from (
    select distinct on (fact) fact, message_id, thread_id, owner, sentence from fact_sources
    where fact = any ($1::uuid[]) order by fact, said_at
  ) s
  where f.id = s.fact and f.source_message is not null
    and not exists (select from fact_sources x where x.fact = f.id and x.message_id = f.source_message)
  returning f.id, f.sentence, f.subject`;

const reopen = `
  update facts set valid_to = null, ended_by_message = null
  where ended_by_message = any ($1::uuid[]) and superseded_by is null`;

interface MovedFact {
  readonly id: string;
  readonly sentence: string;
  readonly subject: string;
}

/**
 * Takes out what these messages alone said, on the caller's transaction. Where a message was edited or deleted, what it had
 * ended holds again; what a thread that turned confidential had ended stays ended, because it was said.
 */
export const dropSources = async (connection: Queryable, dropped: Dropped): Promise<void> => {
  const rows = await ("threadIds" in dropped
    ? connection.query<{ message_id: string; fact: string | null }>(
        ofThreads,
        [dropped.threadIds],
        "facts_drop_threads",
      )
    : connection.query<{ message_id: string; fact: string | null }>(
        ofMessages,
        [dropped.messages.map(({ id }) => id), dropped.messages.map(({ textHash }) => textHash)],
        "facts_drop_messages",
      ));
  if (rows.length === 0) return;
  const facts = [...new Set(rows.flatMap(({ fact }) => fact ?? []))];
  const gone = await connection.query<{ id: string }>(withoutSource, [facts], "facts_without_source");
  for (const { id } of gone) {
    if ("messages" in dropped) await connection.query(relink, [id], "facts_relink");
    await connection.query("update facts set superseded_by = null where superseded_by = $1", [id], "facts_unlink");
    await connection.query("delete from facts where id = $1", [id], "facts_delete");
  }
  const moved = await connection.query<MovedFact>(moveSource, [facts], "facts_move_source");
  for (const { id, sentence, subject } of moved) {
    await connection.query(
      "update facts set terms = $2 where id = $1",
      [id, termsOf(sentence, subject)],
      "facts_terms",
    );
  }
  if ("messages" in dropped) {
    await connection.query(reopen, [[...new Set(rows.map(({ message_id }) => message_id))]], "facts_reopen");
  }
};
