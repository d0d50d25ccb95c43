/** Where something in a digest comes from: when that is edited, deleted or turns confidential, the digest goes. */
export interface DigestSource {
  readonly thread: string;
  /** Absent: what the thread as a whole is about. */
  readonly message?: string;
}

/** A message that a digest may quote. */
export interface DigestMessage {
  readonly id: string;
  readonly threadId: string;
  readonly author: string;
  readonly content: string;
  readonly createdAt: Date;
  /** Edits that it had when it was read. */
  readonly revisions: number;
}

/** A span of time that a digest tells of. */
export interface DigestPeriod {
  readonly from: Date;
  /** The first moment that is not in it. */
  readonly to: Date;
  /** IANA name. */
  readonly timezone: string;
}
