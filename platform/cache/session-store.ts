/** Something that waits to be brought to the back end; the value is opaque here. */
export interface WaitingEntry {
  readonly key: string;
  readonly value: string;
}

/** A message as it was read, by its position. */
export interface RecentEntry {
  readonly position: number;
  readonly value: string;
}

/** Newest messages as they were at one version of their thread: edits and deletions make another one. */
export interface RecentMessages {
  readonly version: number;
  readonly entries: readonly RecentEntry[];
}

export interface SessionLimits {
  /** Most entries that wait, of all threads together. */
  readonly entries: number;
  /** Most characters of their values together. */
  readonly characters: number;
  /** Newest messages that are kept of each thread. */
  readonly recent: number;
}

/**
 * What was acknowledged and the back end refuses for good: nothing of it is thrown away unless somebody says so. Each step is
 * made as a whole or not at all, whoever else uses the store.
 */
export interface RefusedEntries {
  /** Puts an entry that waits aside, under the same key. False: there is no room, or it could not be done, and it waits on. */
  put(threadId: string, entry: WaitingEntry): Promise<boolean>;
  /** The threads of which something was put aside. */
  threads(): Promise<readonly string[]>;
  /** What was put aside of a thread, in the order of that. @throws {AppError} UPSTREAM_UNAVAILABLE, as the others */
  of(threadId: string): Promise<readonly WaitingEntry[]>;
  /**
   * Lets an entry that was put aside wait again, behind the others of its thread; false: it does not lie there, or one of its
   * key waits already.
   * @throws {AppError} UPSTREAM_UNAVAILABLE when there is no room among those that wait, or it could not be done.
   */
  giveBack(threadId: string, entry: WaitingEntry): Promise<boolean>;
  /** Gives entries up, and leaves no trace of them in the store's own files; how many lay there. */
  drop(threadId: string, keys: readonly string[]): Promise<number>;
  count(): Promise<number>;
}

/**
 * What a front keeps of live threads: what it has acknowledged and not yet brought to the back end, which survives the front's
 * death, and the newest messages, which need not. In a journal file beside memory, or in Redis, which fronts may share.
 */
export interface SessionStore {
  readonly kind: "journal" | "redis";
  /**
   * Adds an entry behind those that wait for a thread. Resolves when it is durable; false: one of this key waits already.
   * @throws {AppError} UPSTREAM_UNAVAILABLE when there is no room or it could not be made durable: nothing was acknowledged.
   */
  add(threadId: string, entry: WaitingEntry): Promise<boolean>;
  /** The first ones that wait for a thread, in the order of their coming; at most `limit`. */
  waiting(threadId: string, limit: number): Promise<readonly WaitingEntry[]>;
  /** The threads for which something waits; what was put aside does not. */
  threads(): Promise<readonly string[]>;
  /**
   * Leaves no trace of what was settled for a thread in the files that the store itself writes.
   * @throws {Error} when that cannot be done now; it is tried again with what is settled next.
   */
  scrub(threadId: string): Promise<void>;
  /** Takes out what need not wait any more; keys that do not wait are left out. False: it could not be done, and all wait on. */
  settle(threadId: string, keys: readonly string[]): Promise<boolean>;
  /** How many wait in all, without those put aside: these have as much room for themselves. */
  count(): Promise<number>;
  readonly refused: RefusedEntries;
  /** The newest messages of a thread that were read at this version of it, without gaps; empty when none are known. */
  recent(threadId: string, version: number): Promise<readonly RecentEntry[]>;
  /** Keeps newest messages, without gaps; those that do not join on to what is kept, or are of another version, replace it. */
  remember(threadId: string, version: number, messages: readonly RecentEntry[]): Promise<void>;
  forget(threadId: string): Promise<void>;
  /** Whether it takes messages now; the round trip in milliseconds. @throws {AppError} UPSTREAM_UNAVAILABLE */
  ping(): Promise<number>;
  close(): Promise<void>;
}

/** What a store calls the list of what was put aside of a thread. */
export const refusedName = (threadId: string): string => `refused.${threadId}`;

/** What is kept after more was read: the newest `most` of both, when they join on to each other. */
export const joinRecent = (
  kept: readonly RecentEntry[],
  added: readonly RecentEntry[],
  most: number,
): readonly RecentEntry[] => {
  const [first, last] = [added[0], added.at(-1)];
  if (first === undefined || last === undefined) return kept;
  const newest = kept.at(-1)?.position ?? 0;
  if (last.position < newest && first.position <= newest) {
    // An older page: what is kept is newer.
    return kept;
  }
  const joins = kept.length > 0 && first.position <= newest + 1;
  const before = joins ? kept.filter(({ position }) => position < first.position) : [];
  return [...before, ...added].slice(-most);
};
