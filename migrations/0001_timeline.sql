-- Threads and messages: the source of truth, append-only. Runs on PostgreSQL 15 and later.

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end
$$;

create table channels (
  id text primary key,
  kind text not null check (kind in ('direct')),
  title text not null default '',
  scope text not null default 'personal' check (scope in ('personal', 'team', 'public')),
  owner text not null,
  team_id text,
  agents jsonb not null default '[]',
  indexed boolean not null default true,
  behavior jsonb not null default '{}',
  meta jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create table threads (
  id uuid primary key,
  -- Order of creation: several threads can share a millisecond.
  sequence bigint generated always as identity,
  created_at timestamptz not null default now(),
  channel_id text not null references channels (id),
  scope text not null check (scope in ('personal', 'team', 'public')),
  owner text not null,
  team_id text,
  scope_key text not null,
  mode text not null check (mode in ('open', 'confidential')),
  -- The thread's own key, wrapped by the master key; every confidential message is encrypted with it.
  wrapped_key bytea,
  last_position integer not null default 0 check (last_position >= 0),
  meta jsonb not null default '{}',
  -- The meta of a thread that began confidential.
  meta_ciphertext bytea,
  check (mode = 'confidential' or wrapped_key is null)
) with (fillfactor = 80); -- room for last_position to change in place

create index threads_owner on threads (owner, sequence desc);

create function refuse_opening() returns trigger language plpgsql as $$
begin
  raise exception 'a confidential thread stays confidential' using errcode = 'restrict_violation';
end
$$;

create trigger threads_mode_is_sticky before update on threads
  for each row when (old.mode = 'confidential' and new.mode <> 'confidential')
  execute function refuse_opening();

create table messages (
  id uuid primary key,
  thread_id uuid not null references threads (id),
  position integer not null check (position > 0),
  role text not null check (role in ('user', 'assistant', 'system', 'agent', 'tool')),
  author text not null,
  -- The thread's, so that what may be seen is decided without a join.
  owner text not null,
  scope_key text not null,
  content text,
  -- Content and meta of a message of a confidential thread, encrypted together.
  ciphertext bytea,
  created_at timestamptz not null default now(),
  meta jsonb not null default '{}',
  -- The first 100,000 characters: a longer text of distinct words would not fit a tsvector.
  search tsvector generated always as (to_tsvector('simple'::regconfig, left(content, 100000))) stored,
  unique (thread_id, position),
  check ((content is null) <> (ciphertext is null)),
  check (ciphertext is null or meta = '{}')
);

-- Without fastupdate: merging its pending list stalled single inserts for up to 200 ms, and without autovacuum every search read it.
create index messages_search on messages using gin (search) with (fastupdate = off);

create trigger messages_append_only before update or delete on messages
  for each row execute function refuse_change();
create trigger messages_not_truncated before truncate on messages
  for each statement execute function refuse_change();
