import type { Logger } from "pino";
import type { Database, Queryable } from "../../platform/db/database.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Changes } from "../follow/changes.ts";
import { createFollower } from "../follow/create-follower.ts";
import type { Follower } from "../follow/follower.ts";
import type { PlaintextRule } from "../follow/plaintext-rule.ts";
import { createEmbedChanges } from "./embed-changes.ts";
import type { SearchableEmbedder } from "./embedder.ts";
import { hotSince, isLasting, keptThreads } from "./hot-window.ts";
import { followerOf, type NotedSpace, readSpaces } from "./vector-spaces.ts";
import type { VectorItem, VectorStore } from "./vector-store.ts";

export interface FollowVectorsDeps {
  readonly database: Database;
  readonly logger: Pick<Logger, "warn">;
  /** What may be indexed in clear; what may not has vectors of a model on this machine only. */
  readonly rule: PlaintextRule;
  readonly stores: readonly VectorStore[];
  /** Messages of so many days have vectors. */
  readonly hotDays: number;
  readonly batch?: number;
  readonly sweepMs?: number;
  readonly now?: () => Date;
}

/** Raised when what is embedded of a text changes. */
const rulesVersion = "1";

export const storeOf = (stores: readonly VectorStore[], { store }: NotedSpace): VectorStore => {
  const found = stores.find(({ name }) => name === store);
  if (found) return found;
  throw new AppError("NOT_CONFIGURED", `The vectors are in '${store}', which is not configured.`);
};

/** The follower that keeps one space: what is hot has vectors there, everything else leaves. */
export const followVectors = (deps: FollowVectorsDeps, space: NotedSpace, embedder: SearchableEmbedder): Follower => {
  const { database, logger, rule, stores, hotDays, batch, sweepMs, now = () => new Date() } = deps;
  const store = storeOf(stores, space);
  const embedChanges = createEmbedChanges({ rule, logger });

  /**
   * Out of this space, and what is gone for good also out of one that a reindex left half full. What came anew stays there: it
   * may be there already.
   */
  const remove = async (
    connection: Queryable,
    { messages, chunks, goneParents }: Changes,
    stays: ReadonlySet<string>,
  ) => {
    const spaces = await readSpaces(connection);
    if (!spaces.some(({ id }) => id === space.id)) {
      throw new AppError("CONFLICT", "The vectors of this model were replaced by those of another.");
    }
    const items = messages.filter(({ id }) => !stays.has(id)).map(({ id }) => id);
    const present = new Set(chunks.map(({ documentId }) => documentId));
    for (const one of spaces) {
      const parents = one.id === space.id ? goneParents : goneParents.filter((id) => !present.has(id));
      await storeOf(stores, one).remove(one, { items, parents }, connection);
    }
  };

  const wanted = async ({ messages }: Changes) => {
    const since = hotSince(hotDays, now());
    const present = messages.filter(({ allowed, content, role }) => allowed && content !== null && role !== "system");
    const isOld = (message: (typeof messages)[number]) => message.createdAt < since && !isLasting(message);
    const old = [...new Set(present.filter(isOld).map(({ threadId }) => threadId))];
    const kept = new Set(await keptThreads(database, old, since));
    return present.filter((message) => !isOld(message) || kept.has(message.threadId));
  };

  return createFollower<readonly VectorItem[]>({
    name: followerOf(space),
    database,
    logger,
    // Everything comes; what may not be indexed in clear is told apart by `rule`.
    rule: "scoped",
    rules: `${rulesVersion} ${rule}`,
    ...(batch === undefined ? {} : { batch }),
    ...(sweepMs === undefined ? {} : { sweepMs }),
    async renew(connection, former) {
      if (former !== null) await store.clear(space, connection);
    },
    async prepare(changes, signal) {
      const hot = await wanted(changes);
      try {
        return await embedChanges(embedder, hot, changes.chunks, signal);
      } catch (error) {
        // What must leave does not wait for the model.
        await remove(database, changes, new Set(hot.map(({ id }) => id)));
        throw error;
      }
    },
    async apply(connection, changes, items) {
      await remove(connection, changes, new Set(items.map(({ id }) => id)));
      await store.upsert(space, items, connection);
    },
  });
};
