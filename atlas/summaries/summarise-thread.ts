import type { ThreadSummary } from "../deep/thread-summary.ts";
import { extractSummary } from "./extract-summary.ts";
import type { ReadThread } from "./long-threads.ts";
import type { WriteSummary } from "./write-summary.ts";

/** The model that writes summaries, and its writer. */
export interface SummaryWriter {
  readonly model: string;
  readonly write: WriteSummary;
}

export interface SummariseThreadDeps {
  /** Without one, and where it fails, summaries are sentences of the threads. */
  readonly writer?: SummaryWriter | undefined;
  /** Length of a summary; default 160. */
  readonly mostTokens?: number | undefined;
}

/** What a model is shown of a thread: the best sentences, within what a small one reads. */
const shownTokens = 3_000;
const mostSources = 1_000;

/** Sums up one thread; undefined when it says nothing that can be summed up. @throws the signal's reason */
export const summariseThread = async (
  { id, firstPosition, lastPosition, revisions, messages }: ReadThread,
  { writer, mostTokens = 160 }: SummariseThreadDeps,
  signal: AbortSignal,
): Promise<ThreadSummary | undefined> => {
  const extracted = await extractSummary(messages, mostTokens, signal);
  if (!extracted) return undefined;
  const shown = writer && (await extractSummary(messages, shownTokens, signal))?.summary;
  const text = shown && (await writer.write(shown, extracted.language, mostTokens, signal));
  return {
    thread_id: id,
    summary: text || extracted.summary,
    first_position: firstPosition,
    last_position: lastPosition,
    revisions,
    sources: extracted.sources.slice(0, mostSources),
    model: text ? writer?.model : null,
  };
};
