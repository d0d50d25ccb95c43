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
  ('topic-graph', '0 4 * * *', 'rebuild-graph'),
  ('weekly-digest', '0 6 * * 1', 'write-digest');
