-- The way of events from the outbox to their consumers.

-- A relay that publishes a row holds it until then; a row that was refused waits as long.
alter table outbox add column claimed_until timestamptz;
-- Not an index over what inserts write: a query's turn pays nothing for it.
create index outbox_claimed on outbox (aggregate_type, aggregate_id) where status = 'pending' and claimed_until is not null;
create index outbox_published on outbox (published_at) where status = 'published';

-- Hands a relay the oldest pending rows, in order, whose aggregates have nothing older that is pending elsewhere.
create function outbox_claim(p_limit integer, p_lease_ms integer) returns setof outbox language sql as $$
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

-- The embedded bus.
create table bus_events (
  position bigint generated always as identity primary key,
  id uuid not null unique,
  subject text not null,
  payload jsonb not null,
  aggregate_type text not null,
  aggregate_id text not null,
  created_at timestamptz not null,
  stored_at timestamptz not null default now()
);

create index bus_events_stored on bus_events (stored_at);

-- Positions become visible in their order, because writers wait for each other: a consumer that has read up to a position
-- has missed nothing before it.
create function bus_publish(events jsonb) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(4710271967);
  insert into bus_events (id, subject, payload, aggregate_type, aggregate_id, created_at)
  select (e ->> 'id')::uuid, e ->> 'subject', e -> 'payload', e -> 'aggregate' ->> 'type', e -> 'aggregate' ->> 'id',
    (e ->> 'createdAt')::timestamptz
  from jsonb_array_elements(events) with ordinality as given (e, n) order by n
  on conflict (id) do nothing;
end
$$;

-- One process at a time serves a consumer, which keeps each aggregate's order.
create table event_consumers (
  name text primary key,
  -- Everything up to here is handled, or waits in event_retries. NATS keeps its own.
  position bigint not null default 0,
  holder uuid,
  lease_until timestamptz not null default now()
);

-- Events that failed and wait for another attempt, with those of the same aggregate that came after them.
create table event_retries (
  consumer text not null,
  event_id text not null,
  sequence bigint generated always as identity,
  event jsonb not null,
  aggregate text not null,
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  history jsonb not null default '[]',
  primary key (consumer, event_id)
);

create index event_retries_in_order on event_retries (consumer, aggregate, sequence);

-- What a consumer has had its effect for, written in the transaction of the effect.
create table processed_events (
  consumer text not null,
  event_id text not null,
  processed_at timestamptz not null default now(),
  primary key (consumer, event_id)
);

create index processed_events_at on processed_events (processed_at);

create table dead_letters (
  id bigint generated always as identity primary key,
  consumer text not null,
  event_id text not null,
  subject text not null,
  event jsonb not null,
  error text not null,
  -- [{attempt, at, error}], oldest first.
  history jsonb not null default '[]',
  status text not null default 'waiting' check (status in ('waiting', 'retried', 'dropped')),
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  unique (consumer, event_id)
);

create index dead_letters_waiting on dead_letters (id) where status = 'waiting';
