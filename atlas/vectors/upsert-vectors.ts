import type { Queryable } from "../../platform/db/database.ts";
import type { VectorItem } from "./vector-store.ts";

/** How a table of vectors keeps them: single precision, or half of it. */
export type VectorType = "vector" | "halfvec";

/** PGlite computes halves in software: measured, an insert takes five times as long with them. */
export const vectorTypeOf = (kind: "embedded" | "external"): VectorType => (kind === "embedded" ? "vector" : "halfvec");

/** Longer vectors than so many dimensions pgvector cannot index; they are compared one by one. */
export const longestIndexed: Readonly<Record<VectorType, number>> = { vector: 2_000, halfvec: 4_000 };

/** A vector as the database reads it. Six digits are more than halves keep and what single precision shows. */
export const vectorText = (vector: ArrayLike<number>): string =>
  `[${Array.from(vector, (value) => Number(value.toPrecision(6))).join(",")}]`;

// Rows that are the same stay as they are: a graph index would hold the old ones until it is vacuumed.
const upsertInto = (table: string, type: VectorType): string => `
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

/**
 * Puts items into a table of vectors, in place of all that was there of them. `table` is a name of ours, not a caller's.
 * Two statements: on a transaction's connection they are one.
 */
export const upsertVectors = async (
  connection: Queryable,
  table: string,
  type: VectorType,
  items: readonly VectorItem[],
): Promise<void> => {
  if (items.length === 0) return;
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
    rows.map(({ vector }) => vectorText(vector)),
  ]);
};
