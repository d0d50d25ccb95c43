import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";
import { createApplyPage, type RefusedItem } from "./apply-page.ts";
import type { DeepIndex } from "./deep-index.ts";
import type { EdgeClient } from "./edge-client.ts";
import type { ScopedVectorStore } from "./scoped-vector-store.ts";

export interface FollowEdgeDeps {
  readonly edge: Pick<EdgeClient, "pull">;
  readonly index: DeepIndex;
  /** Keeps the cursor beside the vectors: what is lost with them is pulled again. */
  readonly notes: Pick<ScopedVectorStore, "note" | "setNote">;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** How long the engine may hold an empty answer; default 25. */
  readonly waitSeconds?: number;
  readonly shortestPauseMs?: number;
  readonly longestPauseMs?: number;
}

/** What a core can say of how it follows. */
export interface FollowState {
  readonly state: "starting" | "following" | "waiting";
  /** When it last held everything there was; undefined: not yet. */
  readonly caughtUpAt: string | undefined;
  /** Changes that were taken in since the start. */
  readonly applied: number;
  /** Items that the model or the store does not take: they are not in the index. */
  readonly refused: readonly RefusedItem[];
}

export interface EdgeFollower {
  start(): void;
  stop(): Promise<void>;
  state(): FollowState;
}

const noteName = "sync";
/** `origins`: what the vectors were in that the cursor speaks of. */
const Note = z.object({
  cursor: z.string(),
  model: z.string(),
  origins: z.array(z.string()),
  refused: z.array(z.object({ id: z.string(), reason: z.string() })).default([]),
});
/** Of refused items so many are named, the newest. */
const mostRefused = 1_000;
const isLost = (held: readonly string[], present: readonly string[]): boolean =>
  held.some((origin) => !present.includes(origin));

/**
 * Follows an engine: pulls changes, brings the index to them, and only then notes the cursor, which the next pull acknowledges.
 * Killed anywhere, it takes the last page again, and every write of the index may be repeated.
 */
export const createEdgeFollower = (deps: FollowEdgeDeps): EdgeFollower => {
  const { edge, index, notes, logger, waitSeconds = 25, shortestPauseMs = 1_000, longestPauseMs = 30_000 } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<void> | undefined;
  let state: FollowState["state"] = "starting";
  let caughtUpAt: string | undefined;
  let applied = 0;
  let refused: readonly RefusedItem[] = [];
  const applyPage = createApplyPage({ index, logger });

  /** What the index holds; what another model made, was lost in part, or nothing was noted of, goes. */
  const begin = async (): Promise<{ cursor: string | undefined; origins: readonly string[] }> => {
    const note = Note.safeParse(await notes.note(noteName));
    if (note.success && note.data.model === index.model && !isLost(note.data.origins, await index.origins())) {
      await index.prepare();
      refused = note.data.refused;
      return note.data;
    }
    await index.renew();
    refused = [];
    return { cursor: undefined, origins: await index.origins() };
  };

  const follow = async (): Promise<void> => {
    let { cursor, origins } = await begin();
    while (!signal.aborted) {
      // A core that starts says soon whether it follows, and soon that it holds all.
      const wait = state !== "following" ? 0 : caughtUpAt === undefined ? Math.min(1, waitSeconds) : waitSeconds;
      const page = await edge.pull({ after: cursor, waitSeconds: wait, signal });
      state = "following";
      if (page.reset) await index.clear();
      const left = await applyPage(cursor ?? "", page.changes, signal);
      const present = await index.origins();
      if (isLost(origins, present)) {
        caughtUpAt = undefined;
        throw new AppError("UPSTREAM_UNAVAILABLE", "The store lost vectors that it held: all are pulled again.");
      }
      const told = new Set(page.changes.map(({ id }) => id));
      refused = [...(page.reset ? [] : refused).filter(({ id }) => !told.has(id)), ...left].slice(-mostRefused);
      if (page.next !== cursor) {
        await notes.setNote(noteName, { cursor: page.next, model: index.model, origins: present, refused });
      }
      ({ next: cursor } = page);
      origins = present;
      applied += page.changes.length;
      if (!page.more && !page.reset) caughtUpAt = new Date().toISOString();
    }
  };

  const run = async (): Promise<void> => {
    let pauseMs = shortestPauseMs;
    while (!signal.aborted) {
      const before = applied;
      try {
        await follow();
      } catch (error) {
        if (signal.aborted) return;
        if (applied > before) pauseMs = shortestPauseMs;
        state = "waiting";
        logger.warn({ err: error, pauseMs }, "the core cannot follow the engine for the moment");
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
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
    state: () => ({ state, caughtUpAt, applied, refused }),
  };
};
