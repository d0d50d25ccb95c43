import type { Queryable } from "../../platform/db/database.ts";
import type { VectorFind, VectorSearch, VectorSpace, VectorStore } from "../vectors/vector-store.ts";

/** A search by the scopes themselves: a core knows no principals, whoever asks it has decided what may be seen. */
export type ScopedSearch = Omit<VectorSearch, "principal" | "scope"> & {
  /** `user:{id}`, `team:{id}`, `public`: nothing outside of them is found; none finds nothing. */
  readonly scopeKeys: readonly string[];
};

/** A store of vectors that stands apart from the main database. */
export interface ScopedVectorStore extends Omit<VectorStore, "search"> {
  search(space: VectorSpace, search: ScopedSearch): Promise<readonly VectorFind[]>;
  /** Vectors in a space, counted one by one. */
  count(space: VectorSpace): Promise<number>;
  /**
   * A name for each thing that holds vectors of a space, made up anew when the thing is made. One that was there and is missing
   * was lost with all that it held.
   */
  origins(space: VectorSpace): Promise<readonly string[]>;
  /** What was noted under a name; undefined: nothing. It lives and goes with the vectors. */
  note(name: string): Promise<Record<string, unknown> | undefined>;
  /** Notes something durably, in place of what was noted before. */
  setNote(name: string, note: Readonly<Record<string, unknown>>): Promise<void>;
  close(): Promise<void>;
}

/** The same for callers who name a principal: its scopes are those of the main database at that moment. */
export const withPrincipals = (store: ScopedVectorStore, database: Queryable): VectorStore => ({
  ...store,
  async search(space, { principal, scope, ...search }) {
    const [row] = await database.query<{ keys: string[] }>(
      "select scope_keys($1, $2) as keys",
      [principal, scope],
      "vector_scopes",
    );
    return store.search(space, { ...search, scopeKeys: row?.keys ?? [] });
  },
});
