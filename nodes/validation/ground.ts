import type { Evidence } from "../../platform/evidence/evidence.ts";
import type { Action } from "./action.ts";
import { type BoundText, bindText } from "./facts/bind.ts";
import { collectFacts, type FactBase } from "./facts/collect-facts.ts";
import type { FindPlaces } from "./facts/name-table.ts";
import { createFigureCheck, type FigureCheck } from "./grounded-numbers.ts";
import { readResult } from "./read-result.ts";
import { plainText } from "./text/tokens.ts";

/** What one answer is checked against. */
export interface GroundInput {
  /** What was said in the conversation: the question, earlier messages, the client's instructions. */
  readonly texts: readonly string[];
  /** The user's last message, which this answer is to; the last of the texts when it is not given. */
  readonly question?: string | undefined;
  readonly evidence: readonly Evidence[];
  /** The tool calls of this turn, ours and the client's, with their outcomes. */
  readonly actions: readonly Action[];
  readonly locale: string;
  readonly timezone: string;
  readonly now: Date;
}

/** The facts of one query, ready to be asked about each sentence. Cheap to make: what a rule needs is built when it first asks. */
export interface Ground extends GroundInput {
  readonly facts: FactBase;
  /** A sentence, read: its figures and claims with what they are said of. */
  read(text: string): BoundText;
  /** The first figure of a text that nothing supports, as it is written; undefined when all are supported. */
  unsupported(text: string): string | undefined;
}

/** Makes the ground of one query. `findPlaces` knows places by their names in every language. */
export const createGround = (given: GroundInput, findPlaces?: FindPlaces): Ground => {
  const input = {
    ...given,
    actions: given.actions.map((action) => ({ ...action, result: readResult(action.result) })),
  };
  let base: FactBase | undefined;
  let check: FigureCheck | undefined;
  let last: { text: string; bound: BoundText } | undefined;
  const facts = () => {
    base ??= collectFacts(input, findPlaces);
    return base;
  };
  const read = (text: string): BoundText => {
    // Several rules ask about the same sentence.
    if (last?.text === text) return last.bound;
    // The marks of numbered lists are no figures.
    const plain = plainText(text).replace(/^[ \t]*\d{1,2}[.)](?=\s)/gm, " ");
    const { names, today } = facts();
    const bound = bindText(plain, today, (tokens) => names.namesAt(tokens, plain));
    last = { text, bound };
    return bound;
  };
  return {
    ...input,
    get facts() {
      return facts();
    },
    read,
    unsupported(text) {
      if (!/[\p{L}\p{N}]/u.test(text)) return undefined;
      check ??= createFigureCheck(facts());
      return check.firstUnsupported(read(text));
    },
  };
};
