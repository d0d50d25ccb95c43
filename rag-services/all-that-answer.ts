import { AppError, isAppError } from "../platform/errors/app-error.ts";
import type { Degraded } from "../platform/evidence/evidence.ts";
import type { ServiceContext } from "./rag-service.ts";
import { joinList, phrase } from "./render-text.ts";

/**
 * Asks sources that complete each other, all at once, and gives what came in their order, with a line in `degraded` for each
 * that failed. A source that has nothing (NOT_FOUND) is not a failure.
 * @throws {AppError} EGRESS_BLOCKED; UPSTREAM_UNAVAILABLE (retryable) when every one failed; the signal's reason when aborted.
 */
export const allThatAnswer = async <Source extends { readonly name: string }, Value>(
  sources: readonly Source[],
  call: (source: Source) => Promise<Value>,
  { signal, locale }: Pick<ServiceContext, "signal" | "locale">,
): Promise<{ readonly values: readonly Value[]; readonly degraded: readonly Degraded[] }> => {
  signal.throwIfAborted();
  const outcomes = await Promise.allSettled(sources.map(async (source) => call(source)));
  signal.throwIfAborted();
  const values: Value[] = [];
  const failed: string[] = [];
  let cause: unknown;
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === "fulfilled") values.push(outcome.value);
    else if (isAppError(outcome.reason, "EGRESS_BLOCKED")) throw outcome.reason;
    else if (!isAppError(outcome.reason, "NOT_FOUND")) {
      failed.push(sources[index]?.name ?? "");
      cause = outcome.reason;
    }
  }
  if (failed.length > 0 && failed.length === sources.length) {
    const names = joinList(failed, locale);
    throw new AppError(
      "UPSTREAM_UNAVAILABLE",
      phrase(locale, {
        en: `No source could be reached (${names}). Please try again later.`,
        pl: `Nie udało się połączyć z żadnym źródłem (${names}). Spróbuj ponownie później.`,
      }),
      { cause },
    );
  }
  const degraded = failed.map((name) => ({
    part: name,
    reason: phrase(locale, {
      en: `${name} could not be reached; the answer is without it.`,
      pl: `Nie udało się połączyć z: ${name}; odpowiedź tego nie obejmuje.`,
    }),
  }));
  return { values, degraded };
};
