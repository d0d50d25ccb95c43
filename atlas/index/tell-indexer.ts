import type { ThreadChanges } from "../thread-changes.ts";
import type { Timeline } from "../timeline.ts";
import type { Indexer } from "./create-indexer.ts";

/** A timeline whose writes are told to the indexer once they are committed. */
export const tellIndexer = (timeline: Timeline, indexer: Pick<Indexer, "hint">): Timeline => ({
  ...timeline,
  async open(request) {
    const opened = await timeline.open(request);
    indexer.hint(opened.thread.id);
    return opened;
  },
  async close(request) {
    const messages = await timeline.close(request);
    indexer.hint(request.thread.id);
    return messages;
  },
});

/** The same for batches, edits and deletions. */
export const tellIndexerOfChanges = (changes: ThreadChanges, indexer: Pick<Indexer, "hint">): ThreadChanges => ({
  ...changes,
  async append(request) {
    const appended = await changes.append(request);
    indexer.hint(request.threadId);
    return appended;
  },
  async edit(request) {
    const message = await changes.edit(request);
    indexer.hint(request.threadId);
    return message;
  },
  async remove(request) {
    await changes.remove(request);
    indexer.hint(request.threadId);
  },
});
