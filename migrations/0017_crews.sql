-- Crews: teams of agents with their tasks, as rows of the registry. What a crew means is read by workflows/crews.

create table crews (
  id text primary key,
  description text not null,
  -- JSON Schema of the input.
  input jsonb not null default '{"type": "object"}',
  process text not null default 'sequential',
  agents jsonb not null,
  manager text,
  tasks jsonb not null,
  -- The task whose result is the job's; null: the last one.
  result text,
  limits jsonb not null default '{}',
  enabled boolean not null default true,
  changed_by text not null default registry_actor(),
  changed_at timestamptz not null default now(),
  revision integer not null default 1
);

create trigger crews_touch before update on crews for each row execute function registry_touch();
