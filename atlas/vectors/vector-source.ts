import type { CandidateSource } from "../recall/candidate-source.ts";
import type { SearchableEmbedder } from "./embedder.ts";
import { kindsOf, type QueryVector } from "./query-vector.ts";
import type { VectorSpace, VectorStore } from "./vector-store.ts";

/** What is searched now. */
export interface Searched {
  readonly space: VectorSpace;
  readonly store: Pick<VectorStore, "search">;
  readonly embedder: SearchableEmbedder;
}

export interface VectorSourceDeps {
  readonly queryVector: QueryVector;
  /** @throws when there is none, such as before the model was reached for the first time */
  readonly searched: () => Promise<Searched>;
  readonly weight: () => number;
  /** What is degraded by a failure. */
  readonly partOf: (error: unknown) => string;
}

/** Candidates of recall that are near to the query in the vectors of the model that is in use. */
export const createVectorSource = ({ queryVector, searched, weight, partOf }: VectorSourceDeps): CandidateSource => ({
  name: "vector",
  part: partOf,
  scale: "share",
  get weight() {
    return weight();
  },
  async find(ask) {
    const { space, store, embedder } = await searched();
    const vector = await queryVector(embedder, ask);
    if (!vector) return [];
    const { principal, scope, kinds, service = null, limit, signal } = ask;
    const finds = await store.search(space, {
      vector,
      principal: principal.id,
      scope,
      kinds: kindsOf(kinds),
      service,
      limit: Math.min(limit, embedder.candidates),
      signal,
    });
    const { background } = embedder;
    return finds
      .map(({ id, score }) => ({ id, score: Math.min(1, (score - background) / (1 - background)) }))
      .filter(({ score }) => score > 0);
  },
});
