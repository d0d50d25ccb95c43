import type { EgressClass, Mode } from "./egress-class.ts";

export interface EgressQuestion {
  /** The thread's mode; undefined when it got lost on the way, which counts as confidential. */
  readonly mode: Mode | undefined;
  readonly consent: boolean;
  /** Whether the answer model, or one of its candidates, is served locally. */
  readonly localModel: boolean;
  /** The operator's choice for confidential queries that nothing local can answer (`ATHENA_BLOCKED_EGRESS`). */
  readonly blockedEgress: "blocked" | "sanitized" | "generalised";
}

/** What may leave the process for one query: open → everything; confidential → consent, else local only, else the operator's choice. */
export const decideEgress = ({ mode, consent, localModel, blockedEgress }: EgressQuestion): EgressClass => {
  if (mode === "open" || consent) return "full";
  return localModel ? "local-only" : blockedEgress;
};
