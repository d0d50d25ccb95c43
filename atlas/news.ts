import type { Broadcast, Note } from "../platform/events/broadcast.ts";
import type { ThreadChanges } from "./thread-changes.ts";
import type { Timeline } from "./timeline.ts";

/** Said: something lies at this position now. Revised: what lies there changed. `at` is the time of the commit in ms. */
export type News = { readonly kind: "said" | "revised"; readonly position: number; readonly at: number };

export const toNews = (note: Note): News | undefined =>
  (note.kind === "said" || note.kind === "revised") && typeof note.position === "number" && typeof note.at === "number"
    ? { kind: note.kind, position: note.position, at: note.at }
    : undefined;

type Publish = Pick<Broadcast, "publish">;

/** Said once more with each confidential request: whoever keeps open threads must not miss that one turned. */
export const isTurn = (note: Note): boolean => note.kind === "mode" && note.mode === "confidential";

const tell = (broadcast: Publish, threadId: string, kind: News["kind"], position: number | undefined): void => {
  if (position !== undefined) broadcast.publish(threadId.toLowerCase(), { kind, position, at: Date.now() });
};

/** A timeline whose commits are told to whoever listens to the thread, on every process. */
export const tellNews = (timeline: Timeline, broadcast: Publish): Timeline => ({
  ...timeline,
  async open(request) {
    const opened = await timeline.open(request);
    if (request.mode === "confidential") {
      broadcast.publish(opened.thread.id.toLowerCase(), { kind: "mode", mode: "confidential" });
    }
    tell(broadcast, opened.thread.id, "said", opened.messages.at(-1)?.position);
    return opened;
  },
  async close(request) {
    const messages = await timeline.close(request);
    tell(broadcast, request.thread.id, "said", messages.at(-1)?.position);
    return messages;
  },
});

/** The same for batches, edits and deletions. */
export const tellNewsOfChanges = (changes: ThreadChanges, broadcast: Publish): ThreadChanges => ({
  ...changes,
  async append(request) {
    const appended = await changes.append(request);
    if (appended.state === "ok" && appended.added > 0) {
      tell(broadcast, request.threadId, "said", appended.lastPosition);
    }
    return appended;
  },
  async edit(request) {
    const message = await changes.edit(request);
    tell(broadcast, request.threadId, "revised", message.position);
    return message;
  },
  async remove(request) {
    const message = await changes.remove(request);
    tell(broadcast, request.threadId, "revised", message.position);
    return message;
  },
});
