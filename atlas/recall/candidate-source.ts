import type { EgressPermit } from "../../platform/egress/egress.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import type { Recalled, Scope } from "../timeline.ts";

export interface Find {
  readonly id: string;
  readonly score: number;
  /** Of what is neither message nor chunk: itself, as it may be shown. */
  readonly fragment?: Omit<Recalled, "score" | "layer">;
}

/** Another way of finding what bears on a query, beside full text: vectors, neighbours in the graph. */
export interface CandidateSource {
  /** `vector`, `graph`: the layer of what it alone found, and its name in `degraded` unless `part` says another, perhaps by what failed. */
  readonly name: string;
  readonly part?: string | ((error: unknown) => string);
  /** How much its best find counts, as a share of full text's best: much loses what words find. */
  readonly weight: number;
  /** Scores are shares of what was asked, 0–1, and not only compared with one another. */
  readonly scale?: "share";
  /** Ids of messages or chunks with scores above 0 of any scale, best first; only what the principal may see. */
  find(request: {
    readonly principal: Principal;
    readonly query: string;
    readonly threadId: string | null;
    readonly scope: Scope | null;
    /** False: only documents are asked for. */
    readonly withMessages: boolean;
    readonly kinds?: readonly ("message" | "document")[];
    /** Documents of this service instead of everybody's. */
    readonly service?: string;
    /** Of the query that recall serves: what may leave with it. Without one nothing does. */
    readonly permit?: EgressPermit;
    readonly limit: number;
    readonly signal?: AbortSignal;
  }): Promise<readonly Find[]>;
}
