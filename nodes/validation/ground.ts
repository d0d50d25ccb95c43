import type { Evidence } from "../../platform/evidence/evidence.ts";
import type { Action } from "./action.ts";
import { type BoundText, bindText } from "./facts/bind.ts";
import { collectFacts, type FactBase } from "./facts/collect-facts.ts";
import type { FindPlaces } from "./facts/name-table.ts";
import { createFigureCheck, type FigureCheck } from "./grounded-numbers.ts";
import { partsOfAction } from "./parts-of-action.ts";
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

/** A sentence as every rule sees it, read once. */
export interface ReadSentence extends BoundText {
  /** Without marks of lists, in plain digits and signs. */
  readonly plain: string;
  /** The names at its tokens. */
  readonly names: ReadonlyMap<number, readonly string[]>;
}

/** The facts of one query, ready to be asked about each sentence. Cheap to make: what a rule needs is built when it first asks. */
export interface Ground extends GroundInput {
  readonly facts: FactBase;
  /** A sentence, read: its figures and claims with what they are said of. */
  read(text: string): ReadSentence;
  /** The first figure of a text that nothing supports, as it is written; undefined when all are supported. */
  unsupported(text: string): string | undefined;
}

/** Makes the ground of one query. `findPlaces` knows places by their names in every language. */
export const createGround = (given: GroundInput, findPlaces?: FindPlaces): Ground => {
  const input = {
    ...given,
    actions: given.actions
      .map((action) => ({ ...action, result: readResult(action.result) }))
      .flatMap((action) => partsOfAction(action)),
  };
  let base: FactBase | undefined;
  let check: FigureCheck | undefined;
  let last: { text: string; bound: ReadSentence } | undefined;
  const facts = () => {
    base ??= collectFacts(input, findPlaces);
    return base;
  };
  const read = (text: string): ReadSentence => {
    // Several rules ask about the same sentence.
    if (last?.text === text) return last.bound;
    // The marks of numbered lists are no figures.
    const plain = plainText(text).replace(/^[ \t]*\d{1,2}[.)](?=\s)/gm, " ");
    const { names: table, today } = facts();
    let names: ReadSentence["names"] = new Map();
    const read = bindText(plain, today, (tokens) => {
      names = table.namesAt(tokens, plain);
      return names;
    });
    const bound = { ...read, plain, names };
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
