import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { SessionStore } from "../../platform/cache/session-store.ts";
import { createSlots } from "../../platform/events/create-slots.ts";
import { type Flushed, type FlushThreadDeps, flushThread } from "./flush-thread.ts";

export interface FlusherDeps extends FlushThreadDeps {
  readonly store: SessionStore;
  readonly logger: Pick<Logger, "warn" | "error">;
  /** Messages of a thread after which it is flushed at once, and the longest time without. */
  readonly everyMessages: number;
  readonly everyMs: number;
  /** Told of each attempt. */
  readonly onFlushed: (threadId: string, flushed: Flushed) => void;
}

/** Brings what waits to the engine: after some messages, after some time, when it is back, and at the end. */
export interface Flusher {
  /** Says that a message was added. */
  added(threadId: string): void;
  /** Brings what waits for a thread now; whether the engine took all that this front can bring. */
  flush(threadId: string): Promise<boolean>;
  /** Says that the engine is back: what waits is brought now. */
  wake(): void;
  /** Begins: what an earlier process left is brought too. */
  start(): void;
  /** Tries once more to bring everything, for at most `limitMs`, and ends. */
  stop(limitMs: number): Promise<void>;
}

const longestPauseMs = 5_000;
/** Threads that are brought at once: an engine that comes back is not run over. */
const mostAtOnce = 8;

export const createFlusher = (deps: FlusherDeps): Flusher => {
  const { store, logger, everyMessages, everyMs, onFlushed } = deps;
  const running = new Map<string, Promise<boolean>>();
  const timers = new Map<string, NodeJS.Timeout>();
  const counts = new Map<string, number>();
  const known = new Map<string, number>();
  const slots = createSlots(mostAtOnce);
  const inLine = new Set<string>();
  let failed: string | undefined;
  const stopping = new AbortController();
  let pause = new AbortController();
  let sweeping: Promise<void> | undefined;

  /** Said once, and again when there are more or fewer. */
  const createNote = (sentence: string) => {
    const noted = new Map<string, number>();
    return (threadId: string, count: number): void => {
      if (count === (noted.get(threadId) ?? 0)) return;
      if (count === 0) noted.delete(threadId);
      else {
        noted.set(threadId, count);
        logger.error({ threadId, messages: count }, sentence);
      }
    };
  };
  const noteUnreadable = createNote("messages wait that cannot be opened with this master key");
  const noteStuck = createNote(
    "messages wait that the engine refuses and that cannot be put aside; see 'athena front refused'",
  );

  const once = async (threadId: string): Promise<boolean> => {
    clearTimeout(timers.get(threadId));
    timers.delete(threadId);
    counts.delete(threadId);
    try {
      const flushed = await flushThread(threadId, known.get(threadId) ?? 0, deps);
      if (flushed.lastPosition !== undefined) {
        known.delete(threadId);
        known.set(threadId, flushed.lastPosition);
        if (known.size > 10_000) known.delete(known.keys().next().value!);
      }
      noteUnreadable(threadId, flushed.unreadable);
      noteStuck(threadId, flushed.stuck);
      onFlushed(threadId, flushed);
      return flushed.state !== "away";
    } catch (error) {
      logger.warn({ err: error }, "what waits at the front cannot be read");
      return false;
    }
  };

  const flush = async (threadId: string): Promise<boolean> => {
    // One that runs may have read the list already: it is waited for, and a new one begun.
    while (running.has(threadId)) await running.get(threadId);
    const work = once(threadId).finally(() => running.delete(threadId));
    running.set(threadId, work);
    return work;
  };

  /** In line with others; for what nobody waits for. */
  const flushInLine = (threadId: string): void => {
    if (inLine.has(threadId)) return;
    inLine.add(threadId);
    void slots(() => {
      inLine.delete(threadId);
      return flush(threadId);
    });
  };

  /** One thread first: while the engine is away the others are not tried. */
  const flushAll = async (): Promise<boolean> => {
    const threads = await store.threads().catch((): readonly string[] => []);
    // Behind the one that failed the last time: should it fail for reasons of its own, it keeps nobody back.
    const from = failed === undefined ? 0 : threads.indexOf(failed) + 1;
    const [first, ...others] = [...threads.slice(from), ...threads.slice(0, from)];
    if (first === undefined) return true;
    let isAway = false;
    const bring = async (threadId: string): Promise<void> => {
      if (isAway || (await flush(threadId))) return;
      isAway = true;
      failed = threadId;
    };
    await bring(first);
    await Promise.all(others.map((threadId) => slots(() => bring(threadId))));
    return !isAway;
  };

  const sweep = async (): Promise<void> => {
    for (let pauseMs = everyMs; !stopping.signal.aborted; ) {
      pause = new AbortController();
      const signal = AbortSignal.any([stopping.signal, pause.signal]);
      const isDone = await flushAll();
      pauseMs = isDone ? Math.max(everyMs, 1_000) : Math.min(longestPauseMs, Math.max(200, pauseMs * 2));
      await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };

  return {
    added(threadId) {
      const count = (counts.get(threadId) ?? 0) + 1;
      counts.set(threadId, count);
      if (count >= everyMessages) flushInLine(threadId);
      else if (!timers.has(threadId)) {
        timers.set(
          threadId,
          setTimeout(() => flushInLine(threadId), everyMs),
        );
      }
    },
    flush,
    wake: () => pause.abort(),
    start() {
      sweeping = sweep();
    },
    async stop(limitMs) {
      stopping.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.race([
        (async () => {
          await sweeping;
          await flushAll();
        })(),
        delay(limitMs, undefined, { ref: false }),
      ]);
    },
  };
};
