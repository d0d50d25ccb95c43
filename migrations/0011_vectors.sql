-- Vectors of messages and of documents' chunks, followed after commit (atlas/vectors).

create extension if not exists vector;

-- One for each embedding model in use, and a second one while a reindex fills it.
create table vector_spaces (
  id integer generated always as identity primary key,
  model text not null,
  dimension integer not null check (dimension between 1 and 16000),
  -- Where its vectors are: here, or in a Qdrant collection.
  store text not null check (store in ('postgres', 'qdrant')),
  -- `serving`: searched and kept up to date; `filling`: a reindex makes it.
  state text not null check (state in ('serving', 'filling')),
  created_at timestamptz not null default now()
);
create unique index vector_spaces_state on vector_spaces (state);

-- What every vector carries. The vectors themselves are in a table of each space that inherits from this one: there the column
-- has the model's dimension, which an HNSW index needs, and a model that leaves is one table that is dropped. Partial indexes
-- on casts in one table would be filled and emptied row by row, and every statement would have to repeat cast and condition.
create table message_vectors (
  model text not null,
  dimension integer not null,
  -- A message or a chunk, and the part of it when it is long.
  item uuid not null,
  part smallint not null,
  kind text not null check (kind in ('message', 'chunk')),
  -- The thread or document.
  parent uuid not null,
  scope_key text not null,
  -- The service whose knowledge a chunk is.
  service text,
  -- Stays when it gets old.
  lasting boolean not null,
  created_at timestamptz not null
);

-- Threads whose messages all have vectors, however old: pinned, or of a project that goes on.
create table vector_kept_threads (
  thread_id uuid primary key
);
create index threads_project on threads (scope_key, (meta ->> 'project')) where meta ? 'project';

-- Of these threads (null: of all) those whose old messages keep their vectors.
create function vector_kept(p_threads uuid[], p_since timestamptz) returns setof uuid language sql stable as $$
  select t.id from threads t
  where (p_threads is null or t.id = any (p_threads)) and t.mode = 'open'
    and (t.meta @> '{"pinned": true}' or (t.meta ? 'project' and exists (
      select from threads o join messages m on m.thread_id = o.id and m.position = o.last_position
      where o.scope_key = t.scope_key and o.meta ->> 'project' = t.meta ->> 'project' and o.meta ? 'project'
        and o.mode = 'open' and m.created_at >= p_since)))
$$;

-- Makes the table of a space. `p_type`: `halfvec` needs half the room; `vector` is faster where no instructions for halves are.
create function vector_table_make(p_space integer, p_type text) returns void language plpgsql as $$
declare
  v_space vector_spaces;
  v_table text := 'message_vectors_' || p_space;
begin
  if to_regclass(v_table) is not null then
    return;
  end if;
  -- Whoever makes it at the same time waits here.
  select * into strict v_space from vector_spaces where id = p_space for update;
  if to_regclass(v_table) is not null then
    return;
  end if;
  execute format('create table %I (embedding %I(%s) not null, primary key (item, part)) inherits (message_vectors)',
    v_table, p_type, v_space.dimension);
  execute format('alter table %I alter model set default %L, alter dimension set default %s',
    v_table, v_space.model, v_space.dimension);
  execute format('create index on %I (scope_key)', v_table);
  execute format('create index on %I (parent)', v_table);
  execute format('create index on %I (created_at) where not lasting', v_table);
  -- Longer ones are searched one by one.
  if v_space.dimension <= (case p_type when 'halfvec' then 4000 else 2000 end) then
    execute format('create index on %I using hnsw (embedding %I) with (m = 12, ef_construction = 40)',
      v_table, p_type || '_cosine_ops');
  end if;
end
$$;

-- The nearest items in what a principal sees, best first, 1 for the same direction. What it sees is compared one by one while it
-- is few, else found through the graph, which goes on until enough of what it finds may be seen. `scope_key || ''` keeps the
-- planner from sorting all that is seen; without statistics it does not know better.
create function vector_search(p_space integer, p_query text, p_principal text, p_scope text, p_kinds text[], p_service text,
  p_most integer, p_few integer)
returns table (id uuid, score float8) language plpgsql stable
set jit = off set enable_seqscan = off
as $$
declare
  v_table text := 'message_vectors_' || p_space;
  v_scopes text[] := scope_keys(p_principal, p_scope);
  v_type text := (select format_type(atttypid, atttypmod) from pg_attribute
    where attrelid = v_table::regclass and attname = 'embedding');
  v_seen integer;
  v_few boolean;
  v_all float8;
begin
  execute format('select count(*) from (select from %I where scope_key = any ($1) limit $2) seen', v_table)
    into v_seen using v_scopes, p_few + 1;
  v_few := v_seen <= p_few;
  if not v_few then
    -- Of what the graph goes through, at least the share p_few / all may be seen: as far as it takes for p_most of those, twice.
    -- Without statistics the size says about how many there are.
    select case when reltuples > 0 then reltuples else pg_relation_size(oid) / 500 end into v_all
    from pg_class where oid = v_table::regclass;
    perform set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', greatest(p_most, 40)::text, true),
      set_config('hnsw.max_scan_tuples',
        least(1000000, greatest(20000, 2 * p_most * v_all / greatest(p_few, 1)))::integer::text, true),
      set_config('hnsw.scan_mem_multiplier', '8', true);
  end if;
  return query execute format('select item, max(1 - distance)::float8 as score from (
      select item, embedding <=> $1::%s as distance from %I
      where %s = any ($2) and kind = any ($3) and service is not distinct from $4 %s
    ) near group by item order by score desc, item limit $5',
    v_type, v_table, case when v_few then 'scope_key' else 'scope_key || ''''' end,
    case when v_few then '' else 'order by embedding <=> $1::' || v_type || ' limit $5' end)
    using p_query, v_scopes, p_kinds, p_service, p_most;
end
$$;
