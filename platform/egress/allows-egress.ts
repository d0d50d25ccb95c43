import type { ContentKind, Destination } from "./egress.ts";
import type { EgressClass } from "./egress-class.ts";

export interface EgressVerdict {
  readonly allowed: boolean;
  /** The rule that decided, in words for a receipt. */
  readonly rule: string;
}

const sent = (rule: string): EgressVerdict => ({ allowed: true, rule });
const held = (rule: string): EgressVerdict => ({ allowed: false, rule });

/** The table of what each class lets go where. Anything that it does not name is held. */
export const allowsEgress = (
  permit: { readonly class: EgressClass; readonly confidential: boolean },
  destination: Destination,
  content: ContentKind,
): EgressVerdict => {
  const { kind, local } = destination;
  const isContent = content === "sentence" || content === "slots";
  // Traces and events outlive the query, so confidential content stays out of them wherever they are kept.
  if ((kind === "trace" || kind === "event") && permit.confidential && isContent) {
    return held("confidential content is never traced or published");
  }
  if (local) return sent("the destination is local");
  switch (permit.class) {
    case "full":
      return sent("everything may leave");
    case "local-only":
      if (kind === "model" || kind === "embedder") return held("local models only");
      return content === "sentence" ? held("sentences stay") : sent("slots and features may leave");
    case "sanitized":
      if (kind === "model" || kind === "embedder") return sent("identifiers replaced by placeholders");
      return content === "sentence" ? held("sentences stay") : sent("slots without identifiers may leave");
    case "generalised":
      if (kind === "embedder") return held("local embeddings only");
      return content === "sentence" ? held("only features leave") : sent("features and public slots may leave");
    case "blocked":
      return held("nothing may leave");
    default:
      return held("unknown class");
  }
};
