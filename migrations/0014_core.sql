-- What the deep core follows, how far it has come, and what it sends back.

-- One row for each message and chunk that DEEP may hold, and for each that left, in the order in which they last changed.
-- Written by one follower at a time, under its lock, so that positions become visible in order: a reader that has come to a
-- position has missed nothing before it. Content is not here; it is read as it is when the row is pulled.
create table deep_changes (
  position bigint generated always as identity primary key,
  -- A message, a chunk; `gone`: the thread or document that left as a whole.
  item uuid not null unique,
  kind text not null check (kind in ('message', 'chunk', 'gone')),
  -- The thread or document.
  parent uuid not null,
  scope_key text not null,
  changed_at timestamptz not null default now()
);

create index deep_changes_parent on deep_changes (parent);

-- The life of the log: a cursor of another one means nothing here.
create table deep_log (
  single boolean primary key default true check (single),
  epoch uuid not null
);

-- How far each core has come, as its last pull told.
create table deep_readers (
  name text primary key,
  epoch uuid not null,
  position bigint not null,
  asked_at timestamptz not null default now()
);

-- What was said in a thread, in short. Never of a confidential thread.
create table thread_summaries (
  thread_id uuid primary key references threads (id),
  id uuid not null unique default gen_random_uuid(),
  scope_key text not null,
  summary text not null,
  -- The positions that it covers.
  first_position integer not null,
  last_position integer not null check (last_position >= first_position),
  -- Messages that it was made of.
  sources uuid[] not null default '{}',
  -- The model that wrote it; null: sentences of the messages themselves.
  written_by text,
  -- Its words as hashes, for recall.
  terms integer[] not null,
  -- A core's, and the model that made it.
  embedding real[],
  embedding_model text,
  created_at timestamptz not null default now(),
  check ((embedding is null) = (embedding_model is null))
);

create index thread_summaries_terms on thread_summaries using gin (terms) with (fastupdate = off);

-- A summary tells what its messages said: it leaves with them, at once.
create function forget_summary() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'threads' then
    delete from thread_summaries where thread_id = new.id;
  else
    delete from thread_summaries where thread_id = new.thread_id;
  end if;
  return null;
end
$$;

create trigger threads_forget_summary after update of mode on threads
  for each row when (old.mode = 'open' and new.mode = 'confidential') execute function forget_summary();
create trigger message_revisions_forget_summary after insert on message_revisions
  for each row execute function forget_summary();
