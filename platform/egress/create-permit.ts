import { AppError } from "../errors/app-error.ts";
import type { EgressPermit, ReceiptLine } from "./egress.ts";
import type { EgressClass } from "./egress-class.ts";
import { createPlaceholders } from "./placeholders.ts";
import { findIdentifiers } from "./recognisers/find-identifiers.ts";
import { createKnownNames } from "./recognisers/known-names.ts";
import { recognisers as defaultRecognisers } from "./recognisers/recogniser-list.ts";
import type { Recogniser } from "./recognisers/span.ts";

export interface PermitOptions {
  readonly class: EgressClass;
  readonly confidential: boolean;
  /** Called with each line of the receipt as it is written. */
  readonly receipt?: (line: ReceiptLine) => void;
  /** People whom the caller knows, from the principal's own directory. */
  readonly knownNames?: readonly string[];
  /** Replaces the shipped recognisers. */
  readonly recognisers?: readonly Recogniser[];
  /** Time for all recognisers on one text; default 50 ms, and 50 ms more for each further 100,000 characters. */
  readonly budgetMs?: number;
}

/** A permit that can write its receipt: the only kind that `egress` lets anything out for. */
export interface ReceiptingPermit extends EgressPermit {
  /** Lines so far, in order. */
  readonly receipt: readonly ReceiptLine[];
  record(line: ReceiptLine): void;
}

export const isReceiptingPermit = (permit: EgressPermit): permit is ReceiptingPermit =>
  "record" in permit && typeof permit.record === "function";

/** Longest text that is looked through; longer ones are refused. */
const longestText = 1_000_000;

/**
 * Makes one query's permission. In class `full` texts pass unchanged; in every other class `conceal` replaces what the
 * recognisers find, so that a caller who forgot to ask which class it is cannot leak.
 * The mapping lives as long as the permit and never leaves the process.
 */
export const createPermit = (options: PermitOptions): ReceiptingPermit => {
  const receipt: ReceiptLine[] = [];
  const placeholders = createPlaceholders();
  const names = options.knownNames?.length ? [createKnownNames(options.knownNames)] : [];
  const recognisers = [...(options.recognisers ?? defaultRecognisers), ...names];

  const conceal = (text: string): string => {
    if (options.class === "full") return text;
    if (text.length > longestText) {
      throw new AppError("EGRESS_BLOCKED", "The text is too long to be checked for identifiers, so it does not leave.");
    }
    const budgetMs = options.budgetMs ?? 50 * Math.max(1, text.length / 100_000);
    try {
      return placeholders.conceal(text, findIdentifiers(text, recognisers, budgetMs));
    } catch (cause) {
      throw new AppError("EGRESS_BLOCKED", "The text could not be checked for identifiers, so it does not leave.", {
        cause,
      });
    }
  };

  return {
    class: options.class,
    confidential: options.confidential,
    receipt,
    record: (line) => {
      receipt.push(line);
      options.receipt?.(line);
    },
    conceal,
    restore: placeholders.restore,
    restorer: placeholders.restorer,
  };
};
