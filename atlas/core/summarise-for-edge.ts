import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { type SummariseThreadDeps, summariseThread } from "../summaries/summarise-thread.ts";
import type { Embedder } from "../vectors/embedder.ts";
import type { EdgeClient } from "./edge-client.ts";
import type { EdgeFollower } from "./follow-edge.ts";

export interface EdgeSummariserDeps extends SummariseThreadDeps {
  readonly edge: Pick<EdgeClient, "longThreads" | "sendSummaries">;
  readonly embedder: Embedder;
  readonly follower: Pick<EdgeFollower, "state">;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** Pause between two looks at whether something was taken in; default 10 minutes. */
  readonly everyMs?: number;
}

export interface EdgeSummariser {
  start(): void;
  stop(): Promise<void>;
}

/** Without anything new one looks all the same: threads whose summary was refused, or left with an edit. */
const restMs = 24 * 3_600_000;
/** Until the core has caught up for the first time. */
const firstLookMs = 1_000;

/** Sums up the long threads of an engine, page by page, and sends summaries with their vectors; answers how many it kept. */
export const summariseForEdge = async (
  { edge, embedder, writer, mostTokens }: Pick<EdgeSummariserDeps, "edge" | "embedder" | "writer" | "mostTokens">,
  signal: AbortSignal,
): Promise<{ readonly stored: number; readonly refused: number }> => {
  let [stored, refused] = [0, 0];
  let after: string | undefined;
  do {
    const page = await edge.longThreads({ after, embeddingModel: embedder.model, signal });
    for (const { thread_id, first_position, last_position, revisions, messages } of page.threads) {
      const thread = { id: thread_id, firstPosition: first_position, lastPosition: last_position, revisions, messages };
      const summary = await summariseThread(thread, { writer, mostTokens }, signal);
      if (!summary) continue;
      const [vector] = await embedder.embed([summary.summary], signal);
      const embedded = vector ? { embedding: Array.from(vector), embedding_model: embedder.model } : {};
      // One by one: what was made is kept when the next one fails.
      const outcome = await edge.sendSummaries([{ ...summary, ...embedded }], signal);
      stored += outcome.stored.length;
      refused += outcome.refused.length;
      await delay(0);
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  return { stored, refused };
};

/**
 * The batch work of a core: once it has caught up, and whenever something came since, long threads get a summary. No text is
 * kept: what is summed up is read from the engine for it.
 */
export const createEdgeSummariser = (deps: EdgeSummariserDeps): EdgeSummariser => {
  const { follower, logger, everyMs = 600_000 } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    let seen = -1;
    let doneAt = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      const { caughtUpAt, applied } = follower.state();
      const isDue = caughtUpAt !== undefined && (applied !== seen || performance.now() - doneAt >= restMs);
      if (isDue) {
        try {
          const outcome = await summariseForEdge(deps, signal);
          if (outcome.stored > 0) logger.info(outcome, "long threads were summed up");
          [seen, doneAt] = [applied, performance.now()];
        } catch (error) {
          if (signal.aborted) return;
          logger.warn({ err: error }, "long threads cannot be summed up for the moment");
        }
      }
      const pause = caughtUpAt === undefined ? Math.min(firstLookMs, everyMs) : everyMs;
      await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
};
