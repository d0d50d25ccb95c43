import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "../../platform/db/database.ts";
import { storeSummaries } from "../deep/store-summaries.ts";
import type { ThreadSummary } from "../deep/thread-summary.ts";
import { mayBeIndexed, type PlaintextRule } from "../follow/plaintext-rule.ts";
import { type ExtractedSummary, extractSummary, type SummarySource } from "./extract-summary.ts";
import type { WriteSummary } from "./write-summary.ts";

export interface SummariseThreadsDeps {
  readonly database: Database;
  /** A summary is an index of its thread: what may not be indexed in clear has none. */
  readonly rule: PlaintextRule;
  /** The model that writes them and its writer; without one, and where it fails, they are sentences of the threads. */
  readonly writer?: { readonly model: string; readonly write: WriteSummary };
  /** Messages of a thread that is long enough to be summed up; default 20. */
  readonly leastMessages?: number;
  /** Length of a summary; default 160. */
  readonly mostTokens?: number;
}

export interface SummarisedThreads {
  readonly threads: number;
  /** Of those, written by the model. */
  readonly written: number;
  /** Changed, or turned confidential, meanwhile: the next run comes back to them. */
  readonly refused: number;
}

interface Behind {
  readonly id: string;
  readonly scope_key: string;
  readonly indexed: boolean;
  readonly last_position: number;
  readonly revisions: number;
}

const pageThreads = 20;
/** Of a longer thread these are summed up, its newest. */
const mostMessages = 2_000;
const mostCharacters = 20_000;
/** A summary is made again when so many messages came after it, or a tenth of those it covers. */
const grownBy = 10;
/** What a model is shown of a thread: the best sentences, within what a small one reads. */
const shownTokens = 3_000;
const first = "00000000-0000-0000-0000-000000000000";

const behind = `
  select t.id, t.scope_key, c.indexed, t.last_position,
    (select count(*)::integer from message_revisions r where r.thread_id = t.id) as revisions
  from threads t join channels c on c.id = t.channel_id left join thread_summaries s on s.thread_id = t.id
  where t.id > $1 and t.mode = 'open' and t.last_position >= $2
    and (s.thread_id is null or t.last_position - s.last_position >= greatest(${grownBy}, s.last_position / 10))
  order by t.id limit ${pageThreads}`;

const texts = `
  select m.id, m.role, left(m.content, ${mostCharacters}) as content from current_messages m
  where m.thread_id = $1 and m.position between $2 and $3 and m.content <> '' and m.role in ('user', 'assistant', 'agent')
  order by m.position`;

/**
 * Sums up the long open threads that have no summary yet, or have grown since. What is stored already is not made again, so that
 * a run that was cut off goes on where it was.
 * @throws {AppError} DATABASE_UNAVAILABLE; the signal's reason.
 */
export const summariseThreads = async (
  { database, rule, writer, leastMessages = 20, mostTokens = 160 }: SummariseThreadsDeps,
  signal: AbortSignal,
): Promise<SummarisedThreads> => {
  let [threads, written, refused] = [0, 0, 0];

  const asModel = (messages: readonly SummarySource[], { language }: ExtractedSummary) => {
    const shown = extractSummary(messages, shownTokens)?.summary;
    return shown === undefined ? undefined : writer?.write(shown, language, mostTokens, signal);
  };
  const summarise = async ({ id, last_position, revisions }: Behind): Promise<ThreadSummary | undefined> => {
    const from = Math.max(1, last_position - mostMessages + 1);
    const messages = await database.query<SummarySource>(texts, [id, from, last_position], "summaries_texts");
    const extracted = extractSummary(messages, mostTokens);
    if (!extracted) return undefined;
    const text = await asModel(messages, extracted);
    return {
      thread_id: id,
      summary: text ?? extracted.summary,
      first_position: from,
      last_position,
      revisions,
      sources: extracted.sources.slice(0, 1_000),
      model: text === undefined ? null : writer?.model,
      topics: [],
      entities: [],
      edges: [],
    };
  };

  for (let after = first; ; ) {
    const page = await database.query<Behind>(behind, [after, leastMessages], "summaries_behind");
    for (const thread of page) {
      signal.throwIfAborted();
      after = thread.id;
      if (!mayBeIndexed(rule, thread.scope_key, thread.indexed)) continue;
      const summary = await summarise(thread);
      if (!summary) continue;
      const outcome = await storeSummaries(database, [summary]);
      threads += outcome.stored.length;
      refused += outcome.refused.length;
      if (summary.model) written += outcome.stored.length;
      // Whoever waits for the database or this process comes first.
      await delay(0);
    }
    if (page.length < pageThreads) return { threads, written, refused };
  }
};
