-- Events wait here until they are published; each is written in the transaction of what it tells.
create table outbox (
  id uuid primary key default gen_random_uuid(),
  -- Order of events of one aggregate.
  sequence bigint generated always as identity,
  aggregate_type text not null,
  aggregate_id text not null,
  event_type text not null,
  payload jsonb not null,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  status text not null default 'pending' check (status in ('pending', 'published', 'failed')),
  attempts integer not null default 0
);

create index outbox_pending on outbox (sequence) where status = 'pending';

-- Who did what: a hash chain, append-only.
create table audits (
  id bigint primary key,
  actor text not null,
  action text not null,
  resource text not null,
  outcome text not null,
  payload jsonb not null default '{}',
  created_at timestamptz not null,
  prev_hash text not null,
  hash text not null
);

create trigger audits_append_only before update or delete on audits
  for each row execute function refuse_change();
create trigger audits_not_truncated before truncate on audits
  for each statement execute function refuse_change();

-- The newest row of the chain: shows a tail that was cut off, and its row lock puts writers in a line.
create table audit_head (
  single boolean primary key default true check (single),
  last_id bigint not null,
  hash text not null
);

insert into audit_head (last_id, hash) values (0, repeat('0', 64));

create trigger audit_head_stays before delete on audit_head
  for each row execute function refuse_change();
create trigger audit_head_not_truncated before truncate on audit_head
  for each statement execute function refuse_change();

-- Appends one row and its event. `request.body` is the canonical text of the row, which its hash covers together with
-- the hash before it and its number.
create function audit_append(request jsonb) returns jsonb language plpgsql as $$
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
