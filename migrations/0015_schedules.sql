-- What recurs: schedules and their runs. Written by the process that leads (workflows/schedules).

create table schedules (
  id text primary key,
  -- Five fields, read in `timezone`; null: the zone of the settings.
  cron text not null,
  timezone text,
  -- A name of server/scheduled-jobs.ts.
  job text not null,
  input jsonb not null default '{}',
  enabled boolean not null default true,
  -- The newest time that has its run.
  last_run timestamptz,
  -- Null: to be planned, from the moment of planning on.
  next_run timestamptz,
  -- The cron and zone that `next_run` was planned by: when they change it is planned anew.
  planned_by text,
  created_at timestamptz not null default now()
);

-- One row for each time, whoever finds it due first: the time is the run's idempotency key.
create table schedule_runs (
  schedule_id text not null references schedules (id) on delete cascade,
  due_at timestamptz not null,
  cause text not null check (cause in ('time', 'hand')),
  status text not null check (status in ('running', 'done', 'failed')),
  -- Times that it was begun; more than one when a process died under it.
  attempts integer not null default 1,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  error text,
  -- What the job says of itself, in numbers.
  result jsonb,
  -- Who runs it; another may begin it again when the lease is over.
  holder uuid,
  lease_until timestamptz,
  primary key (schedule_id, due_at)
);

-- A schedule's runs never overlap.
create unique index schedule_runs_running on schedule_runs (schedule_id) where status = 'running';

-- What is wrong now and was told by an event `ops.alert.*`; the row goes when that it is over was told as well.
create table open_alerts (
  id text primary key,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  source text not null,
  -- Rises when it gets worse, which is told again.
  level integer not null default 1,
  raised_at timestamptz not null default now()
);

insert into schedules (id, cron, job) values
  ('core-sync', '*/5 * * * *', 'sync-core'),
  ('nightly-index', '0 3 * * *', 'index-again'),
  ('thread-summaries', '20 3 * * *', 'summarise-threads'),
  ('hot-window', '40 3 * * *', 'move-hot-window'),
  ('topic-graph', '0 4 * * 0', 'rebuild-graph'),
  ('weekly-digest', '0 6 * * 1', 'write-digest');

-- Weekly digests: a message in a thread of its own for each scope, and a document. Each quotes, so it goes with what it quotes.
create table digests (
  scope_key text not null,
  -- The first day, local: 2026-11-16.
  period text not null,
  message_id uuid not null unique,
  thread_id uuid not null references threads (id),
  document_id uuid not null,
  -- What tells that its message is gone.
  deleted_subject text not null,
  withdrawn_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (scope_key, period)
);

create table digest_sources (
  digest uuid not null references digests (message_id),
  source_thread uuid not null,
  -- Null: the thread as a whole, of which it tells what it is about.
  source_message uuid
);
create index digest_sources_digest on digest_sources (digest);
create index digest_sources_thread on digest_sources (source_thread);
create index digest_sources_message on digest_sources (source_message) where source_message is not null;

-- Stores a digest once for its scope and period, with message, document and events, unless what it quotes was changed since it was
-- read: `revisions` is how many edits and deletions the quoted messages had. The sources' locks keep them as they are until then.
create function digest_store(request jsonb) returns jsonb language plpgsql as $$
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
$$;

-- Takes digests back: the message becomes a tombstone, the document goes.
create function withdraw_digests(p_digests uuid[]) returns void language plpgsql as $$
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

create function threads_withdraw_digests() returns trigger language plpgsql as $$
begin
  perform withdraw_digests(array(select digest from digest_sources where source_thread = new.id));
  return null;
end
$$;
create trigger threads_withdraw_digests after update of mode on threads
  for each row when (old.mode = 'open' and new.mode = 'confidential') execute function threads_withdraw_digests();

create function message_revisions_withdraw_digests() returns trigger language plpgsql as $$
begin
  perform withdraw_digests(array(select digest from digest_sources where source_message = new.message_id));
  return null;
end
$$;
create trigger message_revisions_withdraw_digests after insert on message_revisions
  for each row execute function message_revisions_withdraw_digests();

-- An event that kills its process every time: after such a death what was under way is begun under watch.
alter table event_consumers
  -- The holder before did not give the lease back.
  add column cut_off boolean not null default false,
  -- {event id: times that it was begun under watch and not ended}
  add column begun jsonb not null default '{}';
