import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Database } from "../../platform/db/database.ts";
import { indexDocuments, pendingDocuments } from "./advance-documents.ts";
import { advanceThreads } from "./advance-threads.ts";
import { lockIndex } from "./index-lock.ts";
import type { PlaintextRule } from "./plaintext-rule.ts";

export interface IndexerDeps {
  readonly database: Database;
  readonly rule: PlaintextRule;
  readonly logger: Pick<Logger, "warn">;
  /** Messages of one transaction; in the embedded database everything else waits for it. */
  readonly batch?: number;
  /** Pause between two looks for what no `hint` told of: other processes, and what a killed one left. */
  readonly sweepMs?: number;
}

/** Follows the timeline and the documents with the full-text index, after their commits. */
export interface Indexer {
  /** A thread has something new: it is indexed within moments, if `start` was called. */
  hint(threadId: string): void;
  /** Indexes everything that is pending now. @throws {AppError} DATABASE_UNAVAILABLE */
  catchUp(signal?: AbortSignal): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

/** Raised when analysis or tables change what a text becomes: the index is then made anew. */
const rulesVersion = 1;
const threadsAtOnce = 50;
const documentsAtOnce = 5;
const sweepPage = 2_000;
const mostText = 200_000;
const none = "00000000-0000-0000-0000-000000000000";

// A page of threads in order of their ids, so that no statement grows with the history.
const behind = `
  with page as materialized (select id, last_position, mode from threads where id > $1 order by id limit ${sweepPage})
  select (select id from page order by id desc limit 1) as last, array(
    select p.id from page p left join text_cursors c on c.thread_id = p.id
    where case p.mode when 'open' then p.last_position > coalesce(c.position, 0)
        or (select count(*) from message_revisions r where r.thread_id = p.id) <> coalesce(c.revisions, 0)
      else coalesce(c.holds_items, false) end
  ) as threads`;

export const createIndexer = ({ database, rule, logger, batch, sweepMs = 30_000 }: IndexerDeps): Indexer => {
  const mostMessages = batch ?? (database.kind === "embedded" ? 50 : 200);
  const pending = new Set<string>();
  const stopping = new AbortController();
  let wake: () => void = () => undefined;
  let running: Promise<void> | undefined;
  let prepared = false;

  const prepare = async (): Promise<void> => {
    if (prepared) return;
    await database.transaction(async (connection) => {
      await lockIndex(connection);
      const [made] = await connection.query<{ same: boolean }>(
        "select rules = $1 and plaintext = $2 as same from text_index",
        [rulesVersion, rule],
      );
      if (made?.same) return;
      await connection.query(
        "truncate text_items, text_postings, text_vocabulary, text_collections, text_cursors, text_documents",
      );
      await connection.query(
        `insert into text_index (rules, plaintext) values ($1, $2)
         on conflict (single) do update set rules = excluded.rules, plaintext = excluded.plaintext`,
        [rulesVersion, rule],
      );
    });
    prepared = true;
  };

  const drain = async (signal: AbortSignal): Promise<void> => {
    while (pending.size > 0 && !signal.aborted) {
      const threads = [...pending].slice(0, threadsAtOnce);
      for (const thread of threads) pending.delete(thread);
      try {
        const more = await database.transaction((connection) =>
          advanceThreads(connection, threads, { rule, mostMessages, mostText }),
        );
        for (const thread of more) pending.add(thread);
      } catch (error) {
        for (const thread of threads) pending.add(thread);
        throw error;
      }
      // Whoever waits for the database or this process comes first.
      await delay(0);
    }
  };

  const sweep = async (signal: AbortSignal): Promise<void> => {
    await prepare();
    for (let last: string | null = none; last !== null && !signal.aborted; ) {
      const [page]: { last: string | null; threads: string[] }[] = await database.query(behind, [last], "index_behind");
      for (const thread of page?.threads ?? []) pending.add(thread);
      await drain(signal);
      last = page?.last ?? null;
    }
    while (!signal.aborted) {
      const documents = await pendingDocuments(database, documentsAtOnce);
      if (documents.length === 0) return;
      await database.transaction((connection) => indexDocuments(connection, documents, rule));
      await delay(0);
    }
  };

  const run = async (): Promise<void> => {
    const { signal } = stopping;
    let sweptAt = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      try {
        if (performance.now() - sweptAt >= sweepMs) {
          await sweep(signal);
          sweptAt = performance.now();
        }
        await drain(signal);
      } catch (error) {
        if (signal.aborted) return;
        logger.warn({ err: error }, "the full-text index cannot follow for the moment");
        await delay(1_000, undefined, { signal }).catch(() => undefined);
        continue;
      }
      if (pending.size > 0) continue;
      const rest = new AbortController();
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const due = Math.max(0, sweepMs - (performance.now() - sweptAt));
      await Promise.race([
        woken,
        delay(due, undefined, { signal: AbortSignal.any([signal, rest.signal]), ref: false }).catch(() => undefined),
      ]);
      rest.abort();
    }
  };

  return {
    hint(threadId) {
      pending.add(threadId);
      wake();
    },
    async catchUp(signal = new AbortController().signal) {
      await sweep(signal);
    },
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      wake();
      await running;
    },
  };
};
