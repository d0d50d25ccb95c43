import type { EgressPermit } from "../platform/egress/egress.ts";
import type { ModelGateway } from "../platform/models/model-gateway.ts";

/** Vectors of texts of one query, in order; undefined when there are none in time or none are permitted. */
export type EmbedQuery = (texts: readonly string[]) => Promise<readonly Float32Array[] | undefined>;

export interface EmbedQueryDeps {
  readonly models: Pick<ModelGateway, "embed">;
  /** The embedding model that the examples were embedded with; undefined: none. */
  readonly model: string | undefined;
  /** Longest wait, in milliseconds: it stands before the answer. */
  readonly timeoutMs: number;
}

/**
 * Embeds a query's own words under its own permit, so that the gate's decision holds for them as for everything else. Any
 * failure is "no vectors": classification then goes by the words.
 */
export const createEmbedQuery =
  ({ models, model, timeoutMs }: EmbedQueryDeps) =>
  (permit: EgressPermit | undefined, signal: AbortSignal): EmbedQuery | undefined => {
    if (model === undefined || !permit) return undefined;
    return async (texts) => {
      const either = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        return (await models.embed({ model, inputs: texts, permit, signal: either })).vectors;
      } catch {
        signal.throwIfAborted();
        return undefined;
      }
    };
  };
