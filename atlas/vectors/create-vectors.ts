import { setTimeout as delay } from "node:timers/promises";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import type { Follower } from "../follow/follower.ts";
import type { CandidateSource } from "../recall/candidate-source.ts";
import type { SearchableEmbedder } from "./embedder.ts";
import { type FollowVectorsDeps, followVectors, storeOf } from "./follow-vectors.ts";
import { hotSince, tendHotWindow } from "./hot-window.ts";
import { type Embedders, openEmbedder } from "./open-embedder.ts";
import { createQueryVector, type VectorAsk } from "./query-vector.ts";
import { createVectorSource } from "./vector-source.ts";
import { type NotedSpace, noteSpace, readSpaces } from "./vector-spaces.ts";
import type { VectorStore } from "./vector-store.ts";

export interface VectorsDeps extends FollowVectorsDeps, Embedders {
  /** Where vectors are kept from now on; `stores` has it and all that still hold some. */
  readonly store: VectorStore["name"];
  /** Pause between two looks at which space serves; a reindex in another process changes it. */
  readonly lookMs?: number;
}

/** A query's vector, and what comparing with it needs to know. */
export interface EmbeddedQuery extends Pick<SearchableEmbedder, "model" | "background"> {
  readonly vector: ArrayLike<number>;
}

/** The vectors of messages and documents: kept, searched, and let go of when they leave the hot window. */
export interface Vectors {
  readonly follower: Follower;
  readonly source: CandidateSource;
  /** The vector of a query by the model that serves, shared with `source`; undefined: the query has none. */
  embedQuery(ask: VectorAsk): Promise<EmbeddedQuery | undefined>;
  /** Takes out what left the hot window; answers how many vectors. Done each hour by a running follower. */
  tend(): Promise<number>;
}

interface Current {
  readonly space: NotedSpace;
  readonly store: VectorStore;
  readonly embedder: SearchableEmbedder;
  readonly follower: Follower;
}

const tendMs = 3_600_000;
const longestPauseMs = 60_000;

const awayEmbedder = ({ model, dimension }: NotedSpace): SearchableEmbedder => ({
  ...{ model, dimension, background: 0, weight: 0, candidates: 0 },
  embed: () => Promise.reject(new AppError("UPSTREAM_UNAVAILABLE", "Nobody makes vectors for the moment.")),
});

/**
 * Vectors by the model that serves: the one that is wanted in a database that has none yet, else the one that all vectors are of,
 * until `reindexVectors` has made those of another.
 */
export const createVectors = (deps: VectorsDeps): Vectors => {
  const { database, logger, core, stores, hotDays, lookMs = 5_000, now = () => new Date() } = deps;
  const stopping = new AbortController();
  const hinted = new Set<string>();
  let current: Current | undefined;
  let looking: Promise<Current> | undefined;
  let running: Promise<void> | undefined;
  let told = "";

  const servingSpace = async (): Promise<NotedSpace> => {
    const serving = (await readSpaces(database)).find(({ state }) => state === "serving");
    if (serving) return serving;
    const { model, dimension } = (await openEmbedder(deps, undefined, stopping.signal)).embedder;
    return noteSpace(database, { model, dimension, store: deps.store, state: "serving" });
  };

  const look = async (): Promise<Current> => {
    const space = await servingSpace();
    if (current?.space.id === space.id) return current;
    const store = storeOf(stores, space);
    const { embedder, wanted: configured } = await openEmbedder(deps, space, stopping.signal);
    await store.prepare(space);
    const former = current;
    current = { space, store, embedder, follower: followVectors(deps, space, embedder) };
    if (former) void former.follower.stop();
    if (running && !stopping.signal.aborted) current.follower.start();
    for (const thread of hinted) current.follower.hint(thread);
    hinted.clear();
    const wanted = `${configured} ${deps.store}`;
    if (`${space.model} ${space.store}` !== wanted && told !== wanted) {
      told = wanted;
      logger.warn(
        { serving: space.model, configured },
        "the vectors are of another model than configured; 'athena atlas reindex' makes them anew, until then they stay in use",
      );
    }
    return current;
  };
  /** One look at a time. */
  const lookOnce = (): Promise<Current> => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };

  const tend = async (): Promise<number> => {
    const { space, store } = current ?? (await lookOnce());
    return tendHotWindow(database, store, space, hotSince(hotDays, now()));
  };

  /** Before whoever makes the vectors was reached for the first time: what must leave does not wait for that. */
  const letLeave = async (): Promise<void> => {
    const space = (await readSpaces(database)).find(({ state }) => state === "serving");
    if (space) await followVectors(deps, space, awayEmbedder(space)).catchUp(stopping.signal);
  };

  const run = async (): Promise<void> => {
    const { signal } = stopping;
    let pauseMs = lookMs;
    let tendedAt = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      try {
        await lookOnce();
        if (performance.now() - tendedAt >= tendMs) {
          await tend();
          tendedAt = performance.now();
        }
        pauseMs = lookMs;
      } catch (error) {
        if (signal.aborted) return;
        logger.warn({ err: error }, "there are no vectors for the moment");
        if (!current) await letLeave().catch(() => undefined); // what is new waits
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
      await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };

  /** A query waits no longer for a core that has not told its model yet than for one that has. */
  const searched = async (): Promise<Current> => {
    if (current) return current;
    if (!core) return lookOnce();
    const late = delay(core.timeoutMs, undefined, { ref: false }).then(() => {
      throw new AppError("UPSTREAM_UNAVAILABLE", "The core did not tell its model in time.");
    });
    return Promise.race([lookOnce(), late]);
  };
  const queryVector = createQueryVector({ database });
  const source = createVectorSource({
    queryVector,
    searched,
    partOf: (error) => (core && (current === undefined || core.isOwn(error)) ? "core" : "vectors"),
    weight: () => current?.embedder.weight ?? 0,
  });

  return {
    follower: {
      name: "vectors",
      hint(threadId) {
        if (current) current.follower.hint(threadId);
        else if (hinted.size < 10_000) hinted.add(threadId); // what is forgotten here is found by the sweep
      },
      hintDocuments: () => current?.follower.hintDocuments(),
      async catchUp(signal) {
        await (await lookOnce()).follower.catchUp(signal);
      },
      start() {
        running ??= run();
      },
      async stop() {
        stopping.abort();
        await running;
        await looking?.catch(() => undefined);
        await current?.follower.stop();
      },
    },
    source: {
      ...source,
      // A getter does not survive the spread.
      get weight() {
        return source.weight;
      },
      async find(ask) {
        const before = current;
        try {
          return await source.find(ask);
        } catch (error) {
          ask.signal?.throwIfAborted();
          // A reindex may just have replaced what was searched.
          if (!before || isAppError(error) || (await lookOnce()) === before) throw error;
          return source.find(ask);
        }
      },
    },
    async embedQuery(ask) {
      const { embedder } = await searched();
      const vector = await queryVector(embedder, ask);
      return vector && { vector, model: embedder.model, background: embedder.background };
    },
    tend,
  };
};
