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
