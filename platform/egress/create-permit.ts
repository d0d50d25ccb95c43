import { AppError } from "../errors/app-error.ts";
import type { EgressPermit, ReceiptLine } from "./egress.ts";
import type { EgressClass } from "./egress-class.ts";
import type { LocalRecogniser } from "./local-recogniser.ts";
import { createPlaceholders } from "./placeholders.ts";
import { findIdentifiers } from "./recognisers/find-identifiers.ts";
import { createKnownNames } from "./recognisers/known-names.ts";
import { recognisers as defaultRecognisers } from "./recognisers/recogniser-list.ts";
import type { Recogniser, Span } from "./recognisers/span.ts";

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

/** Texts that the operator's recogniser looks at side by side. */
const atOnce = 4;
/** A text without two letters or digits together names nobody. */
const isWorthAnalysing = (text: string): boolean => /[\p{L}\p{N}]{2}/u.test(text);

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
  // Texts leave in these two classes only; in the others `conceal` needs no one's help.
  const conceals = options.class === "sanitized" || options.class === "generalised";
  const analysed = new Map<string, readonly Span[]>();
  let directory: Recogniser | undefined;
  let features: string | undefined;

  const refuse = (cause?: unknown): AppError =>
    new AppError("EGRESS_BLOCKED", "The text could not be checked for identifiers, so it does not leave.", { cause });

  const prepare = async (texts: readonly string[], signal?: AbortSignal): Promise<void> => {
    if (!conceals) return;
    signal?.throwIfAborted();
    const { localRecogniser } = options;
    try {
      if (options.directory && !directory) directory = await options.directory();
      if (!localRecogniser) return;
      const waiting = [...new Set(texts)].filter((text) => isWorthAnalysing(text) && !analysed.has(text));
      if (waiting.some((text) => text.length > longestText)) throw new Error("The text is too long.");
      const own = new AbortController();
      const either = signal ? AbortSignal.any([signal, own.signal]) : own.signal;
      const work = async () => {
        for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
          analysed.set(text, await localRecogniser(text, either));
        }
      };
      try {
        await Promise.all(Array.from({ length: atOnce }, work));
      } finally {
        own.abort();
      }
    } catch (cause) {
      signal?.throwIfAborted();
      throw refuse(cause);
    }
  };

  const isPrepared = (text: string): boolean =>
    !conceals ||
    ((!options.directory || directory !== undefined) &&
      (!options.localRecogniser || !isWorthAnalysing(text) || analysed.has(text)));

  const conceal = (text: string): string => {
    if (options.class === "full") return text;
    if (text.length > longestText) {
      throw new AppError("EGRESS_BLOCKED", "The text is too long to be checked for identifiers, so it does not leave.");
    }
    if (!isPrepared(text)) throw refuse();
    const budgetMs = options.budgetMs ?? 50 * Math.max(1, text.length / 100_000);
    try {
      const all = directory ? [...recognisers, directory] : recognisers;
      return placeholders.conceal(text, findIdentifiers(text, all, budgetMs, analysed.get(text)));
    } catch (cause) {
      throw refuse(cause);
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
    prepare,
    get features() {
      return features;
    },
    generalise: (told) => {
      features = told;
    },
    conceal,
    restore: placeholders.restore,
    restorer: placeholders.restorer,
  };
};
