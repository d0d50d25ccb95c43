import type { RefusedEntries, SessionStore, WaitingEntry } from "../../platform/cache/session-store.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import { type AppError, isAppError } from "../../platform/errors/app-error.ts";
import type { EntrySeal, FrontEntry } from "./front-entry.ts";

/** What an append came to; see `POST /threads/{id}/append`. */
export type AppendOutcome =
  | { readonly state: "ok"; readonly lastPosition: number; readonly mode: Mode }
  | { readonly state: "conflict"; readonly expectedPosition: number };

export interface FlushThreadDeps {
  readonly store: Pick<SessionStore, "waiting" | "settle"> & { readonly refused: Pick<RefusedEntries, "put"> };
  readonly seal: EntrySeal;
  /** Appends in the name of whoever holds the token. @throws {AppError} retryable: the engine is away. */
  readonly append: (
    token: string | undefined,
    threadId: string,
    sincePosition: number,
    messages: readonly FrontEntry[],
  ) => Promise<AppendOutcome>;
  /** The newest token of a principal, in place of the one that an entry was taken with. */
  readonly tokenOf?: (principal: string) => string | undefined;
  /** Told of what the engine does not take, once it is put aside. */
  readonly onRefused?: (threadId: string, entry: FrontEntry, error: AppError) => void;
}

export interface Flushed {
  /** `away`: some wait on; the engine cannot be reached, or the store does not take them out. `partly`: all was brought that this front can bring now. */
  readonly state: "done" | "partly" | "away";
  /** The thread's last position, where the engine said it. */
  readonly lastPosition: number | undefined;
  readonly settled: number;
  /** How many wait that this front cannot open: sealed with another key, or damaged. */
  readonly unreadable: number;
  /** How many wait that the engine refuses and that could not be put aside. */
  readonly stuck: number;
}

const mostAtOnce = 100;
/** Other writers may be faster so many times in a row before a pause. */
const mostConflicts = 50;

/** Of the engine's reason so much is kept. */
const mostReason = 300;

interface Run {
  readonly entries: readonly (readonly [WaitingEntry, FrontEntry])[];
  readonly principal: string;
}

interface Passed {
  readonly seal: EntrySeal;
  readonly most: number;
  /** Principals whose entries wait on. */
  readonly barred: ReadonlySet<string>;
  /** Keys of those that cannot be opened; what is found is added. */
  readonly unreadable: Set<string>;
  readonly stuck: ReadonlySet<string>;
}

/** The first ones of one principal: an append is in one name. */
const firstRun = (
  threadId: string,
  waiting: readonly WaitingEntry[],
  { seal, barred, unreadable, stuck, most }: Passed,
): Run | undefined => {
  const entries: [WaitingEntry, FrontEntry][] = [];
  for (const item of waiting) {
    if (entries.length === most) break;
    if (unreadable.has(item.key) || stuck.has(item.key)) continue;
    const entry = seal.open(threadId, item);
    if (entry === undefined) {
      unreadable.add(item.key);
      continue;
    }
    if (barred.has(entry.principal)) continue;
    if (entries[0] && entries[0][1].principal !== entry.principal) break;
    entries.push([item, entry]);
  }
  return entries[0] ? { entries, principal: entries[0][1].principal } : undefined;
};

/**
 * Brings to the engine what waits for a thread, in order. Every message has a key by which the engine knows it, so that a flush
 * whose answer was lost, or that another front did too, adds nothing; after 409 the messages follow those of other writers.
 * @throws {AppError} when the store cannot be read.
 */
export const flushThread = async (
  threadId: string,
  sincePosition: number,
  { store, seal, append, tokenOf, onRefused }: FlushThreadDeps,
): Promise<Flushed> => {
  let since = sincePosition;
  let lastPosition: number | undefined;
  let settled = 0;
  let conflicts = 0;
  /** After a refusal one by one, so that one that is refused keeps no others back. */
  let atOnce = mostAtOnce;
  /** Whose key is not valid now: theirs wait until they come with another one. */
  const barred = new Set<string>();
  const unreadable = new Set<string>();
  const stuck = new Set<string>();
  const ended = (state: Flushed["state"]): Flushed => ({
    state,
    lastPosition,
    settled,
    unreadable: unreadable.size,
    stuck: stuck.size,
  });
  for (let reach = mostAtOnce; ; ) {
    const waiting = await store.waiting(threadId, reach);
    const run = firstRun(threadId, waiting, { seal, barred, unreadable, stuck, most: atOnce });
    if (run === undefined) {
      if (waiting.length === 0) return ended("done");
      if (waiting.length < reach) return ended("partly");
      reach *= 4; // behind those that cannot be brought now there may be others
      continue;
    }
    const messages = run.entries.map(([, entry]) => entry);
    const keys = run.entries.map(([item]) => item.key);
    try {
      const token = tokenOf?.(run.principal) ?? messages.at(-1)?.token;
      const outcome = await append(token, threadId, since, messages);
      since = outcome.state === "ok" ? outcome.lastPosition : outcome.expectedPosition;
      lastPosition = since;
      if (outcome.state === "ok") {
        // Those that stay would be brought again and again: later, they are found to be there.
        if (!(await store.settle(threadId, keys))) return ended("away");
        settled += keys.length;
        conflicts = 0;
      } else {
        conflicts += 1;
        if (conflicts > mostConflicts) return ended("away");
      }
    } catch (error) {
      if (!isAppError(error) || error.retryable) return ended("away");
      if (error.code === "UNAUTHENTICATED") {
        barred.add(run.principal);
        continue;
      }
      if (messages.length > 1) {
        atOnce = 1;
        continue;
      }
      const [[item, entry]] = run.entries as [[WaitingEntry, FrontEntry]];
      const refused = { code: error.code, reason: error.message.slice(0, mostReason), at: new Date().toISOString() };
      const aside = seal.seal(threadId, { ...entry, refused });
      if (await store.refused.put(threadId, aside)) onRefused?.(threadId, entry, error);
      else stuck.add(item.key); // it waits on, and keeps nobody else back
    }
  }
};
