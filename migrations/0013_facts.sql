-- Facts: what people said of lasting value, sentence by sentence, with the message it comes from and the time it held.
-- Two tables of one shape, written and read through `facts`. A fact never leaves a confidential thread, and goes with its last source.

create sequence facts_sequence;

create table facts (
  kind text not null check (kind in ('user', 'team')),
  id uuid not null,
  sequence bigint not null default nextval('facts_sequence'),
  scope_key text not null,
  -- The principal that said it: who "I" is in the sentence.
  owner text not null,
  sentence text not null,
  -- `self`, a name such as `sister`, or the stems of what it is about; empty: the sentence alone.
  subject text not null,
  attribute text,
  -- Hash of the subject and what is said of it: a newer fact of the same slot ends the older one.
  slot text not null,
  -- Hash of the normalised content: what is current already is not added again.
  content_key text not null,
  -- Hashes of the stems, for the search.
  terms integer[] not null,
  origin text not null check (origin in ('user', 'tool')),
  -- Where it was said first; null: stated through the API.
  source_message uuid,
  source_thread uuid,
  valid_from timestamptz not null,
  valid_to timestamptz check (valid_to >= valid_from),
  -- The fact that took its place, and the message that ended it.
  superseded_by uuid,
  ended_by_message uuid,
  created_at timestamptz not null default now(),
  primary key (kind, id),
  check (split_part(scope_key, ':', 1) = kind)
) partition by list (kind);
alter sequence facts_sequence owned by facts.sequence;

create table user_facts partition of facts for values in ('user');
create table team_facts partition of facts for values in ('team');

create index facts_scope on facts (scope_key, sequence desc);
create index facts_slot on facts (scope_key, slot);
create index facts_key on facts (scope_key, content_key);
create index facts_superseded on facts (superseded_by) where superseded_by is not null;

create index facts_ended on facts (ended_by_message) where ended_by_message is not null;

-- What each message said or ended. The row stays, without its fact, when that is deleted: reading the message again does not
-- bring it back.
create table fact_sources (
  message_id uuid not null,
  content_key text not null,
  thread_id uuid not null,
  -- Of the message's text: when it is edited, what it said before goes.
  text_hash text not null,
  said_at timestamptz not null,
  fact uuid,
  primary key (message_id, content_key)
);
create index fact_sources_fact on fact_sources (fact) where fact is not null;
create index fact_sources_thread on fact_sources (thread_id);

-- Facts that may be read: none that is known from threads alone that have turned confidential.
create view readable_facts as
  select f.* from facts f
  where f.source_thread is null or exists (
    select from fact_sources s join threads t on t.id = s.thread_id where s.fact = f.id and t.mode = 'open');
