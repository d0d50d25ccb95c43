import type { Queryable } from "../../platform/db/database.ts";
import { isAppError } from "../../platform/errors/app-error.ts";
import type { CandidateSource } from "../recall/candidate-source.ts";
import { rarity } from "../recall/rarity.ts";
import { createTermStatistics } from "../recall/term-statistics.ts";
import type { SearchableEmbedder } from "./embedder.ts";
import type { VectorSpace, VectorStore } from "./vector-store.ts";

/** What is searched now. */
export interface Searched {
  readonly space: VectorSpace;
  readonly store: Pick<VectorStore, "search">;
  readonly embedder: SearchableEmbedder;
}

export interface VectorSourceDeps {
  readonly database: Queryable;
  /** @throws when there is none, such as before the model was reached for the first time */
  readonly searched: () => Promise<Searched>;
  readonly weight: () => number;
}

type Ask = Parameters<CandidateSource["find"]>[0];

/** Longest wait for the vector of a query: it stands before the answer. */
const embedMs = 1_000;
const longestQuery = 2_000;

const kindsOf = (kinds: Ask["kinds"]): ("message" | "chunk")[] =>
  (kinds ?? ["message", "document"]).map((kind) => (kind === "document" ? "chunk" : kind));

/** Candidates of recall that are near to the query in the vectors of the model that is in use. */
export const createVectorSource = ({ database, searched, weight }: VectorSourceDeps): CandidateSource => {
  const statistics = createTermStatistics({ database });

  /** Undefined: the query says nothing, or may not go where the model is. */
  const vectorOf = async (embedder: SearchableEmbedder, ask: Ask): Promise<ArrayLike<number> | undefined> => {
    const query = ask.query.slice(0, longestQuery).toWellFormed();
    if (embedder.words) {
      const words = embedder.words.of(query);
      if (words.length === 0) return undefined;
      const hashes = [...new Set(words.map(({ stemHash }) => stemHash))];
      const counts = await statistics.begin([ask.principal.id, ask.scope], kindsOf(ask.kinds), ask.service, hashes);
      return embedder.words.embed(
        words.map(({ word, stemHash }) => [word, rarity(counts.items, counts.found.get(stemHash) ?? 0)]),
      );
    }
    if (!/[\p{L}\p{N}]/u.test(query)) return undefined;
    const signal = AbortSignal.any([AbortSignal.timeout(embedMs), ...(ask.signal ? [ask.signal] : [])]);
    try {
      return (await embedder.embed([query], signal, ask.permit))[0];
    } catch (error) {
      // Held back is not broken: the receipt says so.
      if (isAppError(error) && error.code === "EGRESS_BLOCKED") return undefined;
      throw error;
    }
  };

  return {
    name: "vector",
    part: "vectors",
    scale: "share",
    get weight() {
      return weight();
    },
    async find(ask) {
      const { space, store, embedder } = await searched();
      const vector = await vectorOf(embedder, ask);
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
  };
};
