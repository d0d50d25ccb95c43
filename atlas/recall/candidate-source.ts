import type { Principal } from "../../platform/policy/principal.ts";

/** Another way of finding what bears on a query, beside full text: vectors, neighbours in the graph. */
export interface CandidateSource {
  /** `vector`, `graph`: the layer of what it alone found, and its name in `degraded`. */
  readonly name: string;
  /** How much its best find counts, as a share of full text's best. Hashed vectors: .1; more loses what words find. */
  readonly weight: number;
  /** Ids of messages or chunks with scores above 0 of any scale, best first; only what the principal may see. */
  find(request: {
    readonly principal: Principal;
    readonly query: string;
    readonly threadId: string | null;
    readonly limit: number;
    readonly signal?: AbortSignal;
  }): Promise<readonly { readonly id: string; readonly score: number }[]>;
}
