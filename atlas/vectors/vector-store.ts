import type { Queryable } from "../../platform/db/database.ts";
import type { Scope } from "../timeline.ts";

/** The vectors of one model in one store. */
export interface VectorSpace {
  readonly id: number;
  readonly model: string;
  readonly dimension: number;
}

/** A message or a chunk with the vectors of all its parts. */
export interface VectorItem {
  readonly id: string;
  readonly kind: "message" | "chunk";
  /** Its thread or document. */
  readonly parent: string;
  readonly scopeKey: string;
  /** The service whose knowledge it is; null: everybody's who sees it. */
  readonly service: string | null;
  readonly createdAt: Date;
  /** Stays when it gets old, see `expire`. */
  readonly lasting: boolean;
  readonly vectors: readonly ArrayLike<number>[];
}

export interface VectorSearch {
  readonly vector: ArrayLike<number>;
  /** Who searches: only what this principal sees is found, narrowed to one scope unless that is null. */
  readonly principal: string;
  readonly scope: Scope | null;
  readonly kinds: readonly VectorItem["kind"][];
  /** Only what belongs to this service; null: only what belongs to none. */
  readonly service: string | null;
  /** Most items. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

export interface VectorFind {
  /** The message's or chunk's id. */
  readonly id: string;
  /** Cosine between the query and the item's best part, -1 to 1. */
  readonly score: number;
}

/**
 * Where vectors are kept and searched. Every write may be repeated. A store in the main database writes on the caller's
 * transaction when one is given; another one writes at once. `tests/contracts/vector-store.contract.ts` is its contract.
 * @throws {AppError} DATABASE_UNAVAILABLE or UPSTREAM_UNAVAILABLE (retryable) when it cannot be reached.
 */
export interface VectorStore {
  readonly name: "postgres" | "qdrant";
  /** Makes what a space needs when it is not there. */
  prepare(space: VectorSpace): Promise<void>;
  /** Puts items in, in place of all that was there of them; the same again changes nothing. */
  upsert(space: VectorSpace, items: readonly VectorItem[], connection?: Queryable): Promise<void>;
  /** Takes items out, and everything of some threads or documents. */
  remove(
    space: VectorSpace,
    gone: { readonly items?: readonly string[]; readonly parents?: readonly string[] },
    connection?: Queryable,
  ): Promise<void>;
  /** Takes out what is older and not lasting, apart from these threads; answers how many vectors that were. */
  expire(space: VectorSpace, before: Date, keptParents: readonly string[]): Promise<number>;
  /** Best first, each item once. */
  search(space: VectorSpace, search: VectorSearch): Promise<readonly VectorFind[]>;
  /** Takes everything out; the space can be filled again. */
  clear(space: VectorSpace, connection?: Queryable): Promise<void>;
  /** The space goes with all that it holds. */
  drop(space: VectorSpace, connection?: Queryable): Promise<void>;
}
