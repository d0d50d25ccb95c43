-- Clients: which profile reads identity and conversation from where, and the threads of conversations that clients number themselves.

create table client_profiles (
  id text primary key,
  identity jsonb not null,
  conversation jsonb not null,
  task_header text,
  tasks jsonb not null default '[]',
  voice boolean not null default false,
  enabled boolean not null default true,
  changed_by text not null default registry_actor(),
  changed_at timestamptz not null default now(),
  revision integer not null default 1
);

create trigger client_profiles_touch before update on client_profiles for each row execute function registry_touch();

-- The external id is kept as a keyed hash: clients may put a person's name into it.
create table client_conversations (
  owner text not null,
  profile text not null,
  external_id text not null,
  thread_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (owner, profile, external_id)
);
