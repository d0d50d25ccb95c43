import type { SyncChange } from "../deep/sync-page.ts";
import type { Embedder } from "../vectors/embedder.ts";
import type { VectorFind, VectorItem, VectorSpace } from "../vectors/vector-store.ts";
import type { ScopedSearch, ScopedVectorStore } from "./scoped-vector-store.ts";
import { splitParts } from "./split-parts.ts";

/** Every message and chunk that may be indexed, as vectors. */
export interface DeepIndex {
  readonly model: string;
  readonly store: "postgres" | "qdrant";
  /** Makes the store ready. @throws {AppError} UPSTREAM_UNAVAILABLE, DATABASE_UNAVAILABLE */
  prepare(): Promise<void>;
  /** Brings the index to the state of these items; the same again changes nothing. */
  apply(changes: readonly SyncChange[], signal?: AbortSignal): Promise<void>;
  search(request: Omit<ScopedSearch, "vector"> & { readonly query: string }): Promise<readonly VectorFind[]>;
  /** Forgets everything. */
  clear(): Promise<void>;
  /** The same when it was made with another model, whose vectors may have another length. */
  renew(): Promise<void>;
  /** Vectors held. */
  count(): Promise<number>;
}

const textsAtOnce = 64;
const spaceId = 1;

/** The id of a space is the same in every store of a core: it holds one model at a time. */
export const deepSpace = ({ model, dimension }: Pick<Embedder, "model" | "dimension">): VectorSpace => ({
  id: spaceId,
  model,
  dimension,
});

const headingOf = (title: string, path: readonly string[]): string =>
  [title, ...path.filter((heading) => heading !== title)].filter(Boolean).join(" – ");

/** The item of a change, without its vectors; undefined: nothing of it is to be held. */
const itemOf = (
  change: SyncChange,
): { readonly item: Omit<VectorItem, "vectors">; readonly parts: string[] } | undefined => {
  if (change.kind === "gone" || change.content === null) return undefined;
  const { id, kind, scope_key: scopeKey } = change;
  const common = { id, kind, scopeKey, lasting: true };
  if (change.kind === "message") {
    const createdAt = new Date(change.created_at ?? 0);
    return {
      item: { ...common, parent: change.thread_id, service: null, createdAt },
      parts: splitParts(change.content),
    };
  }
  return {
    item: { ...common, parent: change.document_id, service: change.service ?? null, createdAt: new Date(0) },
    parts: splitParts(change.content, headingOf(change.title ?? "", change.heading_path ?? [])),
  };
};

/** Embeds what comes and keeps the vectors in a store. */
export const createDeepIndex = ({
  store,
  embedder,
}: {
  readonly store: ScopedVectorStore;
  readonly embedder: Embedder;
}): DeepIndex => {
  const space = deepSpace(embedder);

  const embedAll = async (texts: readonly string[], signal?: AbortSignal): Promise<ArrayLike<number>[]> => {
    const vectors: ArrayLike<number>[] = [];
    for (let at = 0; at < texts.length; at += textsAtOnce) {
      vectors.push(...(await embedder.embed(texts.slice(at, at + textsAtOnce), signal)));
    }
    return vectors;
  };

  return {
    model: embedder.model,
    store: store.name,
    prepare: () => store.prepare(space),
    async apply(changes, signal) {
      // What left as a whole goes first: chunks of a document that was stored again come after it.
      const parents = changes.flatMap(({ kind, id }) => (kind === "gone" ? [id] : []));
      const held = changes.flatMap((change) => itemOf(change) ?? []);
      const present = new Set(held.map(({ item }) => item.id));
      const items = changes.flatMap(({ kind, id }) => (kind === "gone" || present.has(id) ? [] : [id]));
      if (parents.length + items.length > 0) await store.remove(space, { parents, items });
      const vectors = await embedAll(
        held.flatMap(({ parts }) => parts),
        signal,
      );
      let next = 0;
      const filled = held.map(({ item, parts }): VectorItem => {
        const own = vectors.slice(next, next + parts.length);
        next += parts.length;
        return { ...item, vectors: own };
      });
      signal?.throwIfAborted();
      if (filled.length > 0) await store.upsert(space, filled);
    },
    async search({ query, ...search }) {
      const [vector] = await embedder.embed([query], search.signal);
      return vector === undefined ? [] : store.search(space, { ...search, vector });
    },
    clear: () => store.clear(space),
    async renew() {
      await store.drop(space);
      await store.prepare(space);
    },
    count: () => store.count(space),
  };
};
