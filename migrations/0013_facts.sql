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
  primary key (id, kind),
  check (split_part(scope_key, ':', 1) = kind)
) partition by list (kind);
alter sequence facts_sequence owned by facts.sequence;

create table user_facts partition of facts for values in ('user');
create table team_facts partition of facts for values in ('team');

create index facts_scope on facts (scope_key, sequence desc);
create index facts_slot on facts (scope_key, slot);
create index facts_owner on facts (scope_key, owner, sequence desc);
create index facts_superseded on facts (superseded_by) where superseded_by is not null;

create index facts_ended on facts (ended_by_message) where ended_by_message is not null;

-- What each message said or ended, and what was stated through the API. The row of a message stays, without its fact and words,
-- when that is erased: reading the message again does not bring it back.
create table fact_sources (
  -- Of a statement an id of its own.
  message_id uuid not null,
  content_key text not null,
  -- Null: stated through the API.
  thread_id uuid,
  -- Of the message's text: when it is edited, what it said before goes.
  text_hash text,
  said_at timestamptz not null,
  -- Who said it and in what words: the fact's, when those of whoever said it first leave.
  owner text,
  sentence text,
  fact uuid,
  primary key (message_id, content_key),
  check ((thread_id is null) = (text_hash is null))
);
create index fact_sources_fact on fact_sources (fact) where fact is not null;
create index fact_sources_thread on fact_sources (thread_id);

-- Facts that may be read: none that is known from threads alone that have turned confidential.
create view readable_facts as
  select f.* from facts f
  where f.source_thread is null or exists (
    select from fact_sources s left join threads t on t.id = s.thread_id
    where s.fact = f.id and (s.thread_id is null or t.mode = 'open'));

-- A fact's terms, each together with its scope: a search reads no more than what bears its words and may be seen.
create function fact_keys(p_scope_key text, p_terms integer[]) returns bigint[] language sql immutable as $$
  select array(select hashtextextended(p_scope_key, term::bigint) from unnest(p_terms) as term)
$$;
-- Without the list of what is not sorted in yet, which every search would read.
create index facts_words on facts using gin (fact_keys(scope_key, terms)) with (fastupdate = off);

-- The newest facts that hold one of the terms, of those that a principal sees and that held at a time (null: now), and how many
-- facts there are in those scopes, ended ones too, counted up to a bound. Planned for the index: the planner does not know
-- how few a scope's facts are.
create function facts_matching(p_principal text, p_scope text, p_at timestamptz, p_terms integer[], p_subject text, p_most integer)
returns table (id uuid, terms integer[], facts integer) language plpgsql stable
set jit = off set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_scopes text[] := scope_keys(p_principal, p_scope);
  v_keys bigint[];
  v_facts integer;
begin
  select array_agg(key) into v_keys from unnest(v_scopes) as scope, unnest(fact_keys(scope, p_terms)) as key;
  select count(*) into v_facts from (
    select from unnest(v_scopes) as scope cross join lateral (
      select from facts f where f.scope_key = scope order by f.sequence desc limit 5000) counted
  ) bounded;
  return query
  with found as materialized (
    select f.kind, f.id, f.sequence, f.terms from facts f
    where fact_keys(f.scope_key, f.terms) && v_keys
      and f.scope_key = any (v_scopes) and (p_subject is null or f.subject = p_subject)
      and case when p_at is null then f.valid_to is null
        else f.valid_from <= p_at and (f.valid_to is null or f.valid_to > p_at) end
    order by f.sequence desc limit p_most
  )
  select f.id, f.terms, v_facts from found f
  -- Looked up only of those that are given.
  where (select true from readable_facts r where r.id = f.id and r.kind = f.kind)
  order by f.sequence desc;
end
$$;
