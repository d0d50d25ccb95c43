import type { EgressClass } from "./egress-class.ts";

/** Where something would go. `local` comes from the registry or a loopback address, never from a protocol's name. */
export interface Destination {
  readonly kind: "model" | "embedder" | "service" | "tool" | "trace" | "event";
  readonly name: string;
  readonly local: boolean;
}

/** What kind of content would go: the user's sentence, the slots taken from it, features only, or none of it. */
export type ContentKind = "sentence" | "slots" | "features" | "none";

/** A line of the receipt: what kind of data went where (or was held back) under which rule. Never content. */
export interface ReceiptLine {
  readonly destination: string;
  readonly kind: Destination["kind"];
  readonly content: ContentKind;
  readonly decision: "sent" | "held";
  readonly rule: string;
}

/** One query's permission to let content out; made by the privacy gate, carried in the runtime context. */
export interface EgressPermit {
  readonly class: EgressClass;
  /** Content of a confidential thread: never logged, never in an event. */
  readonly confidential: boolean;
  /**
   * Replaces what must not leave by placeholders (identity in class `full`). Fails closed.
   * @throws {AppError} EGRESS_BLOCKED when a recogniser fails or is too slow.
   */
  conceal(text: string): string;
  /** Puts the originals back where placeholders stand. */
  restore(text: string): string;
  /** The same for a stream: feed pieces, get what can be shown so far; `end()` gives the rest. */
  restorer(): { push(piece: string): string; end(): string };
}

/**
 * The one way out of the process. Every model, embedder, service, tool, trace and event call asks first.
 * Writes one receipt line, then returns.
 * @throws {AppError} EGRESS_BLOCKED when the class does not allow it; nothing has left then.
 */
export type Egress = (permit: EgressPermit, destination: Destination, content: ContentKind) => void;
