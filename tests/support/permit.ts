import type { ContentKind, Destination, Egress, EgressPermit } from "../../platform/egress/egress.ts";
import type { EgressClass } from "../../platform/egress/egress-class.ts";
import { AppError } from "../../platform/errors/app-error.ts";

/** A permit that conceals nothing. */
export const permitOf = (egressClass: EgressClass = "full", confidential = egressClass !== "full"): EgressPermit => ({
  class: egressClass,
  confidential,
  prepare: async () => {},
  conceal: (text) => text,
  restore: (text) => text,
  restorer: () => ({ push: (piece) => piece, end: () => "" }),
});

/** An egress that holds everything of class `blocked` that is not local, and notes what it was asked. */
export const recordingEgress = (): Egress & {
  readonly asked: readonly {
    readonly destination: Destination;
    readonly content: ContentKind;
    readonly sent: boolean;
  }[];
} => {
  const asked: { destination: Destination; content: ContentKind; sent: boolean }[] = [];
  const egress: Egress = (permit, destination, content) => {
    const sent = permit.class !== "blocked" || destination.local;
    asked.push({ destination, content, sent });
    if (!sent) throw new AppError("EGRESS_BLOCKED", "This conversation is confidential; nothing may leave.");
  };
  return Object.assign(egress, { asked });
};
