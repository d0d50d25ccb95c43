import type { Database, Queryable } from "../../platform/db/database.ts";
import { upsertVectors, vectorText, vectorTypeOf } from "./upsert-vectors.ts";
import type { VectorFind, VectorSpace, VectorStore } from "./vector-store.ts";

/** Up to so many vectors that a caller sees are compared one by one: exact, and as fast as the index would be. */
const fewest = 2_000;

const tableOf = ({ id }: VectorSpace): string => {
  if (!Number.isInteger(id)) throw new TypeError("a vector space has a whole number");
  return `message_vectors_${id}`;
};

/** Vectors in the main database, with an HNSW index for each space. */
export const createPostgresVectorStore = ({
  database,
  few = fewest,
}: {
  readonly database: Database;
  /** Most vectors that are searched without the index. */
  readonly few?: number;
}): VectorStore => {
  const type = vectorTypeOf(database.kind);

  return {
    name: "postgres",
    async prepare({ id }) {
      await database.query("select vector_table_make($1, $2)", [id, type]);
    },
    upsert: (space, items, connection = database) => upsertVectors(connection, tableOf(space), type, items),
    async remove(space, { items = [], parents = [] }, connection = database) {
      if (items.length + parents.length === 0) return;
      await connection.query(
        `delete from ${tableOf(space)} where item = any ($1::uuid[]) or parent = any ($2::uuid[])`,
        [items, parents],
      );
    },
    async expire(space, before, keptParents) {
      const [row] = await database.query<{ count: number }>(
        `with gone as (
           delete from ${tableOf(space)} where created_at < $1 and not lasting and not parent = any ($2::uuid[]) returning item
         ) select count(*)::int as count from gone`,
        [before.toISOString(), keptParents],
      );
      return row?.count ?? 0;
    },
    async search(space, { vector, principal, scope, kinds, service, limit }): Promise<VectorFind[]> {
      return database.query<VectorFind>(
        "select id, score from vector_search($1, $2, $3, $4, $5, $6, $7, $8)",
        [space.id, vectorText(vector), principal, scope, kinds, service, limit, few],
        "vector_search",
      );
    },
    async clear(space, connection = database) {
      await connection.query(`truncate ${tableOf(space)}`);
    },
    async drop(space, connection: Queryable = database) {
      await connection.query(`drop table if exists ${tableOf(space)}`);
    },
  };
};
