import type { Usage } from "../../platform/models/model-gateway.ts";

const nanoseconds = (ms: number): number => Math.max(1, Math.round(ms * 1e6));

/** Measures an answer as Ollama reports it: time to the first piece, and from there to the end. */
export const createAnswerClock = () => {
  const startedAt = performance.now();
  let firstAt: number | undefined;
  return {
    /** The first piece has come. */
    first(): void {
      firstAt ??= performance.now();
    },
    /** Durations in whole nanoseconds, counts of tokens. */
    metrics(usage: Usage) {
      const now = performance.now();
      const first = firstAt ?? now;
      return {
        total_duration: nanoseconds(now - startedAt),
        load_duration: 0,
        prompt_eval_count: usage.promptTokens,
        prompt_eval_duration: nanoseconds(first - startedAt),
        eval_count: usage.completionTokens,
        eval_duration: nanoseconds(now - first),
      };
    },
  };
};

export type AnswerClock = ReturnType<typeof createAnswerClock>;
