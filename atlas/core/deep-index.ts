import type { SyncChange } from "../deep/sync-page.ts";
import { cutText } from "../vectors/cut-text.ts";
import type { Embedder, SearchableEmbedder } from "../vectors/embedder.ts";
import type { VectorFind, VectorItem, VectorSpace } from "../vectors/vector-store.ts";
import type { ScopedSearch, ScopedVectorStore } from "./scoped-vector-store.ts";

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
  /** What the vectors lie in, see `ScopedVectorStore.origins`. */
  origins(): Promise<readonly string[]>;
  /** Vectors held, counted one by one. */
  count(): Promise<number>;
}

const textsAtOnce = 64;
const spaceId = 1;
/** Characters of headings before each part: they say where it stands, the part says what it means. */
const longestHeading = 300;

/** The id of a space is the same in every store of a core: it holds one model at a time. */
export const deepSpace = ({ model, dimension }: Pick<Embedder, "model" | "dimension">): VectorSpace => ({
  id: spaceId,
  model,
  dimension,
});

/** What a chunk stands under, as a line of its own; nothing where there is nothing. */
const headingOf = (title: string, path: readonly string[]): string => {
  const headings = [title, ...path.filter((heading) => heading !== title)].filter(Boolean);
  return headings.length === 0 ? "" : `${headings.join(" – ").slice(0, longestHeading).toWellFormed()}\n`;
};

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
      parts: cutText(change.content.toWellFormed()),
    };
  }
  const heading = headingOf(change.title ?? "", change.heading_path ?? []);
  return {
    item: { ...common, parent: change.document_id, service: change.service ?? null, createdAt: new Date(0) },
    parts: cutText(change.content.toWellFormed()).map((part) => `${heading}${part}`),
  };
};

/** Embeds what comes and keeps the vectors in a store. */
export const createDeepIndex = ({
  store,
  embedder,
}: {
  readonly store: ScopedVectorStore;
  readonly embedder: Embedder & Partial<Pick<SearchableEmbedder, "background">>;
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
      if (vector === undefined) return [];
      const found = await store.search(space, { ...search, vector });
      // Texts that have nothing to do with each other are that near.
      return found.filter(({ score }) => score > (embedder.background ?? 0));
    },
    clear: () => store.clear(space),
    async renew() {
      await store.drop(space);
      await store.prepare(space);
    },
    origins: () => store.origins(space),
    count: () => store.count(space),
  };
};
