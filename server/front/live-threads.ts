import { LRUCache } from "lru-cache";
import { toNews } from "../../atlas/news.ts";
import type { SealedBox } from "../../atlas/sealed-box.ts";
import type { SessionStore } from "../../platform/cache/session-store.ts";
import type { Broadcast } from "../../platform/events/broadcast.ts";
import type { ChatThread, WireMessage } from "../chat-socket/chat-backend.ts";

/** What a front knows of the threads that its clients are on. */
export interface LiveThreads {
  /** Notes a thread as the engine has just described it. */
  know(thread: ChatThread): void;
  lastPosition(threadId: string): number;
  /** Notes that the thread reaches to a position. */
  reaches(threadId: string, position: number): void;
  isConfidential(threadId: string): boolean;
  /** Keeps messages that were read; those of a confidential thread never. */
  remember(threadId: string, messages: readonly WireMessage[]): Promise<void>;
  /** The messages after a position up to the last one, when they are all here. */
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
}

export interface LiveThreadsDeps {
  readonly store: Pick<SessionStore, "recent" | "remember" | "forget">;
  readonly box: SealedBox;
  readonly broadcast: Pick<Broadcast, "subscribe">;
}

const mostThreads = 10_000;
/** At least as long as somebody's right to read is believed without asking. */
const doubtMs = 2_000;

export const createLiveThreads = ({ store, box, broadcast }: LiveThreadsDeps): LiveThreads => {
  const threads = new LRUCache<string, Live>({ max: mostThreads, dispose: ({ leave }) => leave() });
  const contextOf = (threadId: string): string => `recent ${threadId}`;

  const live = (threadId: string): Live => {
    let entry = threads.get(threadId);
    if (entry === undefined) {
      const made: Live = {
        doubtedUntil: 0,
        lastPosition: 0,
        confidential: false,
        // Before the clients: what they read afterwards is looked for where it is.
        leave: broadcast.subscribe(threadId, (note) => {
          const news = toNews(note);
          if (news?.kind === "revised") void store.forget(threadId);
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
    know({ id, mode, lastPosition }) {
      const entry = live(id);
      entry.lastPosition = Math.max(entry.lastPosition, lastPosition);
      if (mode === "confidential" && !entry.confidential) {
        entry.confidential = true;
        void store.forget(id);
      }
    },
    lastPosition: (threadId) => live(threadId).lastPosition,
    reaches(threadId, position) {
      const entry = live(threadId);
      entry.lastPosition = Math.max(entry.lastPosition, position);
    },
    isConfidential: (threadId) => live(threadId).confidential,
    async remember(threadId, messages) {
      const last = messages.at(-1);
      if (last === undefined) return;
      this.reaches(threadId, last.position);
      if (live(threadId).confidential) return;
      await store.remember(
        threadId,
        messages.map((message) => ({
          position: message.position,
          value: box.seal(JSON.stringify(message), contextOf(threadId)).toString("base64"),
        })),
      );
    },
    async recall(threadId, after) {
      const { lastPosition, confidential } = live(threadId);
      if (after >= lastPosition) return [];
      if (confidential) return undefined;
      const kept = (await store.recent(threadId)).filter(({ position }) => position > after);
      if (kept[0]?.position !== after + 1 || kept.at(-1)!.position < lastPosition) return undefined;
      const messages = kept.map(({ value }) => open(threadId, value));
      return messages.every((message) => message !== undefined) ? messages : undefined;
    },
    forget: (threadId) => store.forget(threadId),
    doubt(threadId) {
      live(threadId).doubtedUntil = Date.now() + doubtMs;
    },
    isDoubted: (threadId) => Date.now() < live(threadId).doubtedUntil,
    close: () => threads.clear(),
  };
};
