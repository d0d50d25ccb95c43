import type { DeepIndex } from "../../atlas/core/deep-index.ts";

export interface StoreHealth {
  /** Whether the store answers and is ready to hold vectors; asked at most once a second, however many want to know. */
  answers(): Promise<boolean>;
  /** Vectors held, up to some seconds old; undefined: the store does not say for the moment. */
  vectors(): Promise<number | undefined>;
}

/** Longest that somebody waits for the store. */
const longestMs = 2_000;

/** Asks once for all who want to know at the same time, and again when the answer is old; waits only so long. */
const shared = <Answer>(ask: () => Promise<Answer>, freshMs: number): (() => Promise<Answer | undefined>) => {
  let asked: { readonly answer: Promise<Answer | undefined>; until: number } | undefined;
  return () => {
    if (asked === undefined || performance.now() > asked.until) {
      const current = { answer: ask().catch(() => undefined), until: Number.POSITIVE_INFINITY };
      asked = current;
      void current.answer.then((answer) => {
        // A failure is told to those who wait; whoever comes next asks again.
        current.until = answer === undefined ? 0 : performance.now() + freshMs;
      });
    }
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, longestMs, undefined).unref());
    return Promise.race([asked.answer, late]);
  };
};

/** The state of a core's store, at a cost that callers cannot raise. */
export const createStoreHealth = (index: Pick<DeepIndex, "origins" | "count">): StoreHealth => {
  const ready = shared(async () => (await index.origins()).length > 0, 1_000);
  return {
    answers: async () => (await ready()) ?? false,
    vectors: shared(() => index.count(), 2_000),
  };
};
