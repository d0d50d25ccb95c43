import type { EgressPermit } from "../../platform/egress/egress.ts";

/** Makes vectors of texts. Vectors can be compared only with those of the same model. */
export interface Embedder {
  readonly model: string;
  readonly dimension: number;
  /**
   * One vector of unit length for each text, in order. Without a permit nothing leaves this machine.
   * @throws {AppError} EGRESS_BLOCKED when the permit does not let the texts go where the model is; as `ModelGateway.embed`.
   */
  embed(texts: readonly string[], signal?: AbortSignal, permit?: EgressPermit): Promise<readonly ArrayLike<number>[]>;
}

/** An embedder with what searching needs to know of it. */
export interface SearchableEmbedder extends Embedder {
  /** Cosine up to which texts have nothing in common. */
  readonly background: number;
  /** How much the best find counts, as a share of full text's best. */
  readonly weight: number;
  /** Most finds that are worth looking for: what a search costs grows with them. */
  readonly candidates: number;
  /** The vector of a query, where it is made otherwise than those of texts: sooner given up. */
  embedQuery?(query: string, signal?: AbortSignal, permit?: EgressPermit): Promise<ArrayLike<number> | undefined>;
  /** Which words of a query can be weighed; with their weights they are embedded by `embedWords`. Undefined: no words can. */
  readonly words?: HashedWords;
}

/** Words weighed by how rare they are, which a model does by itself and hashed words do not. */
export interface HashedWords {
  /** The words of a query that carry meaning, with the hashes of their stems in the full-text index. */
  of(query: string): readonly { readonly word: string; readonly stemHash: number }[];
  embed(words: readonly (readonly [word: string, weight: number])[]): ArrayLike<number> | undefined;
}
