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
   * Makes `conceal` ready for these texts: the principal's own directory is read, and the operator's recogniser, where there
   * is one, looks at each text. Does nothing in classes that need no placeholders.
   * @throws {AppError} EGRESS_BLOCKED when either fails or is too slow; nothing may leave then. The signal's reason.
   */
  prepare(texts: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Class `generalised`: what may be told of the query instead of its words. Undefined until the gate has made it. */
  readonly features?: string | undefined;
  /** Sets `features`; the privacy gate's to call. */
  generalise?(features: string): void;
  /**
   * Replaces what must not leave by placeholders (identity in class `full`). Fails closed.
   * @throws {AppError} EGRESS_BLOCKED when a recogniser fails or is too slow, or the text was not prepared and had to be.
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
