/** Brings an index that derives from messages and documents to their state, after their commits. */
export interface Follower {
  readonly name: string;
  /** A thread has something new: it is followed within moments, if `start` was called. */
  hint(threadId: string): void;
  /** A document was stored or removed. */
  hintDocuments(): void;
  /** Follows everything that is pending now. @throws {AppError} DATABASE_UNAVAILABLE; what `prepare` throws */
  catchUp(signal?: AbortSignal): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}
