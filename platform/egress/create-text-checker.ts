import { setImmediate as nextTurn } from "node:timers/promises";
import { AppError } from "../errors/app-error.ts";
import type { LocalRecogniser } from "./local-recogniser.ts";
import { findIdentifiers } from "./recognisers/find-identifiers.ts";
import type { Recogniser, Span } from "./recognisers/span.ts";

export interface TextCheckerOptions {
  readonly recognisers: readonly Recogniser[];
  /** Finds the people of the principal's own directory; asked for once. */
  readonly directory?: (() => Promise<Recogniser>) | undefined;
  /** The operator's own recogniser; then only texts that were prepared can be checked. */
  readonly localRecogniser?: LocalRecogniser | undefined;
  /** Time for all recognisers on one text; default 50 ms, and as much again for each further 100,000 characters. */
  readonly budgetMs?: number | undefined;
}

export interface TextChecker {
  /** Reads the directory, asks the operator's recogniser, and looks through the texts, giving way to others in between. */
  prepare(texts: readonly string[], signal?: AbortSignal): Promise<void>;
  /** The identifiers of one text. @throws {AppError} EGRESS_BLOCKED when it cannot be told. */
  spansIn(text: string): readonly Span[];
}

/** Longest text that is looked through: it must not hold the process up. Longer ones are refused. */
const longestText = 200_000;
/** Texts that the operator's recogniser looks at side by side. */
const atOnce = 4;
/** So many characters are looked through before others get their turn. */
const turnLength = 20_000;

/** A text without two letters or digits together names nobody. */
const isWorthAnalysing = (text: string): boolean => /[\p{L}\p{N}]{2}/u.test(text);

const refusal = (cause?: unknown): AppError =>
  new AppError("EGRESS_BLOCKED", "The text could not be checked for identifiers, so it does not leave.", { cause });

/** Looks texts through for one query; each text once. Fails closed: whatever goes wrong is an EGRESS_BLOCKED. */
export const createTextChecker = (options: TextCheckerOptions): TextChecker => {
  const { localRecogniser } = options;
  const analysed = new Map<string, readonly Span[]>();
  const checked = new Map<string, readonly Span[]>();
  let directory: Recogniser | undefined;

  const check = (text: string): readonly Span[] => {
    const known = checked.get(text);
    if (known) return known;
    if (text.length > longestText) {
      throw new AppError("EGRESS_BLOCKED", "The text is too long to be checked for identifiers, so it does not leave.");
    }
    const isPrepared =
      (!options.directory || directory !== undefined) &&
      (!localRecogniser || !isWorthAnalysing(text) || analysed.has(text));
    if (!isPrepared) throw refusal();
    const budgetMs = options.budgetMs ?? 50 * Math.max(1, text.length / 100_000);
    try {
      const recognisers = directory ? [...options.recognisers, directory] : options.recognisers;
      const spans = findIdentifiers(text, recognisers, budgetMs, analysed.get(text));
      checked.set(text, spans);
      return spans;
    } catch (cause) {
      throw refusal(cause);
    }
  };

  const analyse = async (texts: readonly string[], recognise: LocalRecogniser, signal?: AbortSignal): Promise<void> => {
    const waiting = texts.filter((text) => isWorthAnalysing(text) && !analysed.has(text));
    const own = new AbortController();
    const either = signal ? AbortSignal.any([signal, own.signal]) : own.signal;
    const work = async () => {
      for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
        analysed.set(text, await recognise(text, either));
      }
    };
    try {
      await Promise.all(Array.from({ length: atOnce }, work));
    } finally {
      own.abort();
    }
  };

  return {
    spansIn: check,
    async prepare(given, signal) {
      signal?.throwIfAborted();
      const texts = [...new Set(given)];
      try {
        if (options.directory && !directory) directory = await options.directory();
        if (texts.some((text) => text.length > longestText)) throw new Error("A text is too long.");
        if (localRecogniser) await analyse(texts, localRecogniser, signal);
      } catch (cause) {
        signal?.throwIfAborted();
        throw refusal(cause);
      }
      let length = 0;
      for (const text of texts) {
        if (length > turnLength) {
          await nextTurn();
          signal?.throwIfAborted();
          length = 0;
        }
        if (!checked.has(text)) length += text.length;
        check(text);
      }
    },
  };
};
