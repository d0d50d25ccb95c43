import type { Queryable } from "../../platform/db/database.ts";
import { isAppError } from "../../platform/errors/app-error.ts";
import type { CandidateSource } from "../recall/candidate-source.ts";
import { rarity } from "../recall/rarity.ts";
import { createTermStatistics } from "../recall/term-statistics.ts";
import type { SearchableEmbedder } from "./embedder.ts";

export type VectorAsk = Parameters<CandidateSource["find"]>[0];

/** Longest wait for the vector of a query: it stands before the answer. */
const embedMs = 1_000;
const longestQuery = 2_000;

export const kindsOf = (kinds: VectorAsk["kinds"]): ("message" | "chunk")[] =>
  (kinds ?? ["message", "document"]).map((kind) => (kind === "document" ? "chunk" : kind));

/** Makes the vector of a query; undefined: it says nothing, or may not go where the model is. Sources that ask alike share one. */
export type QueryVector = (embedder: SearchableEmbedder, ask: VectorAsk) => Promise<ArrayLike<number> | undefined>;

/** @throws {AppError} as the embedder, from what is given */
export const createQueryVector = ({ database }: { readonly database: Queryable }): QueryVector => {
  const statistics = createTermStatistics({ database });
  const made = new WeakMap<
    VectorAsk,
    { readonly embedder: SearchableEmbedder; readonly vector: ReturnType<QueryVector> }
  >();

  const make: QueryVector = async (embedder, ask) => {
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
      if (embedder.embedQuery) return await embedder.embedQuery(query, signal, ask.permit);
      return (await embedder.embed([query], signal, ask.permit))[0];
    } catch (error) {
      // Held back is not broken: the receipt says so.
      if (isAppError(error) && error.code === "EGRESS_BLOCKED") return undefined;
      throw error;
    }
  };

  return (embedder, ask) => {
    const known = made.get(ask);
    if (known?.embedder === embedder) return known.vector;
    const vector = make(embedder, ask);
    made.set(ask, { embedder, vector });
    vector.catch(() => made.delete(ask)); // asked again it is tried again
    return vector;
  };
};
