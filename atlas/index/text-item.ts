export type TextKind = "message" | "chunk";

/** Documents of a service are collections of their own beside those of their scope. */
export const serviceSuffix = (service: string | null | undefined): string => (service ? `/${service}` : "");

/** A text as the full-text index takes it: a message or a chunk of a document. */
export interface TextItem {
  readonly id: string;
  readonly kind: TextKind;
  /** With `serviceSuffix`. */
  readonly scopeKey: string;
  /** The thread or document, and the place in it. */
  readonly parent: string;
  readonly position: number;
  readonly text: string;
  readonly title?: string;
  readonly author?: string;
  readonly time?: Date;
}
