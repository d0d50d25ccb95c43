-- One row a query, without content; `receipt` says what kind of data went where.
create table query_logs (
  id text primary key,
  sequence bigint generated always as identity,
  created_at timestamptz not null default now(),
  thread_id uuid not null references threads (id),
  principal text not null,
  surface text not null,
  agent text not null,
  mode text not null check (mode in ('open', 'confidential')),
  egress text not null,
  intents jsonb not null default '[]',
  calls jsonb not null default '[]',
  model text,
  tokens_in integer not null default 0,
  tokens_out integer not null default 0,
  cost numeric,
  response_ms double precision not null,
  first_token_ms double precision,
  validation jsonb not null default '{}',
  degraded jsonb not null default '[]',
  trace_id text,
  receipt jsonb not null default '[]'
);

create index query_logs_thread on query_logs (thread_id, sequence desc);

-- Answers to requests with an Idempotency-Key; the answer is encrypted because it may hold confidential content.
create table idempotency_keys (
  scope text not null,
  key text not null,
  body_hash text not null,
  state text not null check (state in ('running', 'done')),
  -- The process that works on it: a late finish of another one is ignored.
  holder uuid not null,
  status integer,
  answer bytea,
  started_at timestamptz not null default now(),
  primary key (scope, key)
);

create index idempotency_keys_started on idempotency_keys (started_at);

-- Turns that wait for the results of a client's own tools; the state is encrypted.
create table client_tool_turns (
  id uuid primary key,
  sequence bigint generated always as identity,
  principal text not null,
  thread_id uuid not null references threads (id),
  call_ids text[] not null default '{}',
  fingerprint text not null default '',
  state bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

create index client_tool_turns_principal on client_tool_turns (principal, sequence desc);
create index client_tool_turns_expiry on client_tool_turns (expires_at);
