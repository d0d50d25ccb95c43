/** A message of an open thread in its present state. */
export interface ChangedMessage {
  readonly id: string;
  readonly threadId: string;
  readonly channelId: string;
  readonly position: number;
  readonly role: string;
  readonly author: string;
  readonly scopeKey: string;
  readonly createdAt: Date;
  readonly meta: Record<string, unknown>;
  /** Null: it was deleted, and what derives from it leaves. */
  readonly content: string | null;
  /** Whether the scope's rules let its text be indexed in clear, see `mayBeIndexed`. */
  readonly allowed: boolean;
}

/** A piece of a document that may be indexed. */
export interface ChangedChunk {
  readonly id: string;
  readonly documentId: string;
  readonly position: number;
  readonly scopeKey: string;
  readonly headingPath: readonly string[];
  readonly content: string;
  /** Whose alone it is; null: everybody's. */
  readonly service: string | null;
  readonly title: string;
}

/** What a follower brings its index to. The same changes may come twice. */
export interface Changes {
  /** Messages that are new, edited or deleted. */
  readonly messages: readonly ChangedMessage[];
  /** All chunks of the documents that are new or changed. */
  readonly chunks: readonly ChangedChunk[];
  /**
   * Threads that turned confidential, and documents that are new, changed or gone: whatever derives from one of them leaves,
   * unless it is in `chunks`.
   */
  readonly goneParents: readonly string[];
}
