import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Database, Queryable } from "../../platform/db/database.ts";
import { changedLately, type LookMarks } from "./changed-lately.ts";
import type { Changes } from "./changes.ts";
import type { Follower } from "./follower.ts";
import { lockFollower } from "./lock-follower.ts";
import type { PlaintextRule } from "./plaintext-rule.ts";
import {
  type DocumentState,
  everyDocument,
  moveDocumentCursors,
  pendingDocuments,
  readChunks,
} from "./read-documents.ts";
import {
  moveThreadCursors,
  type ReadThreads,
  readThreadStates,
  readThreads,
  type ThreadState,
} from "./read-threads.ts";
import { threadsBehind, threadsBehindAmong } from "./threads-behind.ts";

export interface FollowerDeps<Prepared> {
  /** Durable: of the cursors, the lock and the logs. */
  readonly name: string;
  readonly database: Database;
  readonly logger: Pick<Logger, "warn">;
  readonly rule: PlaintextRule;
  /** What the index is made with, such as a version and a model: when it changes, everything is followed again. */
  readonly rules: string;
  /** The index was made with other rules (null: never): on the transaction that forgets the cursors. */
  readonly renew: (connection: Queryable, former: string | null) => Promise<void>;
  /** Slow work on changes, before the transaction; nothing is locked meanwhile. May throw: it is tried again. */
  readonly prepare: (changes: Changes, signal: AbortSignal) => Promise<Prepared>;
  /** Brings the index to the changes, on the transaction that moves the cursors; one at a time in all processes. */
  readonly apply: (connection: Queryable, changes: Changes, prepared: Prepared) => Promise<void>;
  /** Messages of one step; in the embedded database everything else waits for its transaction. */
  readonly batch?: number;
  /** Pause between two looks for what no `hint` told of, because it happened in another process: at what changed lately. */
  readonly sweepMs?: number;
  /** Pause between two walks through everything: at the start too, because a killed process may have left something. */
  readonly walkMs?: number;
  /** After a hint, what comes within this time is followed in the same step: under load one step serves many turns. */
  readonly gatherMs?: number;
}

const threadsAtOnce = 50;
const documentsAtOnce = 5;
const hourMs = 3_600_000;
const mostText = 200_000;
const shortestPauseMs = 1_000;
const longestPauseMs = 60_000;

/** Nothing moved a cursor since it was read, and nothing that was read was edited or deleted. */
const unchanged = (before: readonly ThreadState[], now: readonly ThreadState[]): boolean => {
  const states = new Map(now.map((state) => [state.thread_id, state]));
  return before.every(({ thread_id, mode, revisions, position, known, holds_items }) => {
    const state = states.get(thread_id);
    return (
      state !== undefined &&
      state.mode === mode &&
      state.revisions === revisions &&
      state.position === position &&
      state.known === known &&
      state.holds_items === holds_items
    );
  });
};

/** Nobody followed, stored or removed one of them since they were read. */
const sameDocuments = (before: readonly DocumentState[], now: readonly DocumentState[]): boolean => {
  const hashes = new Map(now.map(({ id, hash }) => [id, hash]));
  return before.every(({ id, hash }) => hashes.get(id) === hash);
};

const changesOf = ({ messages, closed }: ReadThreads): Changes => ({ messages, chunks: [], goneParents: closed });

/** A follower of the timeline and the documents; several processes may run one of the same name. */
export const createFollower = <Prepared>(deps: FollowerDeps<Prepared>): Follower => {
  const {
    name,
    database,
    logger,
    rule,
    rules,
    renew,
    prepare,
    apply,
    sweepMs = 30_000,
    walkMs = hourMs,
    gatherMs = 200,
  } = deps;
  const limits = { mostMessages: deps.batch ?? (database.kind === "embedded" ? 50 : 200), mostText };
  const madeWith = `${rules} ${rule}`;
  const pending = new Set<string>();
  const stopping = new AbortController();
  let documentsHinted = false;
  let wake: () => void = () => undefined;
  let running: Promise<void> | undefined;
  let begun = false;
  let walkedAt = Number.NEGATIVE_INFINITY;
  let marks: LookMarks | undefined;

  const begin = async (): Promise<void> => {
    if (begun) return;
    await database.transaction(async (connection) => {
      await lockFollower(connection, name);
      const [made] = await connection.query<{ rules: string }>("select rules from followers where name = $1", [name]);
      if (made?.rules === madeWith) return;
      await renew(connection, made?.rules ?? null);
      await connection.query("delete from follower_cursors where follower = $1", [name]);
      await connection.query("delete from follower_documents where follower = $1", [name]);
      await connection.query(
        "insert into followers (name, rules) values ($1, $2) on conflict (name) do update set rules = excluded.rules",
        [name, madeWith],
      );
    });
    begun = true;
  };

  const followThreads = async (threadIds: readonly string[], signal: AbortSignal): Promise<readonly string[]> => {
    const read = await readThreads(database, name, threadIds, rule, limits);
    const changes = changesOf(read);
    const prepared = await prepare(changes, signal);
    return database.transaction(async (connection) => {
      await lockFollower(connection, name);
      // Another process may have been here meanwhile, or a message have been deleted, or a thread turned confidential: it is then read again.
      if (!unchanged(read.states, await readThreadStates(connection, name, threadIds))) return threadIds;
      await apply(connection, changes, prepared);
      return moveThreadCursors(connection, name, read);
    });
  };

  const drain = async (signal: AbortSignal): Promise<void> => {
    while (pending.size > 0 && !signal.aborted) {
      const threads = [...pending].slice(0, threadsAtOnce);
      for (const thread of threads) pending.delete(thread);
      try {
        for (const thread of await followThreads(threads, signal)) pending.add(thread);
      } catch (error) {
        for (const thread of threads) pending.add(thread);
        throw error;
      }
      // Whoever waits for the database or this process comes first.
      await delay(0);
    }
  };

  /** Follows those of these documents that are pending; false when one of them changed meanwhile. */
  const followSome = async (ids: readonly string[], signal: AbortSignal): Promise<boolean> => {
    // Read again: another process may have been here meanwhile.
    const documents = await pendingDocuments(database, name, ids);
    if (documents.length === 0) return true;
    const parents = documents.map(({ id }) => id);
    const changes = { messages: [], chunks: await readChunks(database, parents, rule), goneParents: parents };
    const prepared = await prepare(changes, signal);
    return database.transaction(async (connection) => {
      await lockFollower(connection, name);
      if (!sameDocuments(documents, await pendingDocuments(connection, name, parents))) return false;
      await apply(connection, changes, prepared);
      await moveDocumentCursors(connection, name, documents);
      return true;
    });
  };

  const followDocuments = async (ids: readonly string[], signal: AbortSignal): Promise<void> => {
    const behind = (await pendingDocuments(database, name, ids)).map(({ id }) => id);
    for (let from = 0; from < behind.length && !signal.aborted; ) {
      if (await followSome(behind.slice(from, from + documentsAtOnce), signal)) from += documentsAtOnce;
      await delay(0);
    }
  };

  /** Through everything. The marks are taken before, so that the next look sees what changes meanwhile. */
  const walk = async (signal: AbortSignal): Promise<void> => {
    await begin();
    const before = (await changedLately(database, name)).marks;
    for await (const threads of threadsBehind(database, name)) {
      for (const thread of threads) pending.add(thread);
      await drain(signal);
      if (signal.aborted) return;
    }
    for await (const documents of everyDocument(database, name)) {
      await followDocuments(documents, signal);
      if (signal.aborted) return;
    }
    marks = before;
    walkedAt = performance.now();
  };

  /** At what changed since the last look, in whatever process; through everything when it is time for that. */
  const look = async (signal: AbortSignal): Promise<void> => {
    if (marks === undefined || performance.now() - walkedAt >= walkMs) return walk(signal);
    const found = await changedLately(database, name, marks);
    if (found.marks.resets !== marks.resets) return walk(signal);
    for (const thread of await threadsBehindAmong(database, name, found.ids)) pending.add(thread);
    await drain(signal);
    await followDocuments(found.ids, signal);
    if (!signal.aborted) marks = found.marks;
  };

  const run = async (): Promise<void> => {
    const { signal } = stopping;
    let sweptAt = Number.NEGATIVE_INFINITY;
    let pauseMs = shortestPauseMs;
    while (!signal.aborted) {
      try {
        if (performance.now() - sweptAt >= sweepMs) {
          documentsHinted = false;
          await look(signal);
          sweptAt = performance.now();
        }
        if (documentsHinted) {
          documentsHinted = false;
          await look(signal);
        }
        await drain(signal);
        pauseMs = shortestPauseMs;
      } catch (error) {
        if (signal.aborted) return;
        logger.warn({ err: error, follower: name }, "an index cannot follow for the moment");
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
        continue;
      }
      if (pending.size > 0 || documentsHinted) continue;
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
      if (pending.size > 0 || documentsHinted) await delay(gatherMs, undefined, { signal }).catch(() => undefined);
    }
  };

  return {
    name,
    hint(threadId) {
      pending.add(threadId);
      wake();
    },
    hintDocuments() {
      documentsHinted = true;
      wake();
    },
    async catchUp(signal = new AbortController().signal) {
      await walk(signal);
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
