/** An event on its way: what the outbox stored, under the outbox row's id. */
export interface BusEvent {
  /** The outbox row's id: the same id twice is one event. */
  readonly id: string;
  /** Tokens joined by dots; those taken from data are escaped. */
  readonly subject: string;
  readonly payload: unknown;
  /** What the event tells about; events of one aggregate arrive in order. */
  readonly aggregate: { readonly type: string; readonly id: string };
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

export interface Delivery {
  readonly event: BusEvent;
  /** From 1. */
  readonly attempt: number;
  readonly signal: AbortSignal;
}

export interface ConsumerOptions {
  /** Durable: a consumer of this name goes on where one of this name stopped, in whatever process. */
  readonly name: string;
  /** Subjects with NATS' wildcards: `*` for one token, `>` for the rest. */
  readonly subjects: readonly string[];
  /**
   * Has its effect and resolves: the event is acknowledged. Throws: it comes again after a pause. An event may come twice;
   * the effect and `processedOnce` in one transaction make it one.
   */
  readonly handle: (delivery: Delivery) => Promise<void>;
  /** Attempts before the event becomes a dead letter; default 5. */
  readonly maxDeliver?: number;
  /** Pauses before the second attempt, the third …; the last one repeats. Default 1 s, 5 s, 30 s. */
  readonly backoffMs?: readonly number[];
  /** Time for one attempt; default 30 s. */
  readonly ackWaitMs?: number;
  /** Events of different aggregates at once; default 8. */
  readonly concurrency?: number;
  /** Called when an event becomes a dead letter, after it is stored. */
  readonly onDeadLetter?: (event: BusEvent, error: unknown) => void;
}

export interface RunningConsumer {
  /** Lets the attempts under way end and takes no more. */
  stop(): Promise<void>;
}

/** Carries events from the outbox to durable consumers: in the main database's own tables, or NATS JetStream. */
export interface EventBus {
  readonly kind: "embedded" | "nats";
  /** Resolves when all are stored durably; an id that is there already is not stored again. @throws {AppError} EVENTS_UNAVAILABLE */
  publish(events: readonly BusEvent[]): Promise<void>;
  consume(options: ConsumerOptions): Promise<RunningConsumer>;
  /** Round trip in milliseconds. @throws {AppError} EVENTS_UNAVAILABLE */
  ping(): Promise<number>;
  close(): Promise<void>;
}
