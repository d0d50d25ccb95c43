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
create index message_entities_label on message_entities (entity_id, scope_key, entity collate "C");

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
-- A topic above others is implied by all that is about those. `nulls last`: only queries that say so have their order
-- from this index, and no other can give it to them.
create index message_topics_direct on message_topics (scope_key, entity_id, created_at desc nulls last) where not implied;
create index message_topics_label on message_topics (entity_id, scope_key, topic collate "C");

-- The topics of a scope with their counts, kept beside the rows above by whoever writes them.
create table topic_counts (
  scope_key text not null,
  entity_id uuid not null,
  -- Messages and chunks about the topic itself, and with those about topics below it.
  items integer not null,
  items_with_below integer not null,
  newest_at timestamptz not null,
  -- The first of its spellings.
  topic text collate "C" not null,
  primary key (scope_key, entity_id)
) with (fillfactor = 70); -- room for counts to change in place

-- An item counts once per topic, however many origins say so: what they say without the rows of this statement counts already,
-- or still. Each topic's own rows are few steps of an index away, for planners without statistics too.
create function count_topics() returns trigger language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  v_sign integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
  with told as (
    select scope_key, entity_id, message_id, bool_or(not implied) as direct, array_agg(origin) as origins
    from changed group by scope_key, entity_id, message_id
  ), moved as materialized (
    select told.scope_key, told.entity_id, sum((told.direct and rest.direct is not true)::integer) as items,
      sum((rest.direct is null)::integer) as items_with_below
    from told cross join lateral (
      select bool_or(not m.implied) as direct from message_topics m
      where m.message_id = told.message_id and m.entity_id = told.entity_id and m.origin <> all (told.origins)
        -- Not "scope_key =": without statistics the planner would read all rows of the topic.
        and m.scope_key is not distinct from told.scope_key
    ) rest
    group by told.scope_key, told.entity_id
  ), counted as materialized (
    select moved.*,
      (select m.created_at from message_topics m where m.scope_key = moved.scope_key and m.entity_id = moved.entity_id
        order by m.created_at desc limit 1) as newest_at,
      (select m.topic from message_topics m where m.scope_key = moved.scope_key and m.entity_id = moved.entity_id
        order by m.topic collate "C" limit 1) as topic
    from moved
  ), emptied as (
    delete from topic_counts c using counted n
    where c.scope_key = n.scope_key and c.entity_id = n.entity_id and n.newest_at is null
  )
  insert into topic_counts as c
  select scope_key, entity_id, v_sign * items, v_sign * items_with_below, newest_at, topic
  from counted where newest_at is not null order by scope_key, entity_id
  on conflict (scope_key, entity_id) do update set items = c.items + excluded.items,
    items_with_below = c.items_with_below + excluded.items_with_below, newest_at = excluded.newest_at, topic = excluded.topic;
  return null;
end
$$;

create trigger message_topics_count_new after insert on message_topics
  referencing new table as changed for each statement execute function count_topics();
create trigger message_topics_count_gone after delete on message_topics
  referencing old table as changed for each statement execute function count_topics();

create function empty_topic_counts() returns trigger language plpgsql as $$
begin
  truncate topic_counts;
  return null;
end
$$;
create trigger message_topics_count_none after truncate on message_topics
  for each statement execute function empty_topic_counts();

-- Threads that turned confidential and of which the graph still holds something: what counts hold of them is not shown.
create table graph_hidden_threads (thread_id uuid primary key);

create function hide_from_graph() returns trigger language plpgsql as $$
begin
  insert into graph_hidden_threads values (new.id);
  return null;
end
$$;
create trigger threads_hide_from_graph after update of mode on threads
  for each row when (old.mode = 'open' and new.mode = 'confidential') execute function hide_from_graph();

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
  primary key (message_id, from_id, to_id, kind, origin)
);
-- The same two may be joined by every item of a scope: from one neighbour to the next without reading all of them.
create index edges_from on edges (from_id, scope_key, to_id, kind, origin, created_at desc);
create index edges_to on edges (to_id, scope_key, from_id, kind, origin, created_at desc);
create index edges_from_newest on edges (from_id, scope_key, created_at desc);
create index edges_to_newest on edges (to_id, scope_key, created_at desc);

-- Whether an item may be shown: its thread has not turned confidential since it was read.
create function graph_is_open(p_item uuid, p_keys text[]) returns boolean language sql stable as $$
  select exists (select from graph_items i left join threads t on t.id = i.parent
    where i.item = p_item and i.scope_key = any (p_keys) and (i.kind = 'chunk' or t.mode = 'open'))
$$;

-- Whether a node is there for who sees these scopes.
create function graph_sees(p_id uuid, p_keys text[]) returns boolean language sql stable as $$
  select graph_is_open(p_id, p_keys) or exists (select from entities where id = p_id and scope_key = any (p_keys))
$$;

-- What edges of one scope lead to from a node, and from what they lead to it: each once with the time of its newest edge that may
-- be shown. Complete up to so many; where there are more, some of them and those of the newest edges. Goes from one neighbour to
-- the next however many edges lie between; rows are compared whole, with the node itself, so that no other index looks as good.
do $both$
declare
  v_function text := $function$
create function {name}(p_id uuid, p_key text, p_most integer)
returns table (id uuid, created_at timestamptz) language plpgsql stable as $$
begin
  return query
  with recursive hop (owner, key, id, kind, origin, n) as (
    (select e.{near}, e.scope_key, e.{far}, e.kind, e.origin, 1 from edges e where (e.{near}, e.scope_key) >= (p_id, p_key)
      order by e.{near}, e.scope_key, e.{far}, e.kind, e.origin limit 1)
    union all
    select next.*, h.n + (next.id <> h.id)::integer from hop h cross join lateral (
      select e.{near}, e.scope_key, e.{far} as id, e.kind, e.origin from edges e
      where (e.{near}, e.scope_key, e.{far}, e.kind, e.origin) > (p_id, p_key, h.id, h.kind, h.origin)
      order by e.{near}, e.scope_key, e.{far}, e.kind, e.origin limit 1) next
    where h.owner = p_id and h.key = p_key and h.n + (next.id <> h.id)::integer <= p_most
  ), near as (
    select h.id, h.kind, h.origin, h.n from hop h where h.owner = p_id and h.key = p_key
  ), pair as (
    select near.id, near.kind, near.origin from near
    union
    select e.id, e.kind, e.origin from (
      select e.{far} as id, e.kind, e.origin from edges e where e.{near} = p_id and e.scope_key = p_key
      order by e.created_at desc limit p_most) e
    where (select max(near.n) from near) = p_most
  )
  select pair.id, max(x.created_at) from pair cross join lateral (
    select e.created_at from edges e
    where (e.{near}, e.scope_key, e.{far}, e.kind, e.origin) >= (p_id, p_key, pair.id, pair.kind, pair.origin)
      and (e.{near}, e.scope_key, e.{far}, e.kind, e.origin) <= (p_id, p_key, pair.id, pair.kind, pair.origin)
      and (select i.kind = 'chunk' or t.mode = 'open' from graph_items i left join threads t on t.id = i.parent where i.item = e.message_id)
    order by e.{near}, e.scope_key, e.{far}, e.kind, e.origin, e.created_at desc limit 1) x
  group by pair.id;
end
$$$function$;
begin
  execute replace(replace(replace(v_function, '{name}', 'graph_joined_from'), '{near}', 'from_id'), '{far}', 'to_id');
  execute replace(replace(replace(v_function, '{name}', 'graph_joined_to'), '{near}', 'to_id'), '{far}', 'from_id');
end
$both$;

-- The nodes beside one, for who sees these scopes, each once per kind: of each kind the newest first, at most so many; `place`
-- counts from 1. Where there are more neighbours than that, those of the newest edges come first.
create function graph_neighbours(p_id uuid, p_keys text[], p_most integer)
returns table (id uuid, place bigint) language plpgsql stable as $$
declare
  -- What one message may refer to, so that a few that are not shown hide nothing.
  v_most integer := greatest(p_most, 32);
begin
  return query
  select x.id, x.place from (
    select found.id, row_number() over (partition by found.via order by max(found.created_at) desc, found.id) as place from (
      -- Newest first by the indexes; an item may have a row of the rules and one of a model.
      select 1 as via, x.message_id as id, x.created_at from unnest(p_keys) as k (key) cross join lateral (
        select m.message_id, m.created_at from message_entities m
        where m.entity_id = p_id and m.scope_key = k.key
          and (select i.kind = 'chunk' or t.mode = 'open' from graph_items i left join threads t on t.id = i.parent where i.item = m.message_id)
        order by m.created_at desc limit 2 * p_most) x
      union all
      select 2, x.message_id, x.created_at from unnest(p_keys) as k (key) cross join lateral (
        select m.message_id, m.created_at from message_topics m
        where m.entity_id = p_id and m.scope_key = k.key and not m.implied
          and (select i.kind = 'chunk' or t.mode = 'open' from graph_items i left join threads t on t.id = i.parent where i.item = m.message_id)
        order by m.created_at desc nulls last limit 2 * p_most) x
      union all
      (select 3, m.entity_id, max(m.created_at) from message_entities m
        where m.message_id = p_id and m.scope_key = any (p_keys) and graph_is_open(p_id, p_keys)
        group by m.entity_id order by m.entity_id limit p_most)
      union all
      (select 4, m.entity_id, max(m.created_at) from message_topics m
        where m.message_id = p_id and m.scope_key = any (p_keys) and not m.implied and graph_is_open(p_id, p_keys)
        group by m.entity_id order by m.entity_id limit p_most)
      union all
      select 5, x.id, x.created_at from unnest(p_keys) as k (key) cross join lateral graph_joined_from(p_id, k.key, v_most) x
      where exists (select from edges e where e.from_id = p_id and e.scope_key = k.key) and graph_sees(x.id, p_keys)
      union all
      select 6, x.id, x.created_at from unnest(p_keys) as k (key) cross join lateral graph_joined_to(p_id, k.key, v_most) x
      where exists (select from edges e where e.to_id = p_id and e.scope_key = k.key) and graph_sees(x.id, p_keys)
    ) found group by found.via, found.id
  ) x where x.place <= p_most;
end
$$;

-- The edges of one scope from a node to some others (sorted), as far as an item that may be shown says so; each kind and origin once.
create function graph_edges(p_id uuid, p_key text, p_others uuid[])
returns table (to_id uuid, kind text, origin text) language plpgsql stable as $$
begin
  return query
  -- From one of the others to the next, as in graph_joined_from.
  with recursive hop (owner, key, id, kind, origin) as (
    (select e.from_id, e.scope_key, e.to_id, e.kind, e.origin from edges e
      where (e.from_id, e.scope_key, e.to_id) >= (p_id, p_key, p_others[1])
      order by e.from_id, e.scope_key, e.to_id, e.kind, e.origin limit 1)
    union all
    select next.* from hop h cross join lateral (select width_bucket(h.id, p_others) as n) place
    cross join lateral (select p_others[place.n] = h.id as here) met cross join lateral (
      select e.from_id, e.scope_key, e.to_id, e.kind, e.origin from edges e
      where (e.from_id, e.scope_key, e.to_id, e.kind, e.origin) > (p_id, p_key,
        case when met.here then h.id else p_others[place.n + 1] end, case when met.here then h.kind else '' end,
        case when met.here then h.origin else '' end)
      order by e.from_id, e.scope_key, e.to_id, e.kind, e.origin limit 1) next
    where h.owner = p_id and h.key = p_key and (met.here or place.n < cardinality(p_others))
  )
  select h.id, h.kind, h.origin from hop h
  where h.owner = p_id and h.key = p_key and h.id = any (p_others) and (
    select true from edges e
    where (e.from_id, e.scope_key, e.to_id, e.kind, e.origin) >= (p_id, p_key, h.id, h.kind, h.origin) and (e.from_id, e.scope_key, e.to_id, e.kind, e.origin) <= (p_id, p_key, h.id, h.kind, h.origin)
      and (select i.kind = 'chunk' or t.mode = 'open' from graph_items i left join threads t on t.id = i.parent where i.item = e.message_id)
    order by e.from_id, e.scope_key, e.to_id, e.kind, e.origin, e.created_at desc limit 1);
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
  v_frontier uuid[];
  v_next uuid[];
  v_each integer;
  v_more boolean;
  v_sorted uuid[];
begin
  select array_agg(found.id) into v_start from (
    select distinct e.id from entities e
    where e.scope_key = any (v_keys) and (p_type is null or e.type = p_type)
      and case when p_id is null then e.name = any (p_names) else e.id = p_id end
    union
    select p_id where graph_is_open(p_id, v_keys)
  ) found where exists (select from graph_neighbours(found.id, v_keys, 1)) or graph_is_open(found.id, v_keys);
  if v_start is null then
    return null;
  end if;
  -- One more than asked for, to know whether there is more.
  v_seen := v_start[1:p_most + 1];
  v_frontier := v_seen;
  for v_depth in 1 .. p_depth loop
    exit when v_frontier is null or cardinality(v_seen) > p_most;
    -- A few of each are enough where there are many; where they were not, all that may be shown.
    v_each := least(p_most + 1, greatest(10, (p_most + 1) / cardinality(v_frontier) + 1));
    loop
      select array_agg(found.id order by found.place, found.id), bool_or(found.more) into v_next, v_more from (
        select n.id, min(n.place) as place, max(n.place) >= v_each as more
        from unnest(v_frontier) as f (id) cross join lateral graph_neighbours(f.id, v_keys, v_each) n group by n.id
      ) found;
      v_next := array(select x.id from unnest(v_next) with ordinality as x (id, n) where x.id <> all (v_seen)
        order by x.n limit p_most + 1 - cardinality(v_seen));
      exit when not v_more or v_each > p_most or cardinality(v_seen) + cardinality(v_next) > p_most;
      v_each := p_most + 1;
    end loop;
    v_seen := v_seen || v_next;
    v_frontier := nullif(v_next, '{}');
  end loop;
  v_sorted := array(select x from unnest(v_seen[1:p_most]) x order by x);
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
          from unnest(v_seen[1:p_most]) as s (id) join graph_items i on i.item = s.id join edges e on e.from_id = i.item
          where e.scope_key = any (v_keys)
          union all
          select n.id, e.to_id, e.kind, e.origin
          from unnest(v_seen[1:p_most]) as s (id) join entities n on n.id = s.id and n.scope_key = any (v_keys)
            cross join lateral graph_edges(n.id, n.scope_key, v_sorted) e
        ) x where x.to_id = any (v_seen[1:p_most]) group by x.from_id, x.to_id, x.kind
      ) joined), '[]'));
end
$$;
