import { type AppError, isAppError } from "../platform/errors/app-error.ts";

/** Answers of models to texts that they, or what guards the way to them, will not take: the same text again is refused again. */
const refusals: ReadonlySet<string> = new Set([
  "CONTEXT_TOO_LONG",
  "EGRESS_BLOCKED",
  "GUARDRAIL_VIOLATION",
  "INVALID_INPUT",
  "PROVIDER_REFUSED",
]);

/** Whether a model refused what it was given, rather than could not be asked at the moment. */
export const isRefusal = (error: unknown): error is AppError => isAppError(error) && refusals.has(error.code);

/** A text that every model takes. */
export const harmlessText = "A short sentence.";

export interface AskApart<Answer> {
  /** An answer for each text; undefined: the answer to all of them was of no use. */
  readonly ask: (texts: readonly string[]) => Promise<readonly (Answer | undefined)[] | undefined>;
  /** Asks about something harmless. */
  readonly probe: () => Promise<unknown>;
  readonly signal: AbortSignal;
  /** A text is given up. */
  readonly onRefused?: (error: AppError) => void;
}

/**
 * Asks about several texts at once, and where that is refused or of no use about ever fewer of them, down to single ones: those
 * that spoil it have no answer, the others do. What is kept back before it leaves is no sign of the model's state; else a refused
 * text counts as such only when the model takes something harmless.
 *
 * @throws {AppError} the refusal when the model refuses everything; whatever else `ask` throws; the signal's reason
 */
export const askApart = async <Answer>(
  texts: readonly string[],
  parts: AskApart<Answer>,
): Promise<readonly (Answer | undefined)[]> => {
  const { ask, probe, signal, onRefused } = parts;
  try {
    const answers = await ask(texts);
    if (answers !== undefined) return answers;
    if (texts.length < 2) return texts.map(() => undefined);
  } catch (error) {
    signal.throwIfAborted();
    if (!isRefusal(error)) throw error;
    if (texts.length < 2) {
      if (error.code !== "EGRESS_BLOCKED") {
        await probe().catch(() => {
          throw error;
        });
      }
      onRefused?.(error);
      return [undefined];
    }
  }
  const half = Math.ceil(texts.length / 2);
  return [...(await askApart(texts.slice(0, half), parts)), ...(await askApart(texts.slice(half), parts))];
};
