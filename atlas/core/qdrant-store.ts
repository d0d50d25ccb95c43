import { Document } from "@langchain/core/documents";
import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { QdrantVectorStore } from "@langchain/qdrant";
import { QdrantClient } from "@qdrant/js-client-rest";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import { isUuid } from "../uuid.ts";
import type { VectorFind, VectorItem, VectorSpace } from "../vectors/vector-store.ts";
import { pointId } from "./point-id.ts";
import { createQdrantCollections, type QdrantCollections, type QdrantLayout } from "./qdrant-collections.ts";
import { isMissing } from "./qdrant-errors.ts";
import { createQdrantNotes } from "./qdrant-notes.ts";
import type { ScopedVectorStore } from "./scoped-vector-store.ts";

export interface QdrantStoreDeps {
  readonly url: string;
  readonly apiKey?: string | undefined;
  readonly layout: QdrantLayout;
  /** Names the collection of a space; in the layout `collections` the end of all their names. */
  readonly collectionOf: (space: VectorSpace) => string;
  /** Longest time for one request; default 10,000. */
  readonly timeoutMs?: number;
}

type Metadata = Readonly<Record<"item" | "parent" | "scope_key" | "kind" | "service", string>> & {
  readonly part: number;
  readonly created_at: number;
  readonly lasting: boolean;
};
type Filter = NonNullable<QdrantVectorStore["FilterType"]>;

/** Vectors come from an embedder of ours; a store that is asked to make one has been asked wrongly. */
const noEmbeddings: EmbeddingsInterface = {
  embedDocuments: () => Promise.reject(new TypeError("texts are embedded before they are stored")),
  embedQuery: () => Promise.reject(new TypeError("texts are embedded before they are searched for")),
};

/** Collections are made beforehand, with their indexes: no look at the list of them before each search. */
class PreparedStore extends QdrantVectorStore {
  override async ensureCollection(): Promise<void> {}
}

const isOf = (key: string, values: readonly string[]): object => ({ key: `metadata.${key}`, match: { any: values } });
const batch = 500;

const toAppError = (error: unknown): AppError =>
  isAppError(error)
    ? error
    : new AppError("UPSTREAM_UNAVAILABLE", "The vector database did not answer as it should.", { cause: error });

/** Runs a call; whatever goes wrong in Qdrant or on the way is one kind of error. The signal's reason when aborted. */
const guarded = async <Result>(call: () => Promise<Result>, signal?: AbortSignal): Promise<Result> => {
  signal?.throwIfAborted();
  let leave: (() => void) | undefined;
  // The client takes no signal of ours: whoever leaves does not wait for it.
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(signal?.reason);
    signal?.addEventListener("abort", leave, { once: true });
  });
  try {
    return await (signal ? Promise.race([call(), left]) : call());
  } catch (error) {
    signal?.throwIfAborted();
    throw toAppError(error);
  } finally {
    if (leave) signal?.removeEventListener("abort", leave);
  }
};

const metadataOf = (item: VectorItem, part: number): Metadata => ({
  item: item.id,
  part,
  parent: item.parent,
  scope_key: item.scopeKey,
  kind: item.kind,
  // An empty text can be matched; a null cannot.
  service: item.service ?? "",
  created_at: item.createdAt.getTime(),
  lasting: item.lasting,
});

/** Vectors in Qdrant, through LangChain's store. No content is stored: only ids, scopes and vectors. */
export const createQdrantStore = (deps: QdrantStoreDeps): ScopedVectorStore => {
  const { url, apiKey, layout, collectionOf, timeoutMs = 10_000 } = deps;
  const client = new QdrantClient({
    url,
    ...(apiKey === undefined ? {} : { apiKey }),
    timeout: timeoutMs,
    checkCompatibility: false,
  });
  const notes = createQdrantNotes(client);
  const spaces = new Map<string, QdrantCollections>();
  const collectionsOf = (space: VectorSpace): QdrantCollections => {
    const base = collectionOf(space);
    const known = spaces.get(base) ?? createQdrantCollections(client, { base, layout, dimension: space.dimension });
    spaces.set(base, known);
    return known;
  };
  const storeOf = (collectionName: string) => new PreparedStore(noEmbeddings, { client, collectionName });

  const removeWhere = async (space: VectorSpace, filter: Filter): Promise<void> => {
    for (const name of await collectionsOf(space).present()) await storeOf(name).delete({ filter });
  };

  const put = async (space: VectorSpace, name: string, items: readonly VectorItem[]): Promise<void> => {
    const parts = items.flatMap((item) => item.vectors.map((vector, part) => ({ item, part, vector })));
    const store = storeOf(name);
    for (let at = 0; at < parts.length; at += batch) {
      const some = parts.slice(at, at + batch);
      await store.addVectors(
        some.map(({ vector }) => Array.from(vector)),
        some.map(
          ({ item, part }) =>
            new Document({
              id: pointId(space.model, item.id, part),
              pageContent: "",
              metadata: metadataOf(item, part),
            }),
        ),
      );
    }
    // Parts that an earlier state of an item had beyond these.
    for (const [count, same] of Map.groupBy(items, ({ vectors }) => vectors.length)) {
      const ids = same.map(({ id }) => id);
      await store.delete({
        filter: { must: [isOf("item", ids), { key: "metadata.part", range: { gte: count } }] },
      });
    }
  };

  /** Points in one collection, more each time until they are of enough items. */
  const searchIn = async (name: string, vector: readonly number[], filter: Filter, limit: number) => {
    for (let most = limit + 10; ; most *= 4) {
      const points = await storeOf(name).similaritySearchVectorWithScore([...vector], most, filter);
      const best = new Map<string, number>();
      for (const [{ metadata }, score] of points) {
        const item: unknown = metadata?.item;
        if (typeof item !== "string" || !isUuid(item) || typeof score !== "number" || !Number.isFinite(score)) {
          throw new AppError("UPSTREAM_UNAVAILABLE", "The vector database answered what nobody stored.");
        }
        if (!best.has(item)) best.set(item, score);
      }
      if (best.size >= limit || points.length < most) return best;
    }
  };

  return {
    name: "qdrant",
    prepare: (space) => guarded(() => collectionsOf(space).prepare()),
    upsert: (space, items) =>
      guarded(async () => {
        const collections = collectionsOf(space);
        for (const [scopeKey, some] of Map.groupBy(items, ({ scopeKey }) => scopeKey)) {
          const name = await collections.writable(scopeKey);
          try {
            await put(space, name, some);
          } catch (error) {
            collections.forget(name);
            throw error;
          }
        }
      }),
    remove: (space, { items = [], parents = [] }) =>
      guarded(async () => {
        const should = [
          ...(items.length > 0 ? [isOf("item", items)] : []),
          ...(parents.length > 0 ? [isOf("parent", parents)] : []),
        ];
        if (should.length > 0) await removeWhere(space, { should });
      }),
    expire: (space, before, keptParents) =>
      guarded(async () => {
        const filter = {
          must: [
            { key: "metadata.created_at", range: { lt: before.getTime() } },
            { key: "metadata.lasting", match: { value: false } },
          ],
          ...(keptParents.length > 0 ? { must_not: [isOf("parent", keptParents)] } : {}),
        };
        let gone = 0;
        for (const name of await collectionsOf(space).present()) {
          gone += (await client.count(name, { filter, exact: true })).count;
          await storeOf(name).delete({ filter });
        }
        return gone;
      }),
    search: (space, { vector, scopeKeys, kinds, service, limit, signal }) =>
      guarded(async () => {
        if (scopeKeys.length === 0 || kinds.length === 0 || limit < 1) return [];
        const filter: Filter = {
          must: [
            isOf("scope_key", scopeKeys),
            isOf("kind", kinds),
            { key: "metadata.service", match: { value: service ?? "" } },
          ],
        };
        const query = Array.from(vector);
        const found = await Promise.all(
          collectionsOf(space)
            .searched(scopeKeys)
            .map(({ name, mayMiss }) =>
              searchIn(name, query, filter, limit).catch((error: unknown) => {
                if (mayMiss && isMissing(error)) return new Map<string, number>();
                throw error;
              }),
            ),
        );
        return found
          .flatMap((items) => [...items].map(([id, score]): VectorFind => ({ id, score })))
          .sort((one, other) => other.score - one.score)
          .slice(0, limit);
      }, signal),
    clear: (space) => guarded(() => removeWhere(space, { must: [{ key: "metadata.part", range: { gte: 0 } }] })),
    drop: (space) => guarded(() => collectionsOf(space).drop()),
    count: (space) =>
      guarded(async () => {
        let count = 0;
        for (const name of await collectionsOf(space).present()) {
          count += (await client.count(name, { exact: true })).count;
        }
        return count;
      }),
    origins: (space) => guarded(() => collectionsOf(space).origins()),
    note: (name) => guarded(() => notes.note(name)),
    setNote: (name, note) => guarded(() => notes.setNote(name, note)),
    close: async () => undefined,
  };
};
