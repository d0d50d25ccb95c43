import type { Evidence } from "../../platform/evidence/evidence.ts";
import type { Action } from "./action.ts";
import { groundOf } from "./grounded-numbers.ts";

/** What one answer is checked against. */
export interface GroundInput {
  /** What was said in the conversation: the question, earlier messages, the client's instructions. */
  readonly texts: readonly string[];
  readonly evidence: readonly Evidence[];
  /** The tool calls of this turn, ours and the client's, with their outcomes. */
  readonly actions: readonly Action[];
  readonly locale: string;
  readonly timezone: string;
  readonly now: Date;
}

/** The facts of one query, ready to be asked about each sentence. Cheap to make: what a rule needs is built when it first asks. */
export interface Ground extends GroundInput {
  /** The first figure of a text that nothing supports, as it is written; undefined when all are supported. */
  unsupported(text: string): string | undefined;
}

/** Makes the ground of one query. */
export const createGround = (input: GroundInput): Ground => {
  let figures: ReturnType<typeof groundOf> | undefined;
  return {
    ...input,
    unsupported(text) {
      figures ??= groundOf(
        [...input.texts, ...input.evidence.map((item) => item.text), input.now.toISOString()],
        [
          ...input.evidence.map((item) => item.data),
          ...input.evidence.map((item) => item.observedAt),
          ...input.actions.map(({ args, result }) => [args, result]),
        ],
      );
      return figures.unsupported(text);
    },
  };
};
