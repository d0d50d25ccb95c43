-- Channels, teams and scopes; edits and deletions; the archive; erasure; imports; documents.

alter table channels drop constraint channels_kind_check;
alter table channels add constraint channels_kind_check check (kind in ('direct', 'group', 'webhook', 'email', 'voice'));

create table teams (
  id text primary key,
  title text not null default '',
  created_at timestamptz not null default now(),
  meta jsonb not null default '{}'
);

create table team_members (
  principal text not null,
  team_id text not null references teams (id) on delete cascade,
  joined_at timestamptz not null default now(),
  primary key (principal, team_id)
);

alter table channels add foreign key (team_id) references teams (id);
alter table channels add check (scope <> 'team' or team_id is not null);
alter table channels add column scope_key text not null generated always as (
  case scope when 'public' then 'public' when 'team' then 'team:' || team_id else 'user:' || owner end) stored;
create index channels_scope on channels (scope_key, id);

alter table threads add foreign key (team_id) references teams (id);
-- Set when the thread's key was destroyed: nothing can be added any more.
alter table threads add column shredded_at timestamptz;
alter table threads add check (shredded_at is null or (mode = 'confidential' and wrapped_key is null));
create index threads_scope on threads (scope_key, sequence desc);

-- These are called by nearly every statement. In PL/pgSQL, because its plans are kept for a session: as SQL functions, which are
-- planned anew for each statement, they took ten times as long.

-- The scopes that a principal sees: its own, its teams' and the public one.
create function scope_keys(p_principal text) returns text[] language plpgsql stable as $$
begin
  return array['user:' || p_principal, 'public']
    || array(select 'team:' || team_id from team_members where principal = p_principal);
end
$$;

-- Whoever sees a thread may write to it, but to a public one only its owner, or everybody where it belongs to a group.
create function may_write(p_thread threads, p_principal text) returns boolean language plpgsql stable as $$
begin
  if p_thread.scope_key <> 'public' then
    return p_thread.scope_key = any (scope_keys(p_principal));
  end if;
  return p_thread.owner = p_principal
    or exists (select from channels where id = p_thread.channel_id and kind = 'group');
end
$$;

-- The scope key of what a principal makes; null: not a team of theirs, or it is not clear which. Who is in no team and names
-- none keeps it to themselves.
create function scope_key_of(p_principal text, p_scope text, p_team text) returns text language plpgsql stable as $$
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

-- The principal that wrote the message (`author` is what it is called); null: the thread's owner, before this was kept.
alter table messages add column written_by text;

create table archived_messages (like messages including defaults including constraints including generated);
alter table archived_messages add primary key (id);
alter table archived_messages add unique (thread_id, position);
alter table archived_messages add foreign key (thread_id) references threads (id);
create index archived_messages_search on archived_messages using gin (search) with (fastupdate = off);
-- Finds what is old without weighing on inserts.
create index messages_created on messages using brin (created_at);

create trigger archived_messages_append_only before update or delete on archived_messages
  for each row execute function refuse_change();
create trigger archived_messages_not_truncated before truncate on archived_messages
  for each statement execute function refuse_change();

-- A message leaves its table only when the archive holds the same.
create function refuse_message_change() returns trigger language plpgsql as $$
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

drop trigger messages_append_only on messages;
create trigger messages_append_only before update or delete on messages
  for each row execute function refuse_message_change();

-- Moves up to so many old messages into the archive, from a place of the table on; answers how many, and where the next batch
-- begins: from the start each would walk over all that were moved before it.
create function timeline_archive(p_before timestamptz, p_limit integer, p_from tid)
returns table (moved integer, reached tid) language plpgsql
set enable_seqscan = off set enable_bitmapscan = off
as $$
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

-- Every message as it was written, wherever it lies. No other table may reference `messages`: rows move.
create view all_messages as
  select id, thread_id, position, role, author, owner, scope_key, written_by, content, ciphertext, created_at, meta
  from messages
  union all
  select id, thread_id, position, role, author, owner, scope_key, written_by, content, ciphertext, created_at, meta
  from archived_messages;

-- What became of messages afterwards; the newest revision of a message counts.
create table message_revisions (
  id uuid primary key,
  -- Those of a thread become visible in this order: its row is locked when they are written.
  sequence bigint generated always as identity,
  message_id uuid not null,
  -- From 1 for each message.
  revision integer not null check (revision > 0),
  thread_id uuid not null references threads (id),
  scope_key text not null,
  kind text not null check (kind in ('edit', 'tombstone')),
  content text,
  -- Content and meta, encrypted together, in a confidential thread.
  ciphertext bytea,
  actor text not null,
  created_at timestamptz not null default now(),
  search tsvector generated always as (to_tsvector('simple'::regconfig, left(content, 100000))) stored,
  unique (message_id, revision),
  check (case kind when 'edit' then (content is null) <> (ciphertext is null)
    else content is null and ciphertext is null end)
);

create index message_revisions_search on message_revisions using gin (search) with (fastupdate = off);
create index message_revisions_thread on message_revisions (thread_id, sequence);

create trigger message_revisions_append_only before update or delete on message_revisions
  for each row execute function refuse_change();
create trigger message_revisions_not_truncated before truncate on message_revisions
  for each statement execute function refuse_change();

-- Messages as they are now. A deleted one keeps its position, empty. `sealed_as` names the place that the ciphertext opens in.
create view current_messages as
  select m.id, m.thread_id, m.position, m.role, m.author, m.owner, m.scope_key, m.written_by, m.created_at,
    case when r.kind is null then m.content when r.kind = 'edit' then r.content else '' end as content,
    case when r.kind is null then m.ciphertext else r.ciphertext end as ciphertext,
    case when r.kind = 'tombstone' then '{}' else m.meta end as meta,
    case when r.kind = 'edit' then r.id else m.id end as sealed_as,
    r.kind as revision_kind, r.revision, r.created_at as revised_at
  from all_messages m left join lateral (
    select id, kind, revision, content, ciphertext, created_at from message_revisions
    where message_id = m.id order by revision desc limit 1
  ) r on true;

-- The texts that full text may find, as they are now. An index serves each branch. The scalar subqueries keep planners
-- without statistics from joining.
create view searchable_messages as
  select id, thread_id, role, scope_key, created_at, search from messages m
  where (select r.id from message_revisions r where r.message_id = m.id limit 1) is null
  union all
  select id, thread_id, role, scope_key, created_at, search from archived_messages m
  where (select r.id from message_revisions r where r.message_id = m.id limit 1) is null
  union all
  select r.message_id, r.thread_id, m.role, r.scope_key, m.created_at, r.search
  from message_revisions r cross join lateral (
    select role, created_at from messages where id = r.message_id
    union all
    select role, created_at from archived_messages where id = r.message_id
  ) m
  where r.kind = 'edit' and (
    select newer.id from message_revisions newer
    where newer.message_id = r.message_id and newer.revision > r.revision limit 1) is null;

drop function timeline_append(uuid, text, text, text, text, text, integer, jsonb, timestamptz);
drop function timeline_advance(uuid, text, bytea, text, jsonb);

-- Messages come as [{id, role, author, content | ciphertext (base64), meta, created_at?}]. One event tells of all of them: a row
-- each made batches a third slower.
create function timeline_append(p_thread threads, p_writer text, p_subject text, p_messages jsonb, p_now timestamptz)
returns void language plpgsql as $$
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

-- `stable`, like what it calls, so that it is not a query of its own.
create function timeline_answer(p_thread threads, p_now timestamptz) returns jsonb language sql stable as $$
  select jsonb_build_object('state', 'ok', 'now', p_now, 'created_at', p_thread.created_at, 'owner', p_thread.owner,
    'channel_id', p_thread.channel_id, 'last_position', p_thread.last_position, 'mode', p_thread.mode,
    'scope', p_thread.scope, 'team_id', p_thread.team_id, 'meta', p_thread.meta,
    'meta_ciphertext', encode(p_thread.meta_ciphertext, 'base64'))
$$;

-- Why a principal may not write to a thread: one that it does not see is `not_found`, like one that is not there.
create function timeline_refusal(p_thread threads, p_principal text) returns jsonb language sql stable as $$
  select jsonb_build_object('state', case
    when p_thread.id is null or not (p_thread.scope_key = any (scope_keys(p_principal))) then 'not_found'
    when p_thread.shredded_at is not null then 'erased'
    when not may_write(p_thread, p_principal) then 'denied'
  end)
$$;

-- Moves an existing thread on by as many positions as there are messages. The sender names the wrapped key it encrypted
-- with; where that is not the thread's (or the thread turned confidential meanwhile), nothing is written and the answer is
-- `rekey` with the key to use. A key for a thread that has none turns it confidential. With `p_since` nothing is written
-- unless that is the last position.
create function timeline_advance(
  p_thread uuid, p_principal text, p_writer text, p_key bytea, p_subject text, p_messages jsonb,
  p_since integer default null
) returns jsonb language plpgsql as $$
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

-- Makes a thread with its first messages: in the principal's own direct channel with the scope it asks for, or in a channel
-- that it sees, with that channel's scope. With `reserved` a thread of that id that is there already is no failure.
create function timeline_create(request jsonb) returns jsonb language plpgsql as $$
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
$$;

-- Settles the thread of a query and appends its messages.
create or replace function timeline_open(request jsonb) returns jsonb language plpgsql as $$
begin
  if (request ->> 'fresh')::boolean then
    return timeline_create(request);
  end if;
  return timeline_advance((request ->> 'thread_id')::uuid, request ->> 'principal', request ->> 'principal',
    decode(request ->> 'wrapped_key', 'base64'), request ->> 'subject', request -> 'messages');
end
$$;

-- Appends the answer, written by the engine, and the query's log row.
create or replace function timeline_close(request jsonb) returns jsonb language plpgsql as $$
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

-- Appends messages that follow `since_position`. Where others lie there already, nothing is written and the answer is
-- `overlap` with those that meet the given ones: the sender compares (it alone can decrypt) and sends the rest.
create function timeline_flush(request jsonb) returns jsonb language plpgsql as $$
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

-- Appends those messages whose ids are not there yet: an import that goes on where it was killed.
create function timeline_import(request jsonb) returns jsonb language plpgsql as $$
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

-- Events of revisions: `p_subject` is for `message.edited` or `message.deleted`.
create function timeline_tell_revisions(p_thread threads, p_subject text, p_revisions uuid[]) returns void language sql as $$
  insert into outbox (aggregate_type, aggregate_id, event_type, payload)
  select 'thread', p_thread.id::text, p_subject, jsonb_build_object('message_id', m.id, 'thread_id', p_thread.id,
    'channel_id', p_thread.channel_id, 'position', m.position, 'role', m.role, 'scope_key', p_thread.scope_key,
    'mode', p_thread.mode, 'revision', r.revision)
  from message_revisions r join all_messages m on m.id = r.message_id
  where r.id = any (p_revisions) order by m.position
$$;

-- Edits or deletes a message of the principal's own. A second deletion changes nothing.
create function timeline_revise(request jsonb) returns jsonb language plpgsql as $$
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

-- Erases a confidential thread: its key is destroyed, so that no copy of its ciphertexts can be read; every message becomes a
-- tombstone, also those said in clear before it turned confidential (`clear` says how many), and what hangs on it goes.
create function timeline_shred(p_thread uuid, p_actor text, p_subject text) returns jsonb language plpgsql as $$
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

create table documents (
  id uuid primary key,
  sequence bigint generated always as identity,
  -- Where it came from: a path inside the imported folder, or an address.
  source text not null,
  scope_key text not null,
  owner text not null,
  -- The service whose knowledge it is; null: everybody's who sees it.
  service text,
  title text not null,
  -- Hash of the content: what did not change is not imported again.
  content_hash text not null,
  indexed boolean not null default true,
  meta jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index documents_sequence on documents (sequence);
create unique index documents_source on documents (scope_key, coalesce(service, ''), source);

create table document_chunks (
  id uuid primary key default gen_random_uuid(),
  document_id uuid not null references documents (id) on delete cascade,
  position integer not null check (position > 0),
  -- The document's, so that what may be seen is decided without a join.
  scope_key text not null,
  -- Headings above the chunk, outermost first.
  heading_path text[] not null default '{}',
  page integer,
  content text not null,
  unique (document_id, position)
);

-- Stores a document with its chunks [{heading_path, content, page?}]; one of the same source is replaced when it changed.
create function document_store(request jsonb) returns jsonb language plpgsql as $$
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
