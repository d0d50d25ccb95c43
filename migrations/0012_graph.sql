-- The graph: what messages and documents are about, whom and what they name, and how they and those are joined. Filled after
-- commit by the followers `graph` (rules) and `graph-model` (atlas/graph); each row says which of them made it (`origin`: rule, or
-- the model's name). Ids of entities are made of their type and name, so that the same entity of two scopes is one node to
-- whoever sees both; every row has the scope of the item that says it.

-- Messages and chunks of documents that the graph knows; all else about an item hangs on its row.
create table graph_items (
  item uuid primary key,
  kind text not null check (kind in ('message', 'chunk')),
  -- The thread or document, and the place in it.
  parent uuid not null,
  position integer not null,
  role text not null,
  author text not null,
  scope_key text not null,
  created_at timestamptz not null,
  -- Of the content as it was read: what else derives from an older one is out of date.
  content_hash bigint not null,
  -- Of the words alone; null: too few to repeat anything.
  same_hash bigint,
  -- The content that a model has read.
  model_hash bigint
);
create index graph_items_parent on graph_items (parent);
create index graph_items_same on graph_items (scope_key, same_hash, created_at, item) where same_hash is not null;

create table entities (
  id uuid not null,
  scope_key text not null,
  type text not null,
  -- Normalised: what it is looked up by.
  name text not null,
  -- As it is written.
  label text not null,
  primary key (id, scope_key)
);
create index entities_name on entities (name, scope_key);

create table message_entities (
  -- A message, or a chunk of a document.
  message_id uuid not null,
  entity_id uuid not null,
  -- As this item writes it.
  entity text not null,
  entity_type text not null,
  scope_key text not null,
  origin text not null,
  created_at timestamptz not null,
  primary key (message_id, entity_id, origin)
);
create index message_entities_newest on message_entities (entity_id, scope_key, created_at desc);

create table message_topics (
  message_id uuid not null,
  -- The topic's node, an entity of type topic.
  entity_id uuid not null,
  -- A path such as Project/Cluster/Monitoring.
  topic text not null,
  -- The item names a topic below this one.
  implied boolean not null,
  scope_key text not null,
  origin text not null,
  created_at timestamptz not null,
  primary key (message_id, entity_id, origin)
);
create index message_topics_newest on message_topics (scope_key, entity_id, created_at desc);

-- Between items, between entities, or from one to the other.
create table edges (
  from_id uuid not null,
  to_id uuid not null,
  kind text not null,
  -- The item that says so; of an edge from an item that item itself.
  message_id uuid not null,
  scope_key text not null,
  origin text not null,
  created_at timestamptz not null,
  primary key (from_id, to_id, kind, message_id, origin)
);
create index edges_to on edges (to_id, scope_key, created_at desc);
create index edges_message on edges (message_id);

-- Whether an item may be shown: its thread has not turned confidential since it was read.
create function graph_is_open(p_item uuid, p_keys text[]) returns boolean language sql stable as $$
  select exists (select from graph_items i left join threads t on t.id = i.parent
    where i.item = p_item and i.scope_key = any (p_keys) and (i.kind = 'chunk' or t.mode = 'open'))
$$;

-- Whether a node is there for who sees these scopes.
create function graph_sees(p_id uuid, p_keys text[]) returns boolean language sql stable as $$
  select graph_is_open(p_id, p_keys) or exists (select from entities where id = p_id and scope_key = any (p_keys))
$$;

-- The nodes beside one, for who sees these scopes: of each kind the newest first, at most so many; `place` counts from 1.
create function graph_neighbours(p_id uuid, p_keys text[], p_most integer)
returns table (id uuid, place bigint) language plpgsql stable as $$
begin
  return query
  select found.id, row_number() over (partition by found.via order by found.created_at desc, found.id) from (
    -- Newest first by the indexes; only what is left is looked at closely.
    select 1 as via, x.message_id as item, x.message_id as id, x.created_at from unnest(p_keys) as k (key) cross join lateral (
      select m.message_id, m.created_at from message_entities m
      where m.entity_id = p_id and m.scope_key = k.key order by m.created_at desc limit p_most) x
    union all
    select 2, x.message_id, x.message_id, x.created_at from unnest(p_keys) as k (key) cross join lateral (
      select m.message_id, m.created_at from message_topics m
      where m.entity_id = p_id and m.scope_key = k.key and not m.implied order by m.created_at desc limit p_most) x
    union all
    (select 3, p_id, m.entity_id, m.created_at from message_entities m
      where m.message_id = p_id and m.scope_key = any (p_keys) limit p_most)
    union all
    (select 4, p_id, m.entity_id, m.created_at from message_topics m
      where m.message_id = p_id and m.scope_key = any (p_keys) and not m.implied limit p_most)
    union all
    (select 5, e.message_id, e.to_id, e.created_at from edges e
      where e.from_id = p_id and e.scope_key = any (p_keys) order by e.created_at desc limit p_most)
    union all
    select 6, x.message_id, x.from_id, x.created_at from unnest(p_keys) as k (key) cross join lateral (
      select e.message_id, e.from_id, e.created_at from edges e
      where e.to_id = p_id and e.scope_key = k.key order by e.created_at desc limit p_most) x
  ) found
  where graph_is_open(found.item, p_keys) and (found.via < 5 or graph_sees(found.id, p_keys));
end
$$;

-- What a principal sees around a node: {nodes, edges, truncated}; null: it sees no such node. The node is an id, or what one of
-- the names means, with or without a type. Breadth first, each node once, so that circles end; nodes nearest to the start come first.
create function graph_walk(p_principal text, p_id uuid, p_names text[], p_type text, p_depth integer, p_most integer)
returns jsonb language plpgsql stable
set jit = off set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
  v_keys text[] := scope_keys(p_principal);
  v_start uuid[];
  v_seen uuid[];
begin
  select array_agg(found.id) into v_start from (
    select distinct e.id from entities e
    where e.scope_key = any (v_keys) and (p_type is null or e.type = p_type)
      and case when p_id is null then e.name = any (p_names) else e.id = p_id end
    union
    select p_id where graph_is_open(p_id, v_keys)
  ) found where exists (select from graph_neighbours(found.id, v_keys, 100)) or graph_is_open(found.id, v_keys);
  if v_start is null then
    return null;
  end if;
  -- One more than asked for, to know whether there is more.
  with recursive walk (depth, frontier, seen) as (
    select 0, v_start[1:p_most + 1], v_start[1:p_most + 1]
    union all
    select w.depth + 1, next.ids, w.seen || next.ids
    from walk w cross join lateral (
      select array_agg(found.id order by found.place, found.id) as ids from (
        select n.id, min(n.place) as place
        from unnest(w.frontier) as f (id) cross join lateral graph_neighbours(f.id, v_keys, greatest(10, (p_most + 1) / cardinality(w.frontier) + 1)) n
        where n.id <> all (w.seen)
        group by n.id order by 2, 1 limit p_most + 1 - cardinality(w.seen)
      ) found
    ) next
    where w.depth < p_depth and next.ids is not null
  )
  select w.seen into v_seen from walk w order by w.depth desc limit 1;
  return jsonb_build_object(
    'truncated', cardinality(v_seen) > p_most,
    'nodes', (
      select jsonb_agg(coalesce(
        (select jsonb_build_object('id', s.id, 'kind', i.kind, 'parent', i.parent, 'position', i.position, 'role', i.role,
          'author', i.author, 'created_at', i.created_at, 'scope_key', i.scope_key)
          from graph_items i where i.item = s.id),
        (select jsonb_build_object('id', s.id, 'kind', 'entity', 'type', min(e.type), 'label', min(e.label collate "C"))
          from entities e where e.id = s.id and e.scope_key = any (v_keys))) order by s.n)
      from unnest(v_seen[1:p_most]) with ordinality as s (id, n)),
    'edges', coalesce((
      select jsonb_agg(jsonb_build_object('from', joined.from_id, 'to', joined.to_id, 'kind', joined.kind,
        'origins', joined.origins) order by joined.from_id, joined.to_id, joined.kind)
      from (
        select x.from_id, x.to_id, x.kind, array_agg(distinct x.origin order by x.origin) as origins from (
          select m.message_id as from_id, m.entity_id as to_id, 'mentions' as kind, m.origin
          from unnest(v_seen[1:p_most]) as s (id) join message_entities m on m.message_id = s.id
          where m.scope_key = any (v_keys)
          union all
          select m.message_id, m.entity_id, 'about', m.origin
          from unnest(v_seen[1:p_most]) as s (id) join message_topics m on m.message_id = s.id
          where m.scope_key = any (v_keys) and not m.implied
          union all
          select e.from_id, e.to_id, e.kind, e.origin
          from unnest(v_seen[1:p_most]) as s (id) join edges e on e.from_id = s.id
          where e.scope_key = any (v_keys) and graph_is_open(e.message_id, v_keys)
        ) x where x.to_id = any (v_seen[1:p_most]) group by x.from_id, x.to_id, x.kind
      ) joined), '[]'));
end
$$;
