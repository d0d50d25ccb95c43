import type { Database } from "../../platform/db/database.ts";
import { storableText } from "../../platform/db/storable.ts";
import { mayBeIndexed, type PlaintextRule } from "../follow/plaintext-rule.ts";
import { analyseText } from "../index/analyse-text.ts";
import { hashTerm } from "../index/hash-term.ts";
import type { ThreadSummary } from "./thread-summary.ts";

export interface StoredSummaries {
  /** Threads whose summary is the given one now. */
  readonly stored: readonly string[];
  /** Threads that there are not, that are confidential or may not be indexed, that changed meanwhile, or of which a newer summary is here. */
  readonly refused: readonly string[];
}

// Locked in a statement of its own, so that the thread cannot turn confidential, and nothing of it be edited, before the summary is
// there to leave: a statement that had to wait for the lock would still count the revisions of the time before.
const lock = `
  select t.scope_key, c.indexed from threads t join channels c on c.id = t.channel_id
  where t.id = $1 and t.mode = 'open' for no key update of t`;

const store = `
  with thread as materialized (
    select id, scope_key from threads t
    where id = $1 and mode = 'open' and last_position >= $4
      and ($10::integer is null or $10 = (select count(*) from message_revisions r where r.thread_id = t.id))
  )
  insert into thread_summaries as s (thread_id, scope_key, summary, first_position, last_position, sources, written_by, terms,
    embedding, embedding_model)
  select id, scope_key, $2, $3, $4, $5::uuid[], $6, $7::integer[], $8::real[], $9 from thread
  on conflict (thread_id) do update set
    (id, summary, first_position, last_position, sources, written_by, terms, embedding, embedding_model, created_at)
    = (gen_random_uuid(), excluded.summary, excluded.first_position, excluded.last_position, excluded.sources,
      excluded.written_by, excluded.terms, excluded.embedding, excluded.embedding_model, now())
    where s.last_position <= excluded.last_position
  returning thread_id`;

/** The words of a summary as recall looks for them. */
const termsOf = (summary: string): number[] => [...new Set(analyseText(summary).stems.map(hashTerm))];

/**
 * Keeps summaries of open threads, one of each thread; the same again changes nothing that is seen.
 * @throws {AppError} DATABASE_UNAVAILABLE; what was stored until then stays.
 */
export const storeSummaries = async (
  database: Pick<Database, "transaction">,
  summaries: readonly ThreadSummary[],
  rule: PlaintextRule,
): Promise<StoredSummaries> => {
  const stored: string[] = [];
  const refused: string[] = [];
  // In one order, so that two writers never wait for each other.
  for (const summary of summaries.toSorted((one, other) => (one.thread_id < other.thread_id ? -1 : 1))) {
    const { thread_id, embedding, embedding_model, revisions } = summary;
    const rows = await database.transaction(async (connection) => {
      const [thread] = await connection.query<{ scope_key: string; indexed: boolean }>(
        lock,
        [thread_id],
        "deep_lock_thread",
      );
      if (thread === undefined || !mayBeIndexed(rule, thread.scope_key, thread.indexed)) return [];
      return connection.query(
        store,
        [
          thread_id,
          storableText(summary.summary),
          summary.first_position,
          summary.last_position,
          summary.sources,
          summary.model ?? null,
          termsOf(storableText(summary.summary)),
          embedding ?? null,
          embedding_model ?? null,
          revisions ?? null,
        ],
        "deep_store_summary",
      );
    });
    (rows.length > 0 ? stored : refused).push(thread_id);
  }
  return { stored, refused };
};
