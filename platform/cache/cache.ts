/** A lock that is held: `fencing` only grows for one resource, so a writer can refuse an older holder. */
export interface HeldLock {
  readonly fencing: number;
  /** Gives the lock back; false when it had already run out. */
  release(): Promise<boolean>;
}

/**
 * Short-lived shared data: in-process LRU, or Redis (`REDIS_URL`). Values are JSON. A cache that cannot be reached
 * answers like an empty one: it never fails a query, `state()` says so.
 */
export interface Cache {
  readonly kind: "embedded" | "external";
  get<Value>(key: string): Promise<Value | undefined>;
  set(key: string, value: unknown, timeToLiveMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Adds to a counter and gives its new value; the counter starts at 0 and ends `timeToLiveMs` after its first use. */
  increment(key: string, by: number, timeToLiveMs: number): Promise<number>;
  /** Takes `lock:{resource}` for a time; undefined when another holds it, or when it cannot be known that none does. */
  lock(resource: string, timeToLiveMs: number): Promise<HeldLock | undefined>;
  /** Round trip in milliseconds. @throws {AppError} UPSTREAM_UNAVAILABLE */
  ping(): Promise<number>;
  close(): Promise<void>;
}
