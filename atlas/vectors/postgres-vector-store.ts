import type { Database, Queryable } from "../../platform/db/database.ts";
import type { VectorFind, VectorItem, VectorSpace, VectorStore } from "./vector-store.ts";

/** Up to so many vectors that a caller sees are compared one by one: exact, and as fast as the index would be. */
const fewest = 2_000;

const tableOf = ({ id }: VectorSpace): string => {
  if (!Number.isInteger(id)) throw new TypeError("a vector space has a whole number");
  return `message_vectors_${id}`;
};

/** A vector as the database reads it. Six digits are more than halves keep and what single precision shows. */
const textOf = (vector: ArrayLike<number>): string =>
  `[${Array.from(vector, (value) => Number(value.toPrecision(6))).join(",")}]`;

// Rows that are the same stay as they are: a graph index would hold the old ones until it is vacuumed.
const upsertInto = (table: string, type: string) => `
  insert into ${table} as v (item, part, kind, parent, scope_key, service, lasting, created_at, embedding)
  select item, part, kind, parent, scope_key, service, lasting, created_at, embedding::${type}
  from unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::boolean[], $8::timestamptz[], $9::text[])
    as given (item, part, kind, parent, scope_key, service, lasting, created_at, embedding)
  on conflict (item, part) do update set
    kind = excluded.kind, parent = excluded.parent, scope_key = excluded.scope_key, service = excluded.service,
    lasting = excluded.lasting, created_at = excluded.created_at, embedding = excluded.embedding
  where (v.kind, v.parent, v.scope_key, v.service, v.lasting, v.created_at)
      is distinct from (excluded.kind, excluded.parent, excluded.scope_key, excluded.service, excluded.lasting, excluded.created_at)
    or v.embedding <> excluded.embedding`;

/** Vectors in the main database, with an HNSW index for each space. */
export const createPostgresVectorStore = ({
  database,
  few = fewest,
}: {
  readonly database: Database;
  /** Most vectors that are searched without the index. */
  readonly few?: number;
}): VectorStore => {
  // PGlite computes halves in software: measured, an insert takes five times as long with them.
  const type = database.kind === "embedded" ? "vector" : "halfvec";

  return {
    name: "postgres",
    async prepare({ id }) {
      await database.query("select vector_table_make($1, $2)", [id, type]);
    },
    async upsert(space, items, connection = database) {
      if (items.length === 0) return;
      const table = tableOf(space);
      await connection.query(
        `delete from ${table} v using unnest($1::uuid[], $2::int[]) as given (item, parts)
         where v.item = given.item and v.part >= given.parts`,
        [items.map(({ id }) => id), items.map(({ vectors }) => vectors.length)],
      );
      const rows = items.flatMap((item) => item.vectors.map((vector, part) => ({ item, part, vector })));
      if (rows.length === 0) return;
      const column = <Value>(pick: (item: VectorItem) => Value): Value[] => rows.map(({ item }) => pick(item));
      await connection.query(upsertInto(table, type), [
        column(({ id }) => id),
        rows.map(({ part }) => part),
        column(({ kind }) => kind),
        column(({ parent }) => parent),
        column(({ scopeKey }) => scopeKey),
        column(({ service }) => service),
        column(({ lasting }) => lasting),
        column(({ createdAt }) => createdAt.toISOString()),
        rows.map(({ vector }) => textOf(vector)),
      ]);
    },
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
        [space.id, textOf(vector), principal, scope, kinds, service, limit, few],
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
