CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;

COMMENT ON EXTENSION vector IS 'vector data type and ivfflat and hnsw access methods';

CREATE FUNCTION public.audit_append(request jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
  v_last bigint;
  v_prev text;
  v_hash text;
begin
  select last_id, hash into strict v_last, v_prev from audit_head for update;
  v_last := v_last + 1;
  v_hash := encode(sha256(convert_to(concat_ws(e'\n', v_prev, v_last, request ->> 'body'), 'UTF8')), 'hex');
  insert into audits (id, actor, action, resource, outcome, payload, created_at, prev_hash, hash)
  values (v_last, request ->> 'actor', request ->> 'action', request ->> 'resource', request ->> 'outcome',
    request -> 'payload', (request ->> 'created_at')::timestamptz, v_prev, v_hash);
  update audit_head set last_id = v_last, hash = v_hash;
  insert into outbox (aggregate_type, aggregate_id, event_type, payload)
  values ('audit', 'audits', request ->> 'subject', jsonb_build_object(
    'id', v_last, 'actor', request -> 'actor', 'action', request -> 'action', 'resource', request -> 'resource',
    'outcome', request -> 'outcome', 'payload', request -> 'payload', 'created_at', request -> 'created_at', 'hash', v_hash));
  return jsonb_build_object('id', v_last, 'hash', v_hash);
end
$$;

CREATE FUNCTION public.bus_publish(events jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  perform pg_advisory_xact_lock(4710271967);
  insert into bus_events (id, subject, payload, aggregate_type, aggregate_id, created_at)
  select (e ->> 'id')::uuid, e ->> 'subject', e -> 'payload', e -> 'aggregate' ->> 'type', e -> 'aggregate' ->> 'id',
    (e ->> 'createdAt')::timestamptz
  from jsonb_array_elements(events) with ordinality as given (e, n) order by n
  on conflict (id) do nothing;
end
$$;

CREATE FUNCTION public.changed_lately(p_follower text, p_transaction xid8, p_published timestamp with time zone, p_sequence bigint) RETURNS TABLE(ids text[], transaction text, published text, sequence text, resets integer)
    LANGUAGE sql STABLE
    SET enable_seqscan TO 'off'
    AS $$
  select array(
      select id::text from changed_parents where changed_parents.transaction >= p_transaction
      union
      select aggregate_id from outbox where status = 'published' and published_at >= p_published - interval '1 minute'
        and aggregate_type = 'thread'
      union
      select aggregate_id from outbox o where status = 'pending' and o.sequence > p_sequence - 20000 and aggregate_type = 'thread'
    ), pg_snapshot_xmin(pg_current_snapshot())::text, now()::text,
    (select coalesce(max(o.sequence), 0)::text from outbox o where status = 'pending'),
    (select f.resets from followers f where f.name = p_follower)
$$;

CREATE FUNCTION public.count_topics() RETURNS trigger
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
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

CREATE FUNCTION public.digest_store(request jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $_$
declare
  v_scope_key text := request ->> 'scope_key';
  v_owner text := request ->> 'owner';
  v_team text := substring(request ->> 'scope_key' from '^team:(.*)$');
  v_scope text := case split_part(request ->> 'scope_key', ':', 1) when 'user' then 'personal' when 'team' then 'team' else 'public' end;
  v_sources uuid[] := array(select (s ->> 'thread')::uuid from jsonb_array_elements(request -> 'sources') s);
  v_quoted uuid[] := array(select (s ->> 'message')::uuid from jsonb_array_elements(request -> 'sources') s
    where s ->> 'message' is not null);
  v_document uuid := (request ->> 'document_id')::uuid;
  v_thread threads;
begin
  perform 1 from threads where id = any (v_sources) order by id for share;
  if exists (select from threads where id = any (v_sources) and (mode <> 'open' or scope_key <> v_scope_key))
    or (select count(*) from message_revisions where message_id = any (v_quoted)) <> (request ->> 'revisions')::bigint then
    return '{"state": "changed"}';
  end if;
  insert into channels (id, kind, title, scope, owner, team_id)
  values (request ->> 'channel_id', 'webhook', request ->> 'channel_title', v_scope, v_owner, v_team) on conflict (id) do nothing;
  insert into threads (id, channel_id, scope, owner, team_id, scope_key, mode, meta)
  values ((request ->> 'thread_id')::uuid, request ->> 'channel_id', v_scope, v_owner, v_team, v_scope_key, 'open', request -> 'meta')
  on conflict (id) do nothing;
  select * into v_thread from threads where id = (request ->> 'thread_id')::uuid for no key update;
  if v_thread.mode <> 'open' or v_thread.shredded_at is not null then
    return '{"state": "closed"}';
  end if;
  insert into digests (scope_key, period, message_id, thread_id, document_id, deleted_subject)
  values (v_scope_key, request ->> 'period', (request ->> 'message_id')::uuid, v_thread.id, v_document,
    request ->> 'deleted_subject')
  on conflict do nothing;
  if not found then
    return '{"state": "exists"}';
  end if;
  insert into digest_sources (digest, source_thread, source_message)
  select (request ->> 'message_id')::uuid, (s ->> 'thread')::uuid, (s ->> 'message')::uuid
  from jsonb_array_elements(request -> 'sources') s;
  update threads set last_position = last_position + 1 where id = v_thread.id returning * into v_thread;
  perform timeline_append(v_thread, 'engine:atlas-digest', request ->> 'created_subject', jsonb_build_array(jsonb_build_object(
    'id', request -> 'message_id', 'role', 'agent', 'author', 'atlas-digest', 'content', request -> 'content',
    'meta', request -> 'message_meta')), clock_timestamp());
  insert into documents (id, source, scope_key, owner, title, content_hash, meta)
  values (v_document, request ->> 'source', v_scope_key, v_owner, request ->> 'title', request ->> 'content_hash',
    request -> 'message_meta');
  insert into document_chunks (document_id, position, scope_key, heading_path, content)
  select v_document, n, v_scope_key, array(select jsonb_array_elements_text(c -> 'heading_path')), c ->> 'content'
  from jsonb_array_elements(request -> 'chunks') with ordinality as given (c, n);
  insert into outbox (aggregate_type, aggregate_id, event_type, payload)
  values ('document', v_document::text, 'content.updated.document',
    jsonb_build_object('content_id', v_document, 'scope_key', v_scope_key, 'mode', 'open'));
  return '{"state": "ok"}';
end
$_$;

CREATE FUNCTION public.document_store(request jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
  v_id uuid;
  v_scope_key text := scope_key_of(request ->> 'principal', request ->> 'scope', request ->> 'team_id');
begin
  if v_scope_key is null then
    return '{"state": "no_team"}';
  end if;
  insert into documents as d (id, source, scope_key, owner, service, title, content_hash, meta)
  values (gen_random_uuid(), request ->> 'source', v_scope_key, request ->> 'principal', request ->> 'service',
    request ->> 'title', request ->> 'content_hash', coalesce(request -> 'meta', '{}'))
  on conflict (scope_key, coalesce(service, ''), source) do update
    set title = excluded.title, content_hash = excluded.content_hash, meta = excluded.meta, updated_at = now()
    where d.content_hash <> excluded.content_hash and (d.scope_key <> 'public' or d.owner = excluded.owner)
  returning id into v_id;
  if v_id is null then
    return '{"state": "unchanged"}';
  end if;
  delete from document_chunks where document_id = v_id;
  insert into document_chunks (document_id, position, scope_key, heading_path, page, content)
  select v_id, n, v_scope_key, array(select jsonb_array_elements_text(c -> 'heading_path')), (c ->> 'page')::integer,
    c ->> 'content'
  from jsonb_array_elements(request -> 'chunks') with ordinality as given (c, n);
  insert into outbox (aggregate_type, aggregate_id, event_type, payload)
  values ('document', v_id::text, 'content.updated.document',
    jsonb_build_object('content_id', v_id, 'scope_key', v_scope_key, 'mode', 'open'));
  return jsonb_build_object('state', 'ok', 'id', v_id);
end
$$;

CREATE FUNCTION public.empty_topic_counts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  truncate topic_counts;
  return null;
end
$$;

CREATE FUNCTION public.fact_keys(p_scope_key text, p_terms integer[]) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE
    AS $$
  select array(select hashtextextended(p_scope_key, term::bigint) from unnest(p_terms) as term)
$$;

CREATE FUNCTION public.facts_matching(p_principal text, p_scope text, p_at timestamp with time zone, p_terms integer[], p_subject text, p_most integer) RETURNS TABLE(id uuid, terms integer[], facts integer)
    LANGUAGE plpgsql STABLE
    SET jit TO 'off'
    SET enable_seqscan TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  v_scopes text[] := scope_keys(p_principal, p_scope);
  v_keys bigint[];
  v_facts integer;
begin
  select array_agg(key) into v_keys from unnest(v_scopes) as scope, unnest(fact_keys(scope, p_terms)) as key;
  select count(*) into v_facts from (
    select from unnest(v_scopes) as scope cross join lateral (
      select from facts f where f.scope_key = scope order by f.sequence desc limit 5000) counted
  ) bounded;
  return query
  with found as materialized (
    select f.kind, f.id, f.sequence, f.terms from facts f
    where fact_keys(f.scope_key, f.terms) && v_keys
      and f.scope_key = any (v_scopes) and (p_subject is null or f.subject = p_subject)
      and case when p_at is null then f.valid_to is null
        else f.valid_from <= p_at and (f.valid_to is null or f.valid_to > p_at) end
    order by f.sequence desc limit p_most
  )
  select f.id, f.terms, v_facts from found f
  -- Looked up only of those that are given.
  where (select true from readable_facts r where r.id = f.id and r.kind = f.kind)
  order by f.sequence desc;
end
$$;

CREATE FUNCTION public.forget_summary() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if tg_table_name = 'threads' then
    delete from thread_summaries where thread_id = new.id;
  else
    delete from thread_summaries where thread_id = new.thread_id;
  end if;
  return null;
end
$$;

CREATE FUNCTION public.graph_edges(p_id uuid, p_key text, p_others uuid[]) RETURNS TABLE(to_id uuid, kind text, origin text)
    LANGUAGE plpgsql STABLE
    AS $$
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

CREATE FUNCTION public.graph_is_open(p_item uuid, p_keys text[]) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
  select exists (select from graph_items i left join threads t on t.id = i.parent
    where i.item = p_item and i.scope_key = any (p_keys) and (i.kind = 'chunk' or t.mode = 'open'))
$$;

CREATE FUNCTION public.graph_joined_from(p_id uuid, p_key text, p_most integer) RETURNS TABLE(id uuid, created_at timestamp with time zone)
    LANGUAGE plpgsql STABLE
    AS $$
begin
  return query
  with recursive hop (owner, key, id, kind, origin, n) as (
    (select e.from_id, e.scope_key, e.to_id, e.kind, e.origin, 1 from edges e where (e.from_id, e.scope_key) >= (p_id, p_key)
      order by e.from_id, e.scope_key, e.to_id, e.kind, e.origin limit 1)
    union all
    select next.*, h.n + (next.id <> h.id)::integer from hop h cross join lateral (
      select e.from_id, e.scope_key, e.to_id as id, e.kind, e.origin from edges e
      where (e.from_id, e.scope_key, e.to_id, e.kind, e.origin) > (p_id, p_key, h.id, h.kind, h.origin)
      order by e.from_id, e.scope_key, e.to_id, e.kind, e.origin limit 1) next
    where h.owner = p_id and h.key = p_key and h.n + (next.id <> h.id)::integer <= p_most
  ), near as (
    select h.id, h.kind, h.origin, h.n from hop h where h.owner = p_id and h.key = p_key
  ), pair as (
    select near.id, near.kind, near.origin from near
    union
    select e.id, e.kind, e.origin from (
      select e.to_id as id, e.kind, e.origin from edges e where e.from_id = p_id and e.scope_key = p_key
      order by e.created_at desc limit p_most) e
    where (select max(near.n) from near) = p_most
  )
  select pair.id, max(x.created_at) from pair cross join lateral (
    select e.created_at from edges e
    where (e.from_id, e.scope_key, e.to_id, e.kind, e.origin) >= (p_id, p_key, pair.id, pair.kind, pair.origin)
      and (e.from_id, e.scope_key, e.to_id, e.kind, e.origin) <= (p_id, p_key, pair.id, pair.kind, pair.origin)
      and (select i.kind = 'chunk' or t.mode = 'open' from graph_items i left join threads t on t.id = i.parent where i.item = e.message_id)
    order by e.from_id, e.scope_key, e.to_id, e.kind, e.origin, e.created_at desc limit 1) x
  group by pair.id;
end
$$;

CREATE FUNCTION public.graph_joined_to(p_id uuid, p_key text, p_most integer) RETURNS TABLE(id uuid, created_at timestamp with time zone)
    LANGUAGE plpgsql STABLE
    AS $$
begin
  return query
  with recursive hop (owner, key, id, kind, origin, n) as (
    (select e.to_id, e.scope_key, e.from_id, e.kind, e.origin, 1 from edges e where (e.to_id, e.scope_key) >= (p_id, p_key)
      order by e.to_id, e.scope_key, e.from_id, e.kind, e.origin limit 1)
    union all
    select next.*, h.n + (next.id <> h.id)::integer from hop h cross join lateral (
      select e.to_id, e.scope_key, e.from_id as id, e.kind, e.origin from edges e
      where (e.to_id, e.scope_key, e.from_id, e.kind, e.origin) > (p_id, p_key, h.id, h.kind, h.origin)
      order by e.to_id, e.scope_key, e.from_id, e.kind, e.origin limit 1) next
    where h.owner = p_id and h.key = p_key and h.n + (next.id <> h.id)::integer <= p_most
  ), near as (
    select h.id, h.kind, h.origin, h.n from hop h where h.owner = p_id and h.key = p_key
  ), pair as (
    select near.id, near.kind, near.origin from near
    union
    select e.id, e.kind, e.origin from (
      select e.from_id as id, e.kind, e.origin from edges e where e.to_id = p_id and e.scope_key = p_key
      order by e.created_at desc limit p_most) e
    where (select max(near.n) from near) = p_most
  )
  select pair.id, max(x.created_at) from pair cross join lateral (
    select e.created_at from edges e
    where (e.to_id, e.scope_key, e.from_id, e.kind, e.origin) >= (p_id, p_key, pair.id, pair.kind, pair.origin)
      and (e.to_id, e.scope_key, e.from_id, e.kind, e.origin) <= (p_id, p_key, pair.id, pair.kind, pair.origin)
      and (select i.kind = 'chunk' or t.mode = 'open' from graph_items i left join threads t on t.id = i.parent where i.item = e.message_id)
    order by e.to_id, e.scope_key, e.from_id, e.kind, e.origin, e.created_at desc limit 1) x
  group by pair.id;
end
$$;

CREATE FUNCTION public.graph_neighbours(p_id uuid, p_keys text[], p_most integer) RETURNS TABLE(id uuid, place bigint)
    LANGUAGE plpgsql STABLE
    AS $$
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

CREATE FUNCTION public.graph_sees(p_id uuid, p_keys text[]) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
  select graph_is_open(p_id, p_keys) or exists (select from entities where id = p_id and scope_key = any (p_keys))
$$;

CREATE FUNCTION public.graph_walk(p_principal text, p_id uuid, p_names text[], p_type text, p_depth integer, p_most integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET jit TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
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

CREATE FUNCTION public.hide_from_graph() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  insert into graph_hidden_threads values (new.id);
  return null;
end
$$;

CREATE FUNCTION public.job_crew_outline(crew jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
  select crew || jsonb_build_object(
    'description', '',
    'input', '{}'::jsonb,
    'agents', (
      select jsonb_agg(jsonb_build_object('id', agent -> 'id', 'role', '', 'goal', '', 'tools', '[]'::jsonb) order by place)
      from jsonb_array_elements(crew -> 'agents') with ordinality as agents (agent, place)),
    'tasks', (
      select jsonb_agg(task || '{"description": "", "expectedOutput": "", "guardrails": []}'::jsonb order by place)
      from jsonb_array_elements(crew -> 'tasks') with ordinality as tasks (task, place)))
$$;

CREATE TABLE public.threads (
    id uuid NOT NULL,
    sequence bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    channel_id text NOT NULL,
    scope text NOT NULL,
    owner text NOT NULL,
    team_id text,
    scope_key text NOT NULL,
    mode text NOT NULL,
    wrapped_key bytea,
    last_position integer DEFAULT 0 NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    meta_ciphertext bytea,
    shredded_at timestamp with time zone,
    CONSTRAINT threads_check CHECK (((mode = 'confidential'::text) OR (wrapped_key IS NULL))),
    CONSTRAINT threads_check1 CHECK (((shredded_at IS NULL) OR ((mode = 'confidential'::text) AND (wrapped_key IS NULL)))),
    CONSTRAINT threads_last_position_check CHECK ((last_position >= 0)),
    CONSTRAINT threads_mode_check CHECK ((mode = ANY (ARRAY['open'::text, 'confidential'::text]))),
    CONSTRAINT threads_scope_check CHECK ((scope = ANY (ARRAY['personal'::text, 'team'::text, 'public'::text])))
)
WITH (fillfactor='80');

CREATE FUNCTION public.may_write(p_thread public.threads, p_principal text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
  if p_thread.scope_key <> 'public' then
    return p_thread.scope_key = any (scope_keys(p_principal));
  end if;
  return p_thread.owner = p_principal
    or exists (select from channels where id = p_thread.channel_id and kind = 'group');
end
$$;

CREATE FUNCTION public.message_revisions_withdraw_digests() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform withdraw_digests(array(select digest from digest_sources where source_message = new.message_id));
  return null;
end
$$;

CREATE FUNCTION public.note_changed_parent() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  insert into changed_parents (id) values (case tg_op when 'DELETE' then old.id else new.id end)
  on conflict (id) do update set transaction = excluded.transaction;
  return null;
end
$$;

CREATE TABLE public.outbox (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    sequence bigint NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id text NOT NULL,
    event_type text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    published_at timestamp with time zone,
    status text DEFAULT 'pending'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    claimed_until timestamp with time zone,
    CONSTRAINT outbox_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'published'::text, 'failed'::text])))
);

CREATE FUNCTION public.outbox_claim(p_limit integer, p_lease_ms integer) RETURNS SETOF public.outbox
    LANGUAGE sql
    AS $$
  with held as materialized (
    select distinct aggregate_type, aggregate_id from outbox
    where status = 'pending' and claimed_until is not null and claimed_until > now()
  ), candidate as materialized (
    select id, sequence, aggregate_type, aggregate_id from outbox o
    where status = 'pending' and (claimed_until is null or claimed_until <= now())
      and not exists (
        select from held h where h.aggregate_type = o.aggregate_type and h.aggregate_id = o.aggregate_id)
    order by sequence limit p_limit for update skip locked
  ), elsewhere as materialized (
    -- What another relay locked at the same moment: the snapshot shows it as pending.
    select aggregate_type, aggregate_id, min(sequence) as first from outbox
    where status = 'pending' and sequence < (select max(sequence) from candidate)
      and id not in (select id from candidate)
    group by aggregate_type, aggregate_id
  ), claimed as (
    update outbox o set claimed_until = now() + p_lease_ms * interval '1 ms'
    from candidate c
    where o.id = c.id and not exists (
      select from elsewhere e
      where e.aggregate_type = c.aggregate_type and e.aggregate_id = c.aggregate_id and e.first < c.sequence)
    returning o.*
  )
  select * from claimed order by sequence
$$;

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end
$$;

CREATE FUNCTION public.refuse_message_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if tg_op = 'DELETE' and exists (
    select from archived_messages a where a.id = old.id
      and (a.thread_id, a.position, a.role, a.author, a.owner, a.scope_key, a.created_at, a.meta)
        = (old.thread_id, old.position, old.role, old.author, old.owner, old.scope_key, old.created_at, old.meta)
      and (a.content, a.ciphertext, a.written_by) is not distinct from (old.content, old.ciphertext, old.written_by)
  ) then
    return old;
  end if;
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end
$$;

CREATE FUNCTION public.refuse_opening() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception 'a confidential thread stays confidential' using errcode = 'restrict_violation';
end
$$;

CREATE FUNCTION public.registry_actor() RETURNS text
    LANGUAGE sql STABLE
    AS $$
  select coalesce(nullif(current_setting('athena.actor', true), ''), 'operator')
$$;

CREATE FUNCTION public.registry_touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  new.changed_by := registry_actor();
  new.changed_at := now();
  new.revision := old.revision + 1;
  return new;
end
$$;

CREATE FUNCTION public.scope_key_of(p_principal text, p_scope text, p_team text) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
begin
  if p_scope = 'public' then
    return 'public';
  elsif p_scope = 'personal' then
    return 'user:' || p_principal;
  elsif p_team is not null then
    return (select 'team:' || team_id from team_members where principal = p_principal and team_id = p_team);
  end if;
  return (select case count(*) when 0 then 'user:' || p_principal when 1 then 'team:' || min(team_id) end
    from team_members where principal = p_principal);
end
$$;

CREATE FUNCTION public.scope_keys(p_principal text) RETURNS text[]
    LANGUAGE plpgsql STABLE
    AS $$
begin
  return array['user:' || p_principal, 'public']
    || array(select 'team:' || team_id from team_members where principal = p_principal);
end
$$;

CREATE FUNCTION public.scope_keys(p_principal text, p_scope text) RETURNS text[]
    LANGUAGE plpgsql STABLE
    AS $$
begin
  if p_scope is null then
    return scope_keys(p_principal);
  end if;
  return array(select key from unnest(scope_keys(p_principal)) as key
    where split_part(key, ':', 1) = case p_scope when 'personal' then 'user' else p_scope end);
end
$$;

CREATE FUNCTION public.text_search(p_collections integer[], p_lengths double precision[], p_chats integer[], p_terms integer[], p_weights double precision[], p_budget integer, p_most integer, p_widened integer) RETURNS TABLE(seqs bigint[], packed bytea)
    LANGUAGE plpgsql STABLE
    SET jit TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  v_seqs bigint[];
begin
  select array_agg(best.seq order by best.score desc, best.seq desc) into v_seqs from (
    select p.seq, sum(t.weight * p.frequency * 2.2::float8 / (p.frequency + 0.3::float8 + 0.9::float8 * p.length / c.mean)) as score
    from unnest(p_collections, p_lengths) as c (id, mean)
    cross join unnest(p_terms, p_weights) as t (hash, weight)
    cross join lateral (
      select x.seq, x.frequency, x.length from text_postings x
      where x.collection = c.id and x.term = t.hash order by x.seq desc limit p_budget
    ) p
    group by p.seq order by score desc, p.seq desc limit p_most
  ) best;
  return query
  with own as materialized (
    select i.part, i.parent, i.position as place, i.packed, i.collection = any (p_chats) as is_turn,
      case when c.n <= p_widened then 5 else 3 end as reach
    from unnest(v_seqs) with ordinality as c (seq, n) join text_items i on i.seq = c.seq
  ), stretches as (
    -- Where those of two candidates meet, the later one begins behind the earlier: nothing comes twice.
    select parent, place - reach as low, place + reach as high, max(place + reach) over (
      partition by parent order by place - reach, place + reach rows between unbounded preceding and 1 preceding) as before
    from own where is_turn
  ), around as materialized (
    select parent, greatest(low, coalesce(before + 1, low)) as low, high from stretches where high > coalesce(before, 0)
  )
  select v_seqs, string_agg(found.packed, ''::bytea) from (
    select own.packed from own where not (own.is_turn and own.part = 0)
    union all
    select i.packed from around a join text_items i on i.parent = a.parent and i.position between a.low and a.high
    where i.part = 0
  ) found;
end
$$;

CREATE FUNCTION public.threads_erase_jobs() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
  v_jobs uuid[];
begin
  -- Waits for what is being written; what comes later is sealed with a key that is not there any more.
  v_jobs := array(select id from jobs where thread_id = new.id order by id for update);
  update jobs set crew = job_crew_outline(crew), crew_sealed = null, input = null, input_sealed = null,
    ending = null, ending_sealed = null
  where id = any (v_jobs);
  -- Nobody can read any more what those that run would say.
  update jobs set told = told + 1, cancel_wished_at = coalesce(cancel_wished_at, now())
  where id = any (v_jobs) and ended_at is null;
  update job_events set content = null, content_sealed = null where job_id = any (v_jobs);
  update job_questions set question = null, question_sealed = null, reason = null, reason_sealed = null
  where job_id = any (v_jobs);
  update job_results set result = null, result_sealed = null where job_id = any (v_jobs);
  update job_calls set call = null, call_sealed = null, result = null, result_sealed = null where job_id = any (v_jobs);
  return null;
end
$$;

CREATE FUNCTION public.threads_withdraw_digests() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform withdraw_digests(array(select digest from digest_sources where source_thread = new.id));
  return null;
end
$$;

CREATE FUNCTION public.timeline_advance(p_thread uuid, p_principal text, p_writer text, p_key bytea, p_subject text, p_messages jsonb, p_since integer DEFAULT NULL::integer) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
  v_thread threads;
  v_now timestamptz;
  v_refusal jsonb;
begin
  update threads t set
    last_position = last_position + jsonb_array_length(p_messages),
    mode = case when p_key is null then mode else 'confidential' end,
    wrapped_key = coalesce(wrapped_key, p_key)
  -- Not "scope_key =": without statistics the planner would read all threads of the scope instead of one.
  where id = p_thread and (scope_key is not distinct from 'user:' || p_principal or may_write(t, p_principal))
    and shredded_at is null
    and case when p_key is null then mode = 'open' else coalesce(wrapped_key = p_key, true) end
    and coalesce(last_position = p_since, true)
  returning * into v_thread;
  if not found then
    select * into v_thread from threads where id = p_thread;
    v_refusal := timeline_refusal(v_thread, p_principal);
    if v_refusal ->> 'state' is not null then
      return v_refusal;
    end if;
    return jsonb_build_object('state', 'rekey', 'wrapped_key', encode(v_thread.wrapped_key, 'base64'));
  end if;
  v_now := clock_timestamp();
  perform timeline_append(v_thread, p_writer, p_subject, p_messages, v_now);
  return timeline_answer(v_thread, v_now);
end
$$;

CREATE FUNCTION public.timeline_answer(p_thread public.threads, p_now timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
  select jsonb_build_object('state', 'ok', 'now', p_now, 'created_at', p_thread.created_at, 'owner', p_thread.owner,
    'channel_id', p_thread.channel_id, 'last_position', p_thread.last_position, 'mode', p_thread.mode,
    'scope', p_thread.scope, 'team_id', p_thread.team_id, 'meta', p_thread.meta,
    'meta_ciphertext', encode(p_thread.meta_ciphertext, 'base64'))
$$;

CREATE FUNCTION public.timeline_append(p_thread public.threads, p_writer text, p_subject text, p_messages jsonb, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  v_count integer := jsonb_array_length(p_messages);
  v_before integer := p_thread.last_position - v_count;
begin
  if v_count = 0 then
    return;
  end if;
  insert into messages
    (id, thread_id, position, role, author, owner, scope_key, written_by, content, ciphertext, created_at, meta)
  select (m ->> 'id')::uuid, p_thread.id, v_before + n::integer, m ->> 'role', m ->> 'author', p_thread.owner,
    p_thread.scope_key, p_writer, m ->> 'content', decode(m ->> 'ciphertext', 'base64'),
    -- What is told about the past keeps its time; nothing comes from the future.
    least(coalesce((m ->> 'created_at')::timestamptz, p_now), p_now), coalesce(m -> 'meta', '{}')
  from jsonb_array_elements(p_messages) with ordinality as given (m, n);
  insert into outbox (aggregate_type, aggregate_id, event_type, payload, created_at)
  values ('thread', p_thread.id::text, p_subject, jsonb_build_object('message_id', p_messages -> 0 -> 'id',
    'thread_id', p_thread.id, 'channel_id', p_thread.channel_id, 'position', v_before + 1, 'count', v_count,
    'role', p_messages -> 0 -> 'role', 'scope_key', p_thread.scope_key, 'mode', p_thread.mode), p_now);
end
$$;

CREATE FUNCTION public.timeline_archive(p_before timestamp with time zone, p_limit integer, p_from tid) RETURNS TABLE(moved integer, reached tid)
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    AS $$
declare
  v_ids uuid[];
  v_reached tid;
begin
  select array_agg(old.id), max(old.place) into v_ids, v_reached from (
    select m.id, m.ctid as place from messages m where m.ctid > p_from and m.created_at < p_before
    limit p_limit for update skip locked) old;
  if v_ids is null then
    return query select 0, p_from;
    return;
  end if;
  insert into archived_messages
    (id, thread_id, position, role, author, owner, scope_key, content, ciphertext, created_at, meta, written_by)
  select id, thread_id, position, role, author, owner, scope_key, content, ciphertext, created_at, meta, written_by
  from messages where id = any (v_ids);
  delete from messages where id = any (v_ids);
  return query select cardinality(v_ids), v_reached;
end
$$;

CREATE FUNCTION public.timeline_close(request jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
  v_result jsonb;
  v_log jsonb := request -> 'log';
begin
  v_result := timeline_advance((request ->> 'thread_id')::uuid, request ->> 'principal', 'engine:athena',
    decode(request ->> 'wrapped_key', 'base64'), request ->> 'subject', request -> 'messages');
  if v_result ->> 'state' = 'ok' then
    insert into query_logs (id, thread_id, principal, surface, agent, mode, egress, intents, calls, model, tokens_in, tokens_out,
      cost, response_ms, first_token_ms, validation, degraded, trace_id, receipt)
    values (v_log ->> 'id', (v_log ->> 'threadId')::uuid, v_log ->> 'principal', v_log ->> 'surface', v_log ->> 'agent',
      v_log ->> 'mode', v_log ->> 'egress', v_log -> 'intents', v_log -> 'calls', v_log ->> 'model',
      (v_log ->> 'tokensIn')::integer, (v_log ->> 'tokensOut')::integer, (v_log ->> 'cost')::numeric,
      (v_log ->> 'responseMs')::double precision, (v_log ->> 'firstTokenMs')::double precision,
      v_log -> 'validation', v_log -> 'degraded', v_log ->> 'traceId', v_log -> 'receipt');
  end if;
  return v_result;
end
$$;

CREATE FUNCTION public.timeline_create(request jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $_$
declare
  v_principal text := request ->> 'principal';
  v_key bytea := decode(request ->> 'wrapped_key', 'base64');
  v_messages jsonb := coalesce(request -> 'messages', '[]');
  v_channel channels;
  v_thread threads;
  v_now timestamptz := clock_timestamp();
begin
  v_thread.id := (request ->> 'thread_id')::uuid;
  v_thread.channel_id := request ->> 'channel_id';
  if v_thread.channel_id = 'direct:' || v_principal then
    insert into channels (id, kind, owner) values (v_thread.channel_id, 'direct', v_principal) on conflict (id) do nothing;
    v_thread.scope_key := scope_key_of(v_principal, request ->> 'scope', request ->> 'team_id');
    if v_thread.scope_key is null then
      return '{"state": "no_team"}';
    end if;
    v_thread.scope := request ->> 'scope';
    v_thread.team_id := substring(v_thread.scope_key from '^team:(.*)$');
  else
    select * into v_channel from channels where id = v_thread.channel_id and scope_key = any (scope_keys(v_principal));
    if not found or (v_channel.scope = 'public' and v_channel.kind <> 'group' and v_channel.owner <> v_principal) then
      return '{"state": "no_channel"}';
    end if;
    v_thread.scope_key := v_channel.scope_key;
    v_thread.scope := v_channel.scope;
    v_thread.team_id := v_channel.team_id;
  end if;
  insert into threads
    (id, created_at, channel_id, scope, owner, team_id, scope_key, mode, wrapped_key, last_position, meta, meta_ciphertext)
  values (v_thread.id, least(coalesce((request ->> 'created_at')::timestamptz, v_now), v_now), v_thread.channel_id,
    v_thread.scope, v_principal, v_thread.team_id, v_thread.scope_key,
    case when v_key is null then 'open' else 'confidential' end, v_key, jsonb_array_length(v_messages),
    request -> 'meta', decode(request ->> 'meta_ciphertext', 'base64'))
  on conflict (id) do nothing
  returning * into v_thread;
  if not found then
    return '{"state": "exists"}';
  end if;
  perform timeline_append(v_thread, v_principal, request ->> 'subject', v_messages, v_now);
  return timeline_answer(v_thread, v_now);
end
$_$;

CREATE FUNCTION public.timeline_flush(request jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
  v_since integer := (request ->> 'since_position')::integer;
  v_messages jsonb := request -> 'messages';
  v_principal text := request ->> 'principal';
  v_thread threads;
  v_key bytea := decode(request ->> 'wrapped_key', 'base64');
  v_answer jsonb;
begin
  -- Mostly they follow the last one: that is found out by writing them.
  v_answer := timeline_advance((request ->> 'thread_id')::uuid, v_principal, v_principal, v_key, request ->> 'subject',
    v_messages, v_since);
  if v_answer ->> 'state' = 'ok' then
    return v_answer;
  end if;
  select * into v_thread from threads where id = (request ->> 'thread_id')::uuid for no key update;
  -- One's own thread, mostly: the rest is looked up only for others.
  if v_thread.scope_key is distinct from 'user:' || v_principal or v_thread.shredded_at is not null then
    v_answer := timeline_refusal(v_thread, v_principal);
    if v_answer ->> 'state' is not null then
      return v_answer;
    end if;
  end if;
  if v_since > v_thread.last_position then
    return jsonb_build_object('state', 'gap', 'last_position', v_thread.last_position);
  end if;
  if v_since < v_thread.last_position then
    return jsonb_build_object('state', 'overlap', 'last_position', v_thread.last_position,
      'wrapped_key', encode(v_thread.wrapped_key, 'base64'), 'messages', (
        select jsonb_agg(jsonb_build_object('id', id, 'position', position, 'role', role, 'author', author,
          'content', content, 'ciphertext', encode(ciphertext, 'base64'), 'created_at', created_at, 'meta', meta)
          order by position)
        from all_messages where thread_id = v_thread.id and position > v_since
          and position <= v_since + jsonb_array_length(v_messages)));
  end if;
  return timeline_advance(v_thread.id, v_principal, v_principal, v_key, request ->> 'subject', v_messages);
end
$$;

CREATE FUNCTION public.timeline_import(request jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
  v_thread threads;
  v_refusal jsonb;
  v_missing jsonb;
begin
  select * into v_thread from threads where id = (request ->> 'thread_id')::uuid for no key update;
  v_refusal := timeline_refusal(v_thread, request ->> 'principal');
  if v_refusal ->> 'state' is not null then
    return v_refusal;
  end if;
  select coalesce(jsonb_agg(m order by n), '[]') into v_missing
  from jsonb_array_elements(request -> 'messages') with ordinality as given (m, n)
  where not exists (select from all_messages a where a.id = (m ->> 'id')::uuid);
  if v_missing = '[]' then
    return timeline_answer(v_thread, clock_timestamp()) || '{"added": 0}';
  end if;
  return timeline_advance(v_thread.id, request ->> 'principal', request ->> 'principal',
    decode(request ->> 'wrapped_key', 'base64'), request ->> 'subject', v_missing)
    || jsonb_build_object('added', jsonb_array_length(v_missing));
end
$$;

CREATE FUNCTION public.timeline_open(request jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
begin
  if (request ->> 'fresh')::boolean then
    return timeline_create(request);
  end if;
  return timeline_advance((request ->> 'thread_id')::uuid, request ->> 'principal', request ->> 'principal',
    decode(request ->> 'wrapped_key', 'base64'), request ->> 'subject', request -> 'messages');
end
$$;

CREATE FUNCTION public.timeline_refusal(p_thread public.threads, p_principal text) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
  select jsonb_build_object('state', case
    when p_thread.id is null or not (p_thread.scope_key = any (scope_keys(p_principal))) then 'not_found'
    when p_thread.shredded_at is not null then 'erased'
    when not may_write(p_thread, p_principal) then 'denied'
  end)
$$;

CREATE FUNCTION public.timeline_revise(request jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
  v_principal text := request ->> 'principal';
  v_revision uuid := (request ->> 'revision_id')::uuid;
  v_kind text := request ->> 'kind';
  v_key bytea := decode(request ->> 'wrapped_key', 'base64');
  v_thread threads;
  v_message all_messages;
  v_last message_revisions;
begin
  -- The lock puts revisions in a line, and after a turn to confidential.
  select * into v_thread from threads where id = (request ->> 'thread_id')::uuid for no key update;
  if not found or not (v_thread.scope_key = any (scope_keys(v_principal))) then
    return '{"state": "not_found"}';
  end if;
  select * into v_message from all_messages where id = (request ->> 'message_id')::uuid and thread_id = v_thread.id;
  if not found then
    return '{"state": "no_message"}';
  end if;
  if v_thread.shredded_at is not null then
    return '{"state": "erased"}';
  end if;
  if coalesce(v_message.written_by, v_message.owner) <> v_principal or v_message.role in ('assistant', 'system') then
    return '{"state": "denied"}';
  end if;
  select * into v_last from message_revisions where message_id = v_message.id order by revision desc limit 1;
  if v_last.kind = 'tombstone' then
    return jsonb_build_object('state', case v_kind when 'edit' then 'no_message' else 'ok' end);
  end if;
  if v_kind = 'edit' and v_thread.wrapped_key is distinct from v_key then
    return jsonb_build_object('state', 'rekey', 'wrapped_key', encode(v_thread.wrapped_key, 'base64'));
  end if;
  insert into message_revisions
    (id, message_id, revision, thread_id, scope_key, kind, content, ciphertext, actor, created_at)
  values (v_revision, v_message.id, coalesce(v_last.revision, 0) + 1, v_thread.id, v_thread.scope_key, v_kind,
    request ->> 'content', decode(request ->> 'ciphertext', 'base64'), v_principal, clock_timestamp());
  perform timeline_tell_revisions(v_thread, request ->> 'subject', array[v_revision]);
  return '{"state": "ok"}';
end
$$;

CREATE FUNCTION public.timeline_shred(p_thread uuid, p_actor text, p_subject text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
  v_thread threads;
  v_revisions uuid[];
  v_clear integer;
begin
  select * into v_thread from threads where id = p_thread for update;
  if not found then
    return '{"state": "not_found"}';
  elsif v_thread.mode <> 'confidential' then
    return '{"state": "open"}';
  elsif v_thread.shredded_at is not null then
    return '{"state": "erased"}';
  end if;
  select count(*) filter (where ciphertext is null) into v_clear from all_messages where thread_id = p_thread;
  with gone as (
    insert into message_revisions (id, message_id, revision, thread_id, scope_key, kind, actor)
    select gen_random_uuid(), id, coalesce(revision, 0) + 1, thread_id, scope_key, 'tombstone', p_actor
    from current_messages where thread_id = p_thread and revision_kind is distinct from 'tombstone'
    returning id
  )
  select array_agg(id) into v_revisions from gone;
  perform timeline_tell_revisions(v_thread, p_subject, v_revisions);
  update threads set wrapped_key = null, meta = '{}', meta_ciphertext = null, shredded_at = now() where id = p_thread;
  delete from client_tool_turns where thread_id = p_thread;
  delete from client_conversations where thread_id = p_thread;
  return jsonb_build_object('state', 'ok', 'messages', v_thread.last_position, 'clear', v_clear);
end
$$;

CREATE FUNCTION public.timeline_tell_revisions(p_thread public.threads, p_subject text, p_revisions uuid[]) RETURNS void
    LANGUAGE sql
    AS $$
  insert into outbox (aggregate_type, aggregate_id, event_type, payload)
  select 'thread', p_thread.id::text, p_subject, jsonb_build_object('message_id', m.id, 'thread_id', p_thread.id,
    'channel_id', p_thread.channel_id, 'position', m.position, 'role', m.role, 'scope_key', p_thread.scope_key,
    'mode', p_thread.mode, 'revision', r.revision)
  from message_revisions r join all_messages m on m.id = r.message_id
  where r.id = any (p_revisions) order by m.position
$$;

CREATE FUNCTION public.vector_kept(p_threads uuid[], p_since timestamp with time zone) RETURNS SETOF uuid
    LANGUAGE sql STABLE
    AS $$
  select t.id from threads t
  where (p_threads is null or t.id = any (p_threads)) and t.mode = 'open'
    and (t.meta @> '{"pinned": true}' or (t.meta ? 'project' and exists (
      select from threads o join messages m on m.thread_id = o.id and m.position = o.last_position
      where o.scope_key = t.scope_key and o.meta ->> 'project' = t.meta ->> 'project' and o.meta ? 'project'
        and o.mode = 'open' and m.created_at >= p_since)))
$$;

CREATE FUNCTION public.vector_search(p_space integer, p_query text, p_principal text, p_scope text, p_kinds text[], p_service text, p_most integer, p_few integer) RETURNS TABLE(id uuid, score double precision)
    LANGUAGE plpgsql STABLE
    SET jit TO 'off'
    SET enable_seqscan TO 'off'
    AS $_$
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
$_$;

CREATE FUNCTION public.vector_table_make(p_space integer, p_type text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.withdraw_digests(p_digests uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  v_digest digests;
  v_thread threads;
  v_revision uuid;
begin
  for v_digest in select * from digests where message_id = any (p_digests) and withdrawn_at is null order by message_id loop
    select * into v_thread from threads where id = v_digest.thread_id for no key update;
    update digests set withdrawn_at = now() where message_id = v_digest.message_id and withdrawn_at is null;
    continue when not found;
    insert into message_revisions (id, message_id, revision, thread_id, scope_key, kind, actor)
    select gen_random_uuid(), m.id, coalesce(m.revision, 0) + 1, m.thread_id, m.scope_key, 'tombstone', 'engine:atlas-digest'
    from current_messages m where m.id = v_digest.message_id and m.revision_kind is distinct from 'tombstone'
    returning id into v_revision;
    perform timeline_tell_revisions(v_thread, v_digest.deleted_subject, array[v_revision]);
    delete from documents where id = v_digest.document_id;
  end loop;
end
$$;

CREATE TABLE public.archived_messages (
    id uuid NOT NULL,
    thread_id uuid NOT NULL,
    "position" integer NOT NULL,
    role text NOT NULL,
    author text NOT NULL,
    owner text NOT NULL,
    scope_key text NOT NULL,
    content text,
    ciphertext bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    written_by text,
    CONSTRAINT messages_check CHECK (((content IS NULL) <> (ciphertext IS NULL))),
    CONSTRAINT messages_check1 CHECK (((ciphertext IS NULL) OR (meta = '{}'::jsonb))),
    CONSTRAINT messages_position_check CHECK (("position" > 0)),
    CONSTRAINT messages_role_check CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text, 'system'::text, 'agent'::text, 'tool'::text])))
);

CREATE TABLE public.messages (
    id uuid NOT NULL,
    thread_id uuid NOT NULL,
    "position" integer NOT NULL,
    role text NOT NULL,
    author text NOT NULL,
    owner text NOT NULL,
    scope_key text NOT NULL,
    content text,
    ciphertext bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    written_by text,
    CONSTRAINT messages_check CHECK (((content IS NULL) <> (ciphertext IS NULL))),
    CONSTRAINT messages_check1 CHECK (((ciphertext IS NULL) OR (meta = '{}'::jsonb))),
    CONSTRAINT messages_position_check CHECK (("position" > 0)),
    CONSTRAINT messages_role_check CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text, 'system'::text, 'agent'::text, 'tool'::text])))
);

CREATE VIEW public.all_messages AS
 SELECT messages.id,
    messages.thread_id,
    messages."position",
    messages.role,
    messages.author,
    messages.owner,
    messages.scope_key,
    messages.written_by,
    messages.content,
    messages.ciphertext,
    messages.created_at,
    messages.meta
   FROM public.messages
UNION ALL
 SELECT archived_messages.id,
    archived_messages.thread_id,
    archived_messages."position",
    archived_messages.role,
    archived_messages.author,
    archived_messages.owner,
    archived_messages.scope_key,
    archived_messages.written_by,
    archived_messages.content,
    archived_messages.ciphertext,
    archived_messages.created_at,
    archived_messages.meta
   FROM public.archived_messages;

CREATE TABLE public.audit_head (
    single boolean DEFAULT true NOT NULL,
    last_id bigint NOT NULL,
    hash text NOT NULL,
    CONSTRAINT audit_head_single_check CHECK (single)
);

CREATE TABLE public.audits (
    id bigint NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    resource text NOT NULL,
    outcome text NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL
);

CREATE TABLE public.bus_events (
    "position" bigint NOT NULL,
    id uuid NOT NULL,
    subject text NOT NULL,
    payload jsonb NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.bus_events ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bus_events_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.changed_parents (
    id uuid NOT NULL,
    transaction xid8 DEFAULT pg_current_xact_id() NOT NULL
);

CREATE TABLE public.channels (
    id text NOT NULL,
    kind text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    scope text DEFAULT 'personal'::text NOT NULL,
    owner text NOT NULL,
    team_id text,
    agents jsonb DEFAULT '[]'::jsonb NOT NULL,
    indexed boolean DEFAULT true NOT NULL,
    behavior jsonb DEFAULT '{}'::jsonb NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    scope_key text GENERATED ALWAYS AS (
CASE scope
    WHEN 'public'::text THEN 'public'::text
    WHEN 'team'::text THEN ('team:'::text || team_id)
    ELSE ('user:'::text || owner)
END) STORED NOT NULL,
    CONSTRAINT channels_check CHECK (((scope <> 'team'::text) OR (team_id IS NOT NULL))),
    CONSTRAINT channels_kind_check CHECK ((kind = ANY (ARRAY['direct'::text, 'group'::text, 'webhook'::text, 'email'::text, 'voice'::text]))),
    CONSTRAINT channels_scope_check CHECK ((scope = ANY (ARRAY['personal'::text, 'team'::text, 'public'::text])))
);

CREATE TABLE public.client_conversations (
    owner text NOT NULL,
    profile text NOT NULL,
    external_id text NOT NULL,
    thread_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.client_profiles (
    id text NOT NULL,
    identity jsonb NOT NULL,
    conversation jsonb NOT NULL,
    task_header text,
    tasks jsonb DEFAULT '[]'::jsonb NOT NULL,
    voice boolean DEFAULT false NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.client_tool_turns (
    id uuid NOT NULL,
    sequence bigint NOT NULL,
    principal text NOT NULL,
    thread_id uuid NOT NULL,
    call_ids text[] DEFAULT '{}'::text[] NOT NULL,
    fingerprint text DEFAULT ''::text NOT NULL,
    state bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE public.client_tool_turns ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.client_tool_turns_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.crews (
    id text NOT NULL,
    description text NOT NULL,
    input jsonb DEFAULT '{"type": "object"}'::jsonb NOT NULL,
    process text DEFAULT 'sequential'::text NOT NULL,
    agents jsonb NOT NULL,
    manager text,
    tasks jsonb NOT NULL,
    result text,
    limits jsonb DEFAULT '{}'::jsonb NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.message_revisions (
    id uuid NOT NULL,
    sequence bigint NOT NULL,
    message_id uuid NOT NULL,
    revision integer NOT NULL,
    thread_id uuid NOT NULL,
    scope_key text NOT NULL,
    kind text NOT NULL,
    content text,
    ciphertext bytea,
    actor text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT message_revisions_check CHECK (
CASE kind
    WHEN 'edit'::text THEN ((content IS NULL) <> (ciphertext IS NULL))
    ELSE ((content IS NULL) AND (ciphertext IS NULL))
END),
    CONSTRAINT message_revisions_kind_check CHECK ((kind = ANY (ARRAY['edit'::text, 'tombstone'::text]))),
    CONSTRAINT message_revisions_revision_check CHECK ((revision > 0))
);

CREATE VIEW public.current_messages AS
 SELECT m.id,
    m.thread_id,
    m."position",
    m.role,
    m.author,
    m.owner,
    m.scope_key,
    m.written_by,
    m.created_at,
        CASE
            WHEN (r.kind IS NULL) THEN m.content
            WHEN (r.kind = 'edit'::text) THEN r.content
            ELSE ''::text
        END AS content,
        CASE
            WHEN (r.kind IS NULL) THEN m.ciphertext
            ELSE r.ciphertext
        END AS ciphertext,
        CASE
            WHEN (r.kind = 'tombstone'::text) THEN '{}'::jsonb
            ELSE m.meta
        END AS meta,
        CASE
            WHEN (r.kind = 'edit'::text) THEN r.id
            ELSE m.id
        END AS sealed_as,
    r.kind AS revision_kind,
    r.revision,
    r.created_at AS revised_at
   FROM (public.all_messages m
     LEFT JOIN LATERAL ( SELECT message_revisions.id,
            message_revisions.kind,
            message_revisions.revision,
            message_revisions.content,
            message_revisions.ciphertext,
            message_revisions.created_at
           FROM public.message_revisions
          WHERE (message_revisions.message_id = m.id)
          ORDER BY message_revisions.revision DESC
         LIMIT 1) r ON (true));

CREATE TABLE public.dead_letters (
    id bigint NOT NULL,
    consumer text NOT NULL,
    event_id text NOT NULL,
    subject text NOT NULL,
    event jsonb NOT NULL,
    error text NOT NULL,
    history jsonb DEFAULT '[]'::jsonb NOT NULL,
    status text DEFAULT 'waiting'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT dead_letters_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'retried'::text, 'dropped'::text])))
);

ALTER TABLE public.dead_letters ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.dead_letters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.deep_changes (
    "position" bigint NOT NULL,
    item uuid NOT NULL,
    kind text NOT NULL,
    parent uuid NOT NULL,
    scope_key text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT deep_changes_kind_check CHECK ((kind = ANY (ARRAY['message'::text, 'chunk'::text, 'gone'::text])))
);

ALTER TABLE public.deep_changes ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.deep_changes_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.deep_log (
    single boolean DEFAULT true NOT NULL,
    epoch uuid NOT NULL,
    CONSTRAINT deep_log_single_check CHECK (single)
);

CREATE TABLE public.deep_readers (
    name text NOT NULL,
    epoch uuid NOT NULL,
    "position" bigint NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.digest_sources (
    digest uuid NOT NULL,
    source_thread uuid NOT NULL,
    source_message uuid
);

CREATE TABLE public.digests (
    scope_key text NOT NULL,
    period text NOT NULL,
    message_id uuid NOT NULL,
    thread_id uuid NOT NULL,
    document_id uuid NOT NULL,
    deleted_subject text NOT NULL,
    withdrawn_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.document_chunks (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    document_id uuid NOT NULL,
    "position" integer NOT NULL,
    scope_key text NOT NULL,
    heading_path text[] DEFAULT '{}'::text[] NOT NULL,
    page integer,
    content text NOT NULL,
    CONSTRAINT document_chunks_position_check CHECK (("position" > 0))
);

CREATE TABLE public.documents (
    id uuid NOT NULL,
    sequence bigint NOT NULL,
    source text NOT NULL,
    scope_key text NOT NULL,
    owner text NOT NULL,
    service text,
    title text NOT NULL,
    content_hash text NOT NULL,
    indexed boolean DEFAULT true NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.documents ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.documents_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.edges (
    from_id uuid NOT NULL,
    to_id uuid NOT NULL,
    kind text NOT NULL,
    message_id uuid NOT NULL,
    scope_key text NOT NULL,
    origin text NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.entities (
    id uuid NOT NULL,
    scope_key text NOT NULL,
    type text NOT NULL,
    name text NOT NULL,
    label text NOT NULL
);

CREATE TABLE public.event_consumers (
    name text NOT NULL,
    "position" bigint DEFAULT 0 NOT NULL,
    holder uuid,
    lease_until timestamp with time zone DEFAULT now() NOT NULL,
    cut_off boolean DEFAULT false NOT NULL,
    begun jsonb DEFAULT '{}'::jsonb NOT NULL
);

CREATE TABLE public.event_retries (
    consumer text NOT NULL,
    event_id text NOT NULL,
    sequence bigint NOT NULL,
    event jsonb NOT NULL,
    aggregate text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    history jsonb DEFAULT '[]'::jsonb NOT NULL
);

ALTER TABLE public.event_retries ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.event_retries_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.fact_sources (
    message_id uuid NOT NULL,
    content_key text NOT NULL,
    thread_id uuid,
    text_hash text,
    said_at timestamp with time zone NOT NULL,
    owner text,
    sentence text,
    fact uuid,
    CONSTRAINT fact_sources_check CHECK (((thread_id IS NULL) = (text_hash IS NULL)))
);

CREATE TABLE public.facts (
    kind text NOT NULL,
    id uuid NOT NULL,
    sequence bigint NOT NULL,
    scope_key text NOT NULL,
    owner text NOT NULL,
    sentence text NOT NULL,
    subject text NOT NULL,
    attribute text,
    slot text NOT NULL,
    content_key text NOT NULL,
    terms integer[] NOT NULL,
    origin text NOT NULL,
    source_message uuid,
    source_thread uuid,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    superseded_by uuid,
    ended_by_message uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT facts_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT facts_check1 CHECK ((split_part(scope_key, ':'::text, 1) = kind)),
    CONSTRAINT facts_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'team'::text]))),
    CONSTRAINT facts_origin_check CHECK ((origin = ANY (ARRAY['user'::text, 'tool'::text])))
)
PARTITION BY LIST (kind);

CREATE SEQUENCE public.facts_sequence
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.facts_sequence OWNED BY public.facts.sequence;

CREATE TABLE public.follower_cursors (
    follower text NOT NULL,
    thread_id uuid NOT NULL,
    "position" integer NOT NULL,
    revisions bigint NOT NULL,
    holds_items boolean NOT NULL
);

CREATE TABLE public.follower_documents (
    follower text NOT NULL,
    document_id uuid NOT NULL,
    content_hash text NOT NULL
);

CREATE TABLE public.followers (
    name text NOT NULL,
    rules text NOT NULL,
    resets integer DEFAULT 0 NOT NULL
);

CREATE TABLE public.graph_hidden_threads (
    thread_id uuid NOT NULL
);

CREATE TABLE public.graph_items (
    item uuid NOT NULL,
    kind text NOT NULL,
    parent uuid NOT NULL,
    "position" integer NOT NULL,
    role text NOT NULL,
    author text NOT NULL,
    scope_key text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    content_hash bigint NOT NULL,
    same_hash bigint,
    model_hash bigint,
    CONSTRAINT graph_items_kind_check CHECK ((kind = ANY (ARRAY['message'::text, 'chunk'::text])))
);

CREATE TABLE public.idempotency_keys (
    scope text NOT NULL,
    key text NOT NULL,
    body_hash text NOT NULL,
    state text NOT NULL,
    holder uuid NOT NULL,
    status integer,
    answer bytea,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_keys_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text])))
);

CREATE TABLE public.intent_examples (
    id bigint NOT NULL,
    intent text NOT NULL,
    locale text NOT NULL,
    text text NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

ALTER TABLE public.intent_examples ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intent_examples_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.intent_patterns (
    id bigint NOT NULL,
    intent text NOT NULL,
    locale text NOT NULL,
    kind text NOT NULL,
    pattern text NOT NULL,
    slots jsonb DEFAULT '{}'::jsonb NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

ALTER TABLE public.intent_patterns ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intent_patterns_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.intents (
    id text NOT NULL,
    description text NOT NULL,
    kind text NOT NULL,
    target text NOT NULL,
    threshold double precision NOT NULL,
    slots jsonb DEFAULT '[]'::jsonb NOT NULL,
    compose text NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.job_calls (
    job_id uuid NOT NULL,
    key text NOT NULL,
    tool text NOT NULL,
    call jsonb,
    call_sealed bytea,
    begun_at timestamp with time zone DEFAULT now() NOT NULL,
    repeats integer DEFAULT 0 NOT NULL,
    done_at timestamp with time zone,
    result jsonb,
    result_sealed bytea
);

CREATE TABLE public.job_events (
    job_id uuid NOT NULL,
    sequence integer NOT NULL,
    id text NOT NULL,
    kind text NOT NULL,
    task text,
    round integer,
    agent text,
    content jsonb,
    content_sealed bytea,
    at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.job_questions (
    job_id uuid NOT NULL,
    key text NOT NULL,
    about text NOT NULL,
    task text NOT NULL,
    question jsonb,
    question_sealed bytea,
    asked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    decision text,
    decided_by text,
    decided_at timestamp with time zone,
    reason jsonb,
    reason_sealed bytea,
    CONSTRAINT job_questions_about_check CHECK ((about = ANY (ARRAY['task'::text, 'result'::text, 'outcome'::text]))),
    CONSTRAINT job_questions_decision_check CHECK ((decision = ANY (ARRAY['approve'::text, 'reject'::text, 'repeat'::text])))
);

CREATE TABLE public.job_results (
    job_id uuid NOT NULL,
    key text NOT NULL,
    result jsonb,
    result_sealed bytea,
    kept_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.jobs (
    id uuid NOT NULL,
    sequence bigint NOT NULL,
    principal text NOT NULL,
    counted_as text NOT NULL,
    roles text[] NOT NULL,
    idempotency_key text,
    terms text,
    thread_id uuid NOT NULL,
    mode text NOT NULL,
    timezone text,
    crew_id text NOT NULL,
    crew jsonb NOT NULL,
    crew_sealed bytea,
    tasks integer NOT NULL,
    input jsonb,
    input_sealed bytea,
    status text DEFAULT 'queued'::text NOT NULL,
    tasks_begun text[] DEFAULT '{}'::text[] NOT NULL,
    tasks_done text[] DEFAULT '{}'::text[] NOT NULL,
    last_event integer DEFAULT 0 NOT NULL,
    cancel_wished_at timestamp with time zone,
    told integer DEFAULT 1 NOT NULL,
    heard integer DEFAULT 0 NOT NULL,
    outcome text,
    error_code text,
    error_task text,
    ending jsonb,
    ending_sealed bytea,
    tokens bigint DEFAULT 0 NOT NULL,
    cost double precision DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT jobs_check CHECK (((ended_at IS NULL) OR (status = outcome))),
    CONSTRAINT jobs_mode_check CHECK ((mode = ANY (ARRAY['open'::text, 'confidential'::text]))),
    CONSTRAINT jobs_outcome_check CHECK ((outcome = ANY (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text]))),
    CONSTRAINT jobs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'waiting_approval'::text, 'completed'::text, 'failed'::text, 'cancelled'::text, 'outcome_unknown'::text])))
)
WITH (fillfactor='70');

ALTER TABLE public.jobs ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.jobs_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.message_entities (
    message_id uuid NOT NULL,
    entity_id uuid NOT NULL,
    entity text NOT NULL,
    entity_type text NOT NULL,
    scope_key text NOT NULL,
    origin text NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE public.message_revisions ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.message_revisions_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.message_topics (
    message_id uuid NOT NULL,
    entity_id uuid NOT NULL,
    topic text NOT NULL,
    implied boolean NOT NULL,
    scope_key text NOT NULL,
    origin text NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.message_vectors (
    model text NOT NULL,
    dimension integer NOT NULL,
    item uuid NOT NULL,
    part smallint NOT NULL,
    kind text NOT NULL,
    parent uuid NOT NULL,
    scope_key text NOT NULL,
    service text,
    lasting boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT message_vectors_kind_check CHECK ((kind = ANY (ARRAY['message'::text, 'chunk'::text])))
);

CREATE SEQUENCE public.migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.model_aliases (
    alias text NOT NULL,
    candidates jsonb NOT NULL,
    local boolean,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.multi_intent_rules (
    id bigint NOT NULL,
    kind text NOT NULL,
    rule jsonb NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

ALTER TABLE public.multi_intent_rules ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.multi_intent_rules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.open_alerts (
    id text NOT NULL,
    severity text NOT NULL,
    source text NOT NULL,
    level integer DEFAULT 1 NOT NULL,
    raised_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT open_alerts_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])))
);

ALTER TABLE public.outbox ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.people_directory (
    principal text NOT NULL,
    name_mac text NOT NULL,
    name bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.processed_events (
    consumer text NOT NULL,
    event_id text NOT NULL,
    processed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.prompts (
    key text NOT NULL,
    locale text NOT NULL,
    version integer NOT NULL,
    text text NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.query_logs (
    id text NOT NULL,
    sequence bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    thread_id uuid,
    principal text NOT NULL,
    surface text NOT NULL,
    agent text NOT NULL,
    mode text NOT NULL,
    egress text NOT NULL,
    intents jsonb DEFAULT '[]'::jsonb NOT NULL,
    calls jsonb DEFAULT '[]'::jsonb NOT NULL,
    model text,
    tokens_in integer DEFAULT 0 NOT NULL,
    tokens_out integer DEFAULT 0 NOT NULL,
    cost numeric,
    response_ms double precision NOT NULL,
    first_token_ms double precision,
    validation jsonb DEFAULT '{}'::jsonb NOT NULL,
    degraded jsonb DEFAULT '[]'::jsonb NOT NULL,
    trace_id text,
    receipt jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT query_logs_mode_check CHECK ((mode = ANY (ARRAY['open'::text, 'confidential'::text])))
);

ALTER TABLE public.query_logs ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.query_logs_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.rag_services (
    id text NOT NULL,
    url text,
    cache_seconds integer NOT NULL,
    timeout_ms integer NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

CREATE VIEW public.readable_facts AS
 SELECT f.kind,
    f.id,
    f.sequence,
    f.scope_key,
    f.owner,
    f.sentence,
    f.subject,
    f.attribute,
    f.slot,
    f.content_key,
    f.terms,
    f.origin,
    f.source_message,
    f.source_thread,
    f.valid_from,
    f.valid_to,
    f.superseded_by,
    f.ended_by_message,
    f.created_at
   FROM public.facts f
  WHERE ((f.source_thread IS NULL) OR (EXISTS ( SELECT
           FROM (public.fact_sources s
             LEFT JOIN public.threads t ON ((t.id = s.thread_id)))
          WHERE ((s.fact = f.id) AND ((s.thread_id IS NULL) OR (t.mode = 'open'::text))))));

CREATE TABLE public.registry_defaults (
    kind text NOT NULL,
    key text NOT NULL,
    hash text NOT NULL
);

CREATE TABLE public.schedule_runs (
    schedule_id text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    cause text NOT NULL,
    status text NOT NULL,
    attempts integer DEFAULT 1 NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    error text,
    result jsonb,
    holder uuid,
    lease_until timestamp with time zone,
    CONSTRAINT schedule_runs_cause_check CHECK ((cause = ANY (ARRAY['time'::text, 'hand'::text]))),
    CONSTRAINT schedule_runs_status_check CHECK ((status = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text])))
);

CREATE TABLE public.schedules (
    id text NOT NULL,
    cron text NOT NULL,
    timezone text,
    job text NOT NULL,
    input jsonb DEFAULT '{}'::jsonb NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    last_run timestamp with time zone,
    next_run timestamp with time zone,
    planned_by text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.team_facts (
    kind text NOT NULL,
    id uuid NOT NULL,
    sequence bigint DEFAULT nextval('public.facts_sequence'::regclass) NOT NULL,
    scope_key text NOT NULL,
    owner text NOT NULL,
    sentence text NOT NULL,
    subject text NOT NULL,
    attribute text,
    slot text NOT NULL,
    content_key text NOT NULL,
    terms integer[] NOT NULL,
    origin text NOT NULL,
    source_message uuid,
    source_thread uuid,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    superseded_by uuid,
    ended_by_message uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT facts_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT facts_check1 CHECK ((split_part(scope_key, ':'::text, 1) = kind)),
    CONSTRAINT facts_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'team'::text]))),
    CONSTRAINT facts_origin_check CHECK ((origin = ANY (ARRAY['user'::text, 'tool'::text])))
);

CREATE TABLE public.team_members (
    principal text NOT NULL,
    team_id text NOT NULL,
    joined_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.teams (
    id text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL
);

CREATE TABLE public.text_collections (
    id integer NOT NULL,
    scope_key text NOT NULL,
    kind text NOT NULL,
    items bigint DEFAULT 0 NOT NULL,
    terms bigint DEFAULT 0 NOT NULL,
    text_terms bigint DEFAULT 0 NOT NULL,
    CONSTRAINT text_collections_kind_check CHECK ((kind = ANY (ARRAY['message'::text, 'chunk'::text])))
);

ALTER TABLE public.text_collections ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.text_collections_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.text_items (
    seq bigint NOT NULL,
    collection integer NOT NULL,
    item uuid NOT NULL,
    part smallint DEFAULT 0 NOT NULL,
    parent uuid NOT NULL,
    "position" integer NOT NULL,
    packed bytea NOT NULL
);
ALTER TABLE ONLY public.text_items ALTER COLUMN packed SET STORAGE EXTERNAL;

ALTER TABLE public.text_items ALTER COLUMN seq ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.text_items_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.text_postings (
    collection integer NOT NULL,
    term integer NOT NULL,
    seq bigint NOT NULL,
    frequency smallint NOT NULL,
    length smallint NOT NULL
);

CREATE TABLE public.text_vocabulary (
    collection integer NOT NULL,
    hash integer NOT NULL,
    term text NOT NULL,
    items integer NOT NULL
)
WITH (fillfactor='80');

CREATE TABLE public.thread_summaries (
    thread_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    scope_key text NOT NULL,
    summary text NOT NULL,
    first_position integer NOT NULL,
    last_position integer NOT NULL,
    sources uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    written_by text,
    terms integer[] NOT NULL,
    embedding real[],
    embedding_model text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT thread_summaries_check CHECK ((last_position >= first_position)),
    CONSTRAINT thread_summaries_check1 CHECK (((embedding IS NULL) = (embedding_model IS NULL)))
);

ALTER TABLE public.threads ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.threads_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.topic_counts (
    scope_key text NOT NULL,
    entity_id uuid NOT NULL,
    items integer NOT NULL,
    items_with_below integer NOT NULL,
    newest_at timestamp with time zone NOT NULL,
    topic text NOT NULL COLLATE pg_catalog."C"
)
WITH (fillfactor='70');

CREATE TABLE public.user_facts (
    kind text NOT NULL,
    id uuid NOT NULL,
    sequence bigint DEFAULT nextval('public.facts_sequence'::regclass) NOT NULL,
    scope_key text NOT NULL,
    owner text NOT NULL,
    sentence text NOT NULL,
    subject text NOT NULL,
    attribute text,
    slot text NOT NULL,
    content_key text NOT NULL,
    terms integer[] NOT NULL,
    origin text NOT NULL,
    source_message uuid,
    source_thread uuid,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    superseded_by uuid,
    ended_by_message uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT facts_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT facts_check1 CHECK ((split_part(scope_key, ':'::text, 1) = kind)),
    CONSTRAINT facts_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'team'::text]))),
    CONSTRAINT facts_origin_check CHECK ((origin = ANY (ARRAY['user'::text, 'tool'::text])))
);

CREATE TABLE public.validation_rules (
    id text NOT NULL,
    kind text NOT NULL,
    intents jsonb DEFAULT '["*"]'::jsonb NOT NULL,
    severity text NOT NULL,
    parameters jsonb DEFAULT '{}'::jsonb NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.vector_kept_threads (
    thread_id uuid NOT NULL
);

CREATE TABLE public.vector_spaces (
    id integer NOT NULL,
    model text NOT NULL,
    dimension integer NOT NULL,
    store text NOT NULL,
    state text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT vector_spaces_dimension_check CHECK (((dimension >= 1) AND (dimension <= 16000))),
    CONSTRAINT vector_spaces_state_check CHECK ((state = ANY (ARRAY['serving'::text, 'filling'::text]))),
    CONSTRAINT vector_spaces_store_check CHECK ((store = ANY (ARRAY['postgres'::text, 'qdrant'::text])))
);

ALTER TABLE public.vector_spaces ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.vector_spaces_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.facts ATTACH PARTITION public.team_facts FOR VALUES IN ('team');

ALTER TABLE ONLY public.facts ATTACH PARTITION public.user_facts FOR VALUES IN ('user');

ALTER TABLE ONLY public.facts ALTER COLUMN sequence SET DEFAULT nextval('public.facts_sequence'::regclass);

ALTER TABLE ONLY public.archived_messages
    ADD CONSTRAINT archived_messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.archived_messages
    ADD CONSTRAINT archived_messages_thread_id_position_key UNIQUE (thread_id, "position");

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (single);

ALTER TABLE ONLY public.audits
    ADD CONSTRAINT audits_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bus_events
    ADD CONSTRAINT bus_events_id_key UNIQUE (id);

ALTER TABLE ONLY public.bus_events
    ADD CONSTRAINT bus_events_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY public.changed_parents
    ADD CONSTRAINT changed_parents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.client_conversations
    ADD CONSTRAINT client_conversations_pkey PRIMARY KEY (owner, profile, external_id);

ALTER TABLE ONLY public.client_profiles
    ADD CONSTRAINT client_profiles_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.client_tool_turns
    ADD CONSTRAINT client_tool_turns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.crews
    ADD CONSTRAINT crews_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_consumer_event_id_key UNIQUE (consumer, event_id);

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.deep_changes
    ADD CONSTRAINT deep_changes_item_key UNIQUE (item);

ALTER TABLE ONLY public.deep_changes
    ADD CONSTRAINT deep_changes_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY public.deep_log
    ADD CONSTRAINT deep_log_pkey PRIMARY KEY (single);

ALTER TABLE ONLY public.deep_readers
    ADD CONSTRAINT deep_readers_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.digests
    ADD CONSTRAINT digests_message_id_key UNIQUE (message_id);

ALTER TABLE ONLY public.digests
    ADD CONSTRAINT digests_pkey PRIMARY KEY (scope_key, period);

ALTER TABLE ONLY public.document_chunks
    ADD CONSTRAINT document_chunks_document_id_position_key UNIQUE (document_id, "position");

ALTER TABLE ONLY public.document_chunks
    ADD CONSTRAINT document_chunks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.documents
    ADD CONSTRAINT documents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.edges
    ADD CONSTRAINT edges_pkey PRIMARY KEY (message_id, from_id, to_id, kind, origin);

ALTER TABLE ONLY public.entities
    ADD CONSTRAINT entities_pkey PRIMARY KEY (id, scope_key);

ALTER TABLE ONLY public.event_consumers
    ADD CONSTRAINT event_consumers_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.event_retries
    ADD CONSTRAINT event_retries_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.fact_sources
    ADD CONSTRAINT fact_sources_pkey PRIMARY KEY (message_id, content_key);

ALTER TABLE ONLY public.facts
    ADD CONSTRAINT facts_pkey PRIMARY KEY (id, kind);

ALTER TABLE ONLY public.follower_cursors
    ADD CONSTRAINT follower_cursors_pkey PRIMARY KEY (follower, thread_id);

ALTER TABLE ONLY public.follower_documents
    ADD CONSTRAINT follower_documents_pkey PRIMARY KEY (follower, document_id);

ALTER TABLE ONLY public.followers
    ADD CONSTRAINT followers_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.graph_hidden_threads
    ADD CONSTRAINT graph_hidden_threads_pkey PRIMARY KEY (thread_id);

ALTER TABLE ONLY public.graph_items
    ADD CONSTRAINT graph_items_pkey PRIMARY KEY (item);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (scope, key);

ALTER TABLE ONLY public.intent_examples
    ADD CONSTRAINT intent_examples_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.intent_patterns
    ADD CONSTRAINT intent_patterns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.intents
    ADD CONSTRAINT intents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.job_calls
    ADD CONSTRAINT job_calls_pkey PRIMARY KEY (job_id, key);

ALTER TABLE ONLY public.job_events
    ADD CONSTRAINT job_events_job_id_id_key UNIQUE (job_id, id);

ALTER TABLE ONLY public.job_events
    ADD CONSTRAINT job_events_pkey PRIMARY KEY (job_id, sequence);

ALTER TABLE ONLY public.job_questions
    ADD CONSTRAINT job_questions_pkey PRIMARY KEY (job_id, key);

ALTER TABLE ONLY public.job_results
    ADD CONSTRAINT job_results_pkey PRIMARY KEY (job_id, key);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_principal_idempotency_key_key UNIQUE (principal, idempotency_key);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_sequence_key UNIQUE (sequence);

ALTER TABLE ONLY public.message_entities
    ADD CONSTRAINT message_entities_pkey PRIMARY KEY (message_id, entity_id, origin);

ALTER TABLE ONLY public.message_revisions
    ADD CONSTRAINT message_revisions_message_id_revision_key UNIQUE (message_id, revision);

ALTER TABLE ONLY public.message_revisions
    ADD CONSTRAINT message_revisions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.message_topics
    ADD CONSTRAINT message_topics_pkey PRIMARY KEY (message_id, entity_id, origin);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_thread_id_position_key UNIQUE (thread_id, "position");

ALTER TABLE ONLY public.model_aliases
    ADD CONSTRAINT model_aliases_pkey PRIMARY KEY (alias);

ALTER TABLE ONLY public.multi_intent_rules
    ADD CONSTRAINT multi_intent_rules_kind_rule_key UNIQUE (kind, rule);

ALTER TABLE ONLY public.multi_intent_rules
    ADD CONSTRAINT multi_intent_rules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.open_alerts
    ADD CONSTRAINT open_alerts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.people_directory
    ADD CONSTRAINT people_directory_pkey PRIMARY KEY (principal, name_mac);

ALTER TABLE ONLY public.processed_events
    ADD CONSTRAINT processed_events_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.prompts
    ADD CONSTRAINT prompts_pkey PRIMARY KEY (key, locale, version);

ALTER TABLE ONLY public.query_logs
    ADD CONSTRAINT query_logs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rag_services
    ADD CONSTRAINT rag_services_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.registry_defaults
    ADD CONSTRAINT registry_defaults_pkey PRIMARY KEY (kind, key);

ALTER TABLE ONLY public.schedule_runs
    ADD CONSTRAINT schedule_runs_pkey PRIMARY KEY (schedule_id, due_at);

ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.team_facts
    ADD CONSTRAINT team_facts_pkey PRIMARY KEY (id, kind);

ALTER TABLE ONLY public.team_members
    ADD CONSTRAINT team_members_pkey PRIMARY KEY (principal, team_id);

ALTER TABLE ONLY public.teams
    ADD CONSTRAINT teams_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.text_collections
    ADD CONSTRAINT text_collections_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.text_collections
    ADD CONSTRAINT text_collections_scope_key_kind_key UNIQUE (scope_key, kind);

ALTER TABLE ONLY public.text_items
    ADD CONSTRAINT text_items_item_part_key UNIQUE (item, part);

ALTER TABLE ONLY public.text_items
    ADD CONSTRAINT text_items_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.text_postings
    ADD CONSTRAINT text_postings_pkey PRIMARY KEY (collection, term, seq) INCLUDE (frequency, length);

ALTER TABLE ONLY public.text_vocabulary
    ADD CONSTRAINT text_vocabulary_pkey PRIMARY KEY (collection, hash);

ALTER TABLE ONLY public.thread_summaries
    ADD CONSTRAINT thread_summaries_id_key UNIQUE (id);

ALTER TABLE ONLY public.thread_summaries
    ADD CONSTRAINT thread_summaries_pkey PRIMARY KEY (thread_id);

ALTER TABLE ONLY public.threads
    ADD CONSTRAINT threads_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.topic_counts
    ADD CONSTRAINT topic_counts_pkey PRIMARY KEY (scope_key, entity_id);

ALTER TABLE ONLY public.user_facts
    ADD CONSTRAINT user_facts_pkey PRIMARY KEY (id, kind);

ALTER TABLE ONLY public.validation_rules
    ADD CONSTRAINT validation_rules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.vector_kept_threads
    ADD CONSTRAINT vector_kept_threads_pkey PRIMARY KEY (thread_id);

ALTER TABLE ONLY public.vector_spaces
    ADD CONSTRAINT vector_spaces_pkey PRIMARY KEY (id);

CREATE INDEX bus_events_stored ON public.bus_events USING btree (stored_at);

CREATE INDEX changed_parents_transaction ON public.changed_parents USING btree (transaction);

CREATE INDEX channels_scope ON public.channels USING btree (scope_key, id);

CREATE INDEX client_tool_turns_expiry ON public.client_tool_turns USING btree (expires_at);

CREATE INDEX client_tool_turns_principal ON public.client_tool_turns USING btree (principal, sequence DESC);

CREATE INDEX dead_letters_waiting ON public.dead_letters USING btree (id) WHERE (status = 'waiting'::text);

CREATE INDEX deep_changes_parent ON public.deep_changes USING btree (parent);

CREATE INDEX digest_sources_digest ON public.digest_sources USING btree (digest);

CREATE INDEX digest_sources_message ON public.digest_sources USING btree (source_message) WHERE (source_message IS NOT NULL);

CREATE INDEX digest_sources_thread ON public.digest_sources USING btree (source_thread);

CREATE INDEX documents_sequence ON public.documents USING btree (sequence);

CREATE UNIQUE INDEX documents_source ON public.documents USING btree (scope_key, COALESCE(service, ''::text), source);

CREATE INDEX edges_from ON public.edges USING btree (from_id, scope_key, to_id, kind, origin, created_at DESC);

CREATE INDEX edges_from_newest ON public.edges USING btree (from_id, scope_key, created_at DESC);

CREATE INDEX edges_to ON public.edges USING btree (to_id, scope_key, from_id, kind, origin, created_at DESC);

CREATE INDEX edges_to_newest ON public.edges USING btree (to_id, scope_key, created_at DESC);

CREATE INDEX entities_name ON public.entities USING btree (name, scope_key);

CREATE INDEX event_retries_in_order ON public.event_retries USING btree (consumer, aggregate, sequence);

CREATE INDEX fact_sources_fact ON public.fact_sources USING btree (fact) WHERE (fact IS NOT NULL);

CREATE INDEX fact_sources_thread ON public.fact_sources USING btree (thread_id);

CREATE INDEX facts_ended ON ONLY public.facts USING btree (ended_by_message) WHERE (ended_by_message IS NOT NULL);

CREATE INDEX facts_owner ON ONLY public.facts USING btree (scope_key, owner, sequence DESC);

CREATE INDEX facts_scope ON ONLY public.facts USING btree (scope_key, sequence DESC);

CREATE INDEX facts_slot ON ONLY public.facts USING btree (scope_key, slot);

CREATE INDEX facts_superseded ON ONLY public.facts USING btree (superseded_by) WHERE (superseded_by IS NOT NULL);

CREATE INDEX facts_words ON ONLY public.facts USING gin (public.fact_keys(scope_key, terms)) WITH (fastupdate=off);

CREATE INDEX graph_items_parent ON public.graph_items USING btree (parent);

CREATE INDEX graph_items_same ON public.graph_items USING btree (scope_key, same_hash, created_at, item) WHERE (same_hash IS NOT NULL);

CREATE INDEX idempotency_keys_started ON public.idempotency_keys USING btree (started_at);

CREATE UNIQUE INDEX intent_examples_once ON public.intent_examples USING btree (intent, locale, md5(text));

CREATE UNIQUE INDEX intent_patterns_once ON public.intent_patterns USING btree (intent, locale, kind, md5(pattern));

CREATE INDEX jobs_due ON public.jobs USING btree (sequence) WHERE ((ended_at IS NULL) AND ((status = ANY (ARRAY['queued'::text, 'running'::text])) OR (told > heard) OR (cancel_wished_at IS NOT NULL)));

CREATE INDEX jobs_ended ON public.jobs USING btree (ended_at) WHERE (ended_at IS NOT NULL);

CREATE INDEX jobs_open ON public.jobs USING btree (counted_as) WHERE (ended_at IS NULL);

CREATE INDEX jobs_principal ON public.jobs USING btree (principal, sequence DESC);

CREATE INDEX jobs_thread ON public.jobs USING btree (thread_id);

CREATE INDEX jobs_unfinished ON public.jobs USING btree (sequence) WHERE (ended_at IS NULL);

CREATE INDEX message_entities_label ON public.message_entities USING btree (entity_id, scope_key, entity COLLATE "C");

CREATE INDEX message_entities_newest ON public.message_entities USING btree (entity_id, scope_key, created_at DESC);

CREATE INDEX message_revisions_thread ON public.message_revisions USING btree (thread_id, sequence);

CREATE INDEX message_topics_direct ON public.message_topics USING btree (scope_key, entity_id, created_at DESC NULLS LAST) WHERE (NOT implied);

CREATE INDEX message_topics_label ON public.message_topics USING btree (entity_id, scope_key, topic COLLATE "C");

CREATE INDEX message_topics_newest ON public.message_topics USING btree (scope_key, entity_id, created_at DESC);

CREATE INDEX messages_created ON public.messages USING brin (created_at);

CREATE INDEX messages_newest ON public.messages USING btree (scope_key, created_at DESC) WHERE (content IS NOT NULL);

CREATE INDEX outbox_claimed ON public.outbox USING btree (aggregate_type, aggregate_id) WHERE ((status = 'pending'::text) AND (claimed_until IS NOT NULL));

CREATE INDEX outbox_pending ON public.outbox USING btree (sequence) WHERE (status = 'pending'::text);

CREATE INDEX outbox_published ON public.outbox USING btree (published_at) WHERE (status = 'published'::text);

CREATE INDEX processed_events_at ON public.processed_events USING btree (processed_at);

CREATE INDEX query_logs_thread ON public.query_logs USING btree (thread_id, sequence DESC);

CREATE INDEX query_logs_without_thread ON public.query_logs USING btree (principal, sequence DESC) WHERE (thread_id IS NULL);

CREATE UNIQUE INDEX schedule_runs_running ON public.schedule_runs USING btree (schedule_id) WHERE (status = 'running'::text);

CREATE INDEX team_facts_ended_by_message_idx ON public.team_facts USING btree (ended_by_message) WHERE (ended_by_message IS NOT NULL);

CREATE INDEX team_facts_fact_keys_idx ON public.team_facts USING gin (public.fact_keys(scope_key, terms)) WITH (fastupdate=off);

CREATE INDEX team_facts_scope_key_owner_sequence_idx ON public.team_facts USING btree (scope_key, owner, sequence DESC);

CREATE INDEX team_facts_scope_key_sequence_idx ON public.team_facts USING btree (scope_key, sequence DESC);

CREATE INDEX team_facts_scope_key_slot_idx ON public.team_facts USING btree (scope_key, slot);

CREATE INDEX team_facts_superseded_by_idx ON public.team_facts USING btree (superseded_by) WHERE (superseded_by IS NOT NULL);

CREATE INDEX text_items_place ON public.text_items USING btree (parent, "position");

CREATE INDEX text_vocabulary_similar ON public.text_vocabulary USING gin (term public.gin_trgm_ops) WITH (fastupdate=off) WHERE ((length(term) >= 4) AND (term !~ '[0-9:]'::text));

CREATE INDEX thread_summaries_terms ON public.thread_summaries USING gin (terms) WITH (fastupdate=off);

CREATE INDEX threads_owner ON public.threads USING btree (owner, sequence DESC);

CREATE INDEX threads_project ON public.threads USING btree (scope_key, ((meta ->> 'project'::text))) WHERE (meta ? 'project'::text);

CREATE INDEX threads_scope ON public.threads USING btree (scope_key, sequence DESC);

CREATE INDEX user_facts_ended_by_message_idx ON public.user_facts USING btree (ended_by_message) WHERE (ended_by_message IS NOT NULL);

CREATE INDEX user_facts_fact_keys_idx ON public.user_facts USING gin (public.fact_keys(scope_key, terms)) WITH (fastupdate=off);

CREATE INDEX user_facts_scope_key_owner_sequence_idx ON public.user_facts USING btree (scope_key, owner, sequence DESC);

CREATE INDEX user_facts_scope_key_sequence_idx ON public.user_facts USING btree (scope_key, sequence DESC);

CREATE INDEX user_facts_scope_key_slot_idx ON public.user_facts USING btree (scope_key, slot);

CREATE INDEX user_facts_superseded_by_idx ON public.user_facts USING btree (superseded_by) WHERE (superseded_by IS NOT NULL);

CREATE UNIQUE INDEX vector_spaces_state ON public.vector_spaces USING btree (state);

ALTER INDEX public.facts_ended ATTACH PARTITION public.team_facts_ended_by_message_idx;

ALTER INDEX public.facts_words ATTACH PARTITION public.team_facts_fact_keys_idx;

ALTER INDEX public.facts_pkey ATTACH PARTITION public.team_facts_pkey;

ALTER INDEX public.facts_owner ATTACH PARTITION public.team_facts_scope_key_owner_sequence_idx;

ALTER INDEX public.facts_scope ATTACH PARTITION public.team_facts_scope_key_sequence_idx;

ALTER INDEX public.facts_slot ATTACH PARTITION public.team_facts_scope_key_slot_idx;

ALTER INDEX public.facts_superseded ATTACH PARTITION public.team_facts_superseded_by_idx;

ALTER INDEX public.facts_ended ATTACH PARTITION public.user_facts_ended_by_message_idx;

ALTER INDEX public.facts_words ATTACH PARTITION public.user_facts_fact_keys_idx;

ALTER INDEX public.facts_pkey ATTACH PARTITION public.user_facts_pkey;

ALTER INDEX public.facts_owner ATTACH PARTITION public.user_facts_scope_key_owner_sequence_idx;

ALTER INDEX public.facts_scope ATTACH PARTITION public.user_facts_scope_key_sequence_idx;

ALTER INDEX public.facts_slot ATTACH PARTITION public.user_facts_scope_key_slot_idx;

ALTER INDEX public.facts_superseded ATTACH PARTITION public.user_facts_superseded_by_idx;

CREATE TRIGGER archived_messages_append_only BEFORE DELETE OR UPDATE ON public.archived_messages FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER archived_messages_not_truncated BEFORE TRUNCATE ON public.archived_messages FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER audit_head_not_truncated BEFORE TRUNCATE ON public.audit_head FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER audit_head_stays BEFORE DELETE ON public.audit_head FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER audits_append_only BEFORE DELETE OR UPDATE ON public.audits FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER audits_not_truncated BEFORE TRUNCATE ON public.audits FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER client_profiles_touch BEFORE UPDATE ON public.client_profiles FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER crews_touch BEFORE UPDATE ON public.crews FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER documents_note_change AFTER INSERT OR DELETE OR UPDATE ON public.documents FOR EACH ROW EXECUTE FUNCTION public.note_changed_parent();

CREATE TRIGGER intent_examples_touch BEFORE UPDATE ON public.intent_examples FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER intent_patterns_touch BEFORE UPDATE ON public.intent_patterns FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER intents_touch BEFORE UPDATE ON public.intents FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER message_revisions_append_only BEFORE DELETE OR UPDATE ON public.message_revisions FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER message_revisions_forget_summary AFTER INSERT ON public.message_revisions FOR EACH ROW EXECUTE FUNCTION public.forget_summary();

CREATE TRIGGER message_revisions_not_truncated BEFORE TRUNCATE ON public.message_revisions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER message_revisions_withdraw_digests AFTER INSERT ON public.message_revisions FOR EACH ROW EXECUTE FUNCTION public.message_revisions_withdraw_digests();

CREATE TRIGGER message_topics_count_gone AFTER DELETE ON public.message_topics REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_topics();

CREATE TRIGGER message_topics_count_new AFTER INSERT ON public.message_topics REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_topics();

CREATE TRIGGER message_topics_count_none AFTER TRUNCATE ON public.message_topics FOR EACH STATEMENT EXECUTE FUNCTION public.empty_topic_counts();

CREATE TRIGGER messages_append_only BEFORE DELETE OR UPDATE ON public.messages FOR EACH ROW EXECUTE FUNCTION public.refuse_message_change();

CREATE TRIGGER messages_not_truncated BEFORE TRUNCATE ON public.messages FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER model_aliases_touch BEFORE UPDATE ON public.model_aliases FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER multi_intent_rules_touch BEFORE UPDATE ON public.multi_intent_rules FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER prompts_touch BEFORE UPDATE ON public.prompts FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER rag_services_touch BEFORE UPDATE ON public.rag_services FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER threads_erase_jobs AFTER UPDATE OF shredded_at ON public.threads FOR EACH ROW WHEN (((old.shredded_at IS NULL) AND (new.shredded_at IS NOT NULL))) EXECUTE FUNCTION public.threads_erase_jobs();

CREATE TRIGGER threads_forget_summary AFTER UPDATE OF mode ON public.threads FOR EACH ROW WHEN (((old.mode = 'open'::text) AND (new.mode = 'confidential'::text))) EXECUTE FUNCTION public.forget_summary();

CREATE TRIGGER threads_hide_from_graph AFTER UPDATE OF mode ON public.threads FOR EACH ROW WHEN (((old.mode = 'open'::text) AND (new.mode = 'confidential'::text))) EXECUTE FUNCTION public.hide_from_graph();

CREATE TRIGGER threads_mode_is_sticky BEFORE UPDATE ON public.threads FOR EACH ROW WHEN (((old.mode = 'confidential'::text) AND (new.mode <> 'confidential'::text))) EXECUTE FUNCTION public.refuse_opening();

CREATE TRIGGER threads_note_change AFTER UPDATE OF mode ON public.threads FOR EACH ROW WHEN ((old.mode <> new.mode)) EXECUTE FUNCTION public.note_changed_parent();

CREATE TRIGGER threads_withdraw_digests AFTER UPDATE OF mode ON public.threads FOR EACH ROW WHEN (((old.mode = 'open'::text) AND (new.mode = 'confidential'::text))) EXECUTE FUNCTION public.threads_withdraw_digests();

CREATE TRIGGER validation_rules_touch BEFORE UPDATE ON public.validation_rules FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

ALTER TABLE ONLY public.archived_messages
    ADD CONSTRAINT archived_messages_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_team_id_fkey FOREIGN KEY (team_id) REFERENCES public.teams(id);

ALTER TABLE ONLY public.client_tool_turns
    ADD CONSTRAINT client_tool_turns_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.digest_sources
    ADD CONSTRAINT digest_sources_digest_fkey FOREIGN KEY (digest) REFERENCES public.digests(message_id);

ALTER TABLE ONLY public.digests
    ADD CONSTRAINT digests_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.document_chunks
    ADD CONSTRAINT document_chunks_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.documents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.job_calls
    ADD CONSTRAINT job_calls_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.job_events
    ADD CONSTRAINT job_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.job_questions
    ADD CONSTRAINT job_questions_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.job_results
    ADD CONSTRAINT job_results_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.message_revisions
    ADD CONSTRAINT message_revisions_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.query_logs
    ADD CONSTRAINT query_logs_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.schedule_runs
    ADD CONSTRAINT schedule_runs_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES public.schedules(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.team_members
    ADD CONSTRAINT team_members_team_id_fkey FOREIGN KEY (team_id) REFERENCES public.teams(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.text_items
    ADD CONSTRAINT text_items_collection_fkey FOREIGN KEY (collection) REFERENCES public.text_collections(id);

ALTER TABLE ONLY public.thread_summaries
    ADD CONSTRAINT thread_summaries_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.threads
    ADD CONSTRAINT threads_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES public.channels(id);

ALTER TABLE ONLY public.threads
    ADD CONSTRAINT threads_team_id_fkey FOREIGN KEY (team_id) REFERENCES public.teams(id);
