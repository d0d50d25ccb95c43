/** A stretch of text (UTF-16 offsets, end exclusive) and what kind of identifier stands there. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** In capitals: it becomes the placeholder's name. */
  readonly kind: string;
}

/**
 * Finds one family of identifiers. Pure, and linear in the text's length: windows and repetitions are bounded.
 * `text` is folded (see `fold-text.ts`). `check` throws once time is up; loops over candidates call it.
 */
export interface Recogniser {
  readonly name: string;
  /** Loads what is large; called before the clock starts. */
  prepare?(): void;
  find(text: string, check: () => void): Iterable<Span>;
}
