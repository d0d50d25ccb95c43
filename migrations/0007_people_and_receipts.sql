-- Names of people whom a principal knows: found in confidential texts and replaced by placeholders. They must be compared in
-- all their inflected forms, which a hash does not allow, so each is encrypted under the master key; its keyed hash keeps a
-- name from being stored twice.
create table people_directory (
  principal text not null,
  name_mac text not null,
  name bytea not null,
  created_at timestamptz not null default now(),
  primary key (principal, name_mac)
);

-- Calls that go to a provider's model without the graph have no thread, but a receipt all the same.
alter table query_logs alter column thread_id drop not null;
create index query_logs_without_thread on query_logs (principal, sequence desc) where thread_id is null;
