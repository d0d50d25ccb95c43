import type { Database, Queryable } from "../../platform/db/database.ts";
import { longestIndexed, upsertVectors, type VectorType, vectorText, vectorTypeOf } from "../vectors/upsert-vectors.ts";
import type { VectorFind, VectorSpace } from "../vectors/vector-store.ts";
import type { ScopedSearch, ScopedVectorStore } from "./scoped-vector-store.ts";

export interface CorePostgresDeps {
  /** The core's own database; `close` closes it. */
  readonly database: Database;
  /** Most vectors of the asked scopes that are compared one by one: exact, and as fast as the index would be. */
  readonly few?: number;
}

const tableOf = ({ id }: VectorSpace): string => {
  if (!Number.isInteger(id)) throw new TypeError("a vector space has a whole number");
  return `core_vectors_${id}`;
};

const notes = "create table if not exists core_notes (name text primary key, note jsonb not null)";

const make = (table: string, dimension: number, type: VectorType): readonly string[] => [
  "create extension if not exists vector",
  `create table if not exists ${table} (
    item uuid not null, part integer not null, kind text not null, parent uuid not null, scope_key text not null,
    service text, lasting boolean not null, created_at timestamptz not null, embedding ${type}(${dimension}) not null,
    primary key (item, part))`,
  `create index if not exists ${table}_parent on ${table} (parent)`,
  `create index if not exists ${table}_scope on ${table} (scope_key)`,
  ...(dimension <= longestIndexed[type]
    ? [`create index if not exists ${table}_nearest on ${table} using hnsw (embedding ${type}_cosine_ops)`]
    : []),
];

const asked = "scope_key = any ($1::text[]) and kind = any ($2::text[]) and service is not distinct from $3";

/** Vectors with pgvector in the core's own database, embedded or not. It needs no schema beforehand. */
export const createCorePostgresStore = ({ database, few = 2_000 }: CorePostgresDeps): ScopedVectorStore => {
  const type = vectorTypeOf(database.kind);

  const searchNear = async (connection: Queryable, space: VectorSpace, search: ScopedSearch): Promise<VectorFind[]> => {
    const { vector, scopeKeys, kinds, service, limit } = search;
    // The index goes on until enough pass the filter: of all that it goes through, at least the share `few` / all does.
    await connection.query(
      `select set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.scan_mem_multiplier', '8', true),
         set_config('hnsw.max_scan_tuples', least(1000000, greatest(20000, 2 * $2::float8 * c.items / $3))::integer::text, true)
       from (select case when reltuples > 0 then reltuples else pg_relation_size(oid) / 500 end as items
         from pg_class where oid = $1::regclass) c`,
      [tableOf(space), limit, Math.max(1, few)],
    );
    for (let most = limit + 10; ; most *= 4) {
      const rows = await connection.query<VectorFind>(
        `select item as id, 1 - (embedding <=> $4::${type}) as score from ${tableOf(space)}
         where ${asked} order by embedding <=> $4::${type} limit $5`,
        [scopeKeys, kinds, service, vectorText(vector), most],
      );
      const best = new Map<string, VectorFind>();
      for (const row of rows.toSorted((one, other) => other.score - one.score)) {
        if (!best.has(row.id)) best.set(row.id, row);
      }
      if (best.size >= limit || rows.length < most) return [...best.values()].slice(0, limit);
    }
  };

  return {
    name: "postgres",
    async prepare(space) {
      await database.query(notes);
      for (const statement of make(tableOf(space), space.dimension, type)) await database.query(statement);
    },
    upsert: (space, items) =>
      database.transaction((connection) => upsertVectors(connection, tableOf(space), type, items)),
    async remove(space, { items = [], parents = [] }) {
      if (items.length + parents.length === 0) return;
      await database.query(`delete from ${tableOf(space)} where item = any ($1::uuid[]) or parent = any ($2::uuid[])`, [
        items,
        parents,
      ]);
    },
    async expire(space, before, keptParents) {
      const rows = await database.query(
        `delete from ${tableOf(space)} where created_at < $1 and not lasting and not parent = any ($2::uuid[]) returning item`,
        [before.toISOString(), keptParents],
      );
      return rows.length;
    },
    async search(space, search) {
      const { vector, scopeKeys, kinds, service, limit, signal } = search;
      signal?.throwIfAborted();
      if (scopeKeys.length === 0 || limit < 1) return [];
      const own = [scopeKeys, kinds, service] as const;
      const exact = await database.query<VectorFind>(
        `with own as materialized (select item, embedding from ${tableOf(space)} where ${asked} limit $6 + 1)
         select item as id, max(1 - (embedding <=> $4::${type})) as score from own
         where (select count(*) from own) <= $6 group by item order by score desc limit $5`,
        [...own, vectorText(vector), limit, few],
      );
      signal?.throwIfAborted();
      return exact.length > 0 ? exact : database.transaction((connection) => searchNear(connection, space, search));
    },
    async clear(space) {
      await database.query(`truncate ${tableOf(space)}`);
    },
    async drop(space) {
      await database.query(`drop table if exists ${tableOf(space)}`);
    },
    async count(space) {
      const [row] = await database.query<{ count: string }>(`select count(*) as count from ${tableOf(space)}`);
      return Number(row?.count ?? 0);
    },
    async origins(space) {
      const rows = await database.query<{ oid: string }>(
        "select oid::text as oid from pg_class where oid = to_regclass($1)",
        [tableOf(space)],
      );
      return rows.map(({ oid }) => oid);
    },
    async note(name) {
      await database.query(notes);
      const [row] = await database.query<{ note: Record<string, unknown> }>(
        "select note from core_notes where name = $1",
        [name],
      );
      return row?.note;
    },
    async setNote(name, note) {
      await database.query(
        "insert into core_notes (name, note) values ($1, $2) on conflict (name) do update set note = excluded.note",
        [name, JSON.stringify(note)],
      );
    },
    close: () => database.close(),
  };
};
