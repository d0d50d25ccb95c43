import { createTextChecker } from "./create-text-checker.ts";
import type { EgressPermit, ReceiptLine } from "./egress.ts";
import type { EgressClass } from "./egress-class.ts";
import type { LocalRecogniser } from "./local-recogniser.ts";
import { createPlaceholders } from "./placeholders.ts";
import { createKnownNames } from "./recognisers/known-names.ts";
import { recognisers as defaultRecognisers } from "./recognisers/recogniser-list.ts";
import type { Recogniser } from "./recognisers/span.ts";

export interface PermitOptions {
  readonly class: EgressClass;
  readonly confidential: boolean;
  /** Called with each line of the receipt as it is written. */
  readonly receipt?: (line: ReceiptLine) => void;
  /** People whom the caller knows. */
  readonly knownNames?: readonly string[];
  /** Finds the people of the principal's own directory; asked for once, when something is to be concealed. */
  readonly directory?: () => Promise<Recogniser>;
  /** The operator's own recogniser, which sees every text before it is concealed. */
  readonly localRecogniser?: LocalRecogniser;
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

/**
 * Makes one query's permission. In class `full` texts pass unchanged; in every other class `conceal` replaces what the
 * recognisers find, so that a caller who forgot to ask which class it is cannot leak.
 * The mapping lives as long as the permit and never leaves the process.
 */
export const createPermit = (options: PermitOptions): ReceiptingPermit => {
  const receipt: ReceiptLine[] = [];
  const placeholders = createPlaceholders();
  const names = options.knownNames?.length ? [createKnownNames(options.knownNames)] : [];
  // Texts leave in these two classes only; in the others `conceal` needs nobody's help.
  const needsPreparing = options.class === "sanitized" || options.class === "generalised";
  const checker = createTextChecker({
    recognisers: [...(options.recognisers ?? defaultRecognisers), ...names],
    budgetMs: options.budgetMs,
    ...(needsPreparing ? { directory: options.directory, localRecogniser: options.localRecogniser } : {}),
  });
  let features: string | undefined;

  return {
    class: options.class,
    confidential: options.confidential,
    receipt,
    record: (line) => {
      receipt.push(line);
      options.receipt?.(line);
    },
    prepare: async (texts, signal) => {
      if (needsPreparing) await checker.prepare(texts, signal);
    },
    get features() {
      return features;
    },
    generalise: (told) => {
      features = told;
    },
    conceal: (text) => (options.class === "full" ? text : placeholders.conceal(text, checker.spansIn(text))),
    restore: placeholders.restore,
    restorer: placeholders.restorer,
  };
};
