import { LRUCache } from "lru-cache";
import { isTurn, toNews } from "../../atlas/news.ts";
import type { SealedBox } from "../../atlas/sealed-box.ts";
import type { SessionStore } from "../../platform/cache/session-store.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Broadcast } from "../../platform/events/broadcast.ts";
import type { WireMessage } from "../chat-socket/chat-backend.ts";
import type { EnginePage, EnteredThread } from "./engine-client.ts";

/** What a front knows of the threads that its clients are on. */
export interface LiveThreads {
  /** Notes a thread as the engine has just described it. */
  know(thread: Pick<EnteredThread, "id" | "mode" | "lastPosition"> & { readonly revisions?: number }): void;
  lastPosition(threadId: string): number;
  /** Notes that the thread reaches to a position. */
  reaches(threadId: string, position: number): void;
  isConfidential(threadId: string): boolean;
  /** Whether the engine has said lately which mode the thread has. */
  isFresh(threadId: string): boolean;
  /**
   * To be called before messages are read from the engine; the result takes what was read. It is kept unless the thread is
   * confidential, or something was edited meanwhile.
   */
  beginReading(threadId: string): (page: Omit<EnginePage, "more">) => Promise<void>;
  /** The messages after a position up to the last one, when they are all here, as they were when the engine said so last. */
  recall(threadId: string, after: number): Promise<readonly WireMessage[] | undefined>;
  forget(threadId: string): Promise<void>;
  /** Says that the engine is about to hold more than is known here. */
  doubt(threadId: string): void;
  isDoubted(threadId: string): boolean;
  close(): void;
}

interface Live {
  doubtedUntil: number;
  readonly leave: () => void;
  lastPosition: number;
  confidential: boolean;
  /** When the engine has said the mode last. */
  modeAt: number;
  /** Moves on with all that makes older readings worthless. */
  generation: number;
  /** The count of edits and deletions at which what is kept was read; undefined: it is not known which. */
  revisions: number | undefined;
}

export interface LiveThreadsDeps {
  readonly store: Pick<SessionStore, "recent" | "remember" | "forget">;
  readonly box: SealedBox;
  readonly broadcast: Pick<Broadcast, "subscribe">;
  /** Told when a thread is found to be confidential: it may have been open a moment before. */
  readonly onConfidential?: (threadId: string) => void;
}

const mostThreads = 10_000;
/** At least as long as somebody's right to read is believed without asking. */
const doubtMs = 2_000;
const freshMs = 1_000;

export const createLiveThreads = ({ store, box, broadcast, onConfidential }: LiveThreadsDeps): LiveThreads => {
  const threads = new LRUCache<string, Live>({ max: mostThreads, dispose: ({ leave }) => leave() });
  const contextOf = (threadId: string): string => `recent ${threadId}`;

  const drop = (threadId: string, entry: Live, revisions?: number): Promise<void> => {
    entry.generation += 1;
    entry.revisions = revisions;
    return store.forget(threadId);
  };

  const noteMode = (threadId: string, entry: Live, mode: Mode): void => {
    entry.modeAt = performance.now();
    if (mode === "open" || entry.confidential) return;
    entry.confidential = true;
    void drop(threadId, entry);
    onConfidential?.(threadId);
  };

  const live = (threadId: string): Live => {
    let entry = threads.get(threadId);
    if (entry === undefined) {
      const made: Live = {
        doubtedUntil: 0,
        lastPosition: 0,
        confidential: false,
        modeAt: Number.NEGATIVE_INFINITY,
        generation: 0,
        revisions: undefined,
        // Before the clients: what they read afterwards is looked for where it is.
        leave: broadcast.subscribe(threadId, (note) => {
          const news = toNews(note);
          if (isTurn(note)) noteMode(threadId, made, "confidential");
          if (news?.kind === "revised") void drop(threadId, made);
          if (news?.kind === "said") made.lastPosition = Math.max(made.lastPosition, news.position);
        }),
      };
      entry = made;
      threads.set(threadId, entry);
    }
    return entry;
  };

  const open = (threadId: string, value: string): WireMessage | undefined => {
    try {
      return JSON.parse(box.open(Buffer.from(value, "base64"), contextOf(threadId)).toString()) as WireMessage;
    } catch {
      return undefined;
    }
  };

  return {
    know({ id, mode, lastPosition, revisions }) {
      const entry = live(id);
      entry.lastPosition = Math.max(entry.lastPosition, lastPosition);
      noteMode(id, entry, mode);
      // Only a page says as of when it was read: what is kept goes, nothing is believed instead.
      if (revisions !== undefined && entry.revisions !== undefined && revisions !== entry.revisions)
        void drop(id, entry);
    },
    lastPosition: (threadId) => live(threadId).lastPosition,
    reaches(threadId, position) {
      const entry = live(threadId);
      entry.lastPosition = Math.max(entry.lastPosition, position);
    },
    isConfidential: (threadId) => live(threadId).confidential,
    isFresh: (threadId) => performance.now() - live(threadId).modeAt < freshMs,
    beginReading(threadId) {
      const entry = live(threadId);
      const { generation } = entry;
      return async ({ messages, mode, revisions }) => {
        entry.lastPosition = Math.max(entry.lastPosition, messages.at(-1)?.position ?? 0);
        noteMode(threadId, entry, mode);
        if (entry.confidential) return;
        if (entry.revisions !== revisions) {
          if (entry.generation !== generation) return; // which of the two is older cannot be told
          await drop(threadId, entry, revisions);
        }
        if (messages.length === 0 || entry.confidential || entry.revisions !== revisions) return;
        await store.remember(
          threadId,
          revisions,
          messages.map((message) => ({
            position: message.position,
            value: box.seal(JSON.stringify(message), contextOf(threadId)).toString("base64"),
          })),
        );
      };
    },
    async recall(threadId, after) {
      const entry = live(threadId);
      const { lastPosition, confidential, generation, revisions } = entry;
      if (after >= lastPosition) return [];
      if (confidential || revisions === undefined) return undefined;
      const kept = (await store.recent(threadId, revisions)).filter(({ position }) => position > after);
      if (entry.generation !== generation) return undefined;
      if (kept[0]?.position !== after + 1 || kept.at(-1)!.position < lastPosition) return undefined;
      const messages = kept.map(({ value }) => open(threadId, value));
      return messages.every((message) => message !== undefined) ? messages : undefined;
    },
    forget: (threadId) => drop(threadId, live(threadId)),
    doubt(threadId) {
      live(threadId).doubtedUntil = Date.now() + doubtMs;
    },
    isDoubted: (threadId) => Date.now() < live(threadId).doubtedUntil,
    close: () => threads.clear(),
  };
};
