-- Long jobs: crews at work. Written by workflows/jobs.
--
-- What a job holds of people's words lies in pairs of columns: in clear, or, when its conversation is confidential, sealed with
-- that conversation's key, so that it goes when the conversation is erased.

create table jobs (
  id uuid primary key,
  -- Order of lists.
  sequence bigint generated always as identity unique,
  principal text not null,
  -- Under which id its quota is counted.
  counted_as text not null,
  roles text[] not null,
  -- The same key of the same principal is the same job.
  idempotency_key text,
  -- Of what was asked for beside crew and input, a hash: a key that comes again must ask for the same.
  terms text,
  -- The conversation that the result goes into.
  thread_id uuid not null references threads (id),
  mode text not null check (mode in ('open', 'confidential')),
  -- In which the periods of the input are meant; null: the installation's.
  timezone text,
  crew_id text not null,
  -- The crew as it was when the job was made; beside a sealed one, and when the conversation was erased, its outline.
  crew jsonb not null,
  crew_sealed bytea,
  tasks integer not null,
  input jsonb,
  input_sealed bytea,
  status text not null default 'queued' check (status in (
    'queued', 'running', 'waiting_approval', 'completed', 'failed', 'cancelled', 'outcome_unknown')),
  -- Ids of tasks.
  tasks_begun text[] not null default '{}',
  tasks_done text[] not null default '{}',
  last_event integer not null default 0,
  cancel_wished_at timestamptz,
  -- Grows with what its engine should know: that there is it, a decision, a wish to cancel.
  told integer not null default 1,
  -- How much of that an engine has heard.
  heard integer not null default 0,
  -- How it ends: stands before the result is in the conversation; the job has ended when it is.
  outcome text check (outcome in ('completed', 'failed', 'cancelled')),
  -- Of a failure.
  error_code text,
  error_task text,
  -- {result} or {message}
  ending jsonb,
  ending_sealed bytea,
  tokens bigint not null default 0,
  cost double precision not null default 0,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  unique (principal, idempotency_key),
  check (ended_at is null or status = outcome)
) with (fillfactor = 70); -- its row changes with every event

create index jobs_principal on jobs (principal, sequence desc);
create index jobs_open on jobs (counted_as) where ended_at is null;
create index jobs_thread on jobs (thread_id);
create index jobs_unfinished on jobs (sequence) where ended_at is null;
-- What engines look for again and again: jobs that only wait for people are not in it.
create index jobs_due on jobs (sequence) where ended_at is null
  and (status in ('queued', 'running') or told > heard or cancel_wished_at is not null);
create index jobs_ended on jobs (ended_at) where ended_at is not null;

create table job_events (
  job_id uuid not null references jobs (id) on delete cascade,
  -- Grows within a job, with gaps.
  sequence integer not null,
  -- The same in every replay of the crew's program.
  id text not null,
  kind text not null,
  task text,
  round integer,
  agent text,
  content jsonb,
  content_sealed bytea,
  at timestamptz not null default now(),
  primary key (job_id, sequence),
  unique (job_id, id)
);

-- What people are asked, and what they said.
create table job_questions (
  job_id uuid not null references jobs (id) on delete cascade,
  key text not null,
  about text not null check (about in ('task', 'result', 'outcome')),
  task text not null,
  question jsonb,
  question_sealed bytea,
  asked_at timestamptz not null default clock_timestamp(),
  decision text check (decision in ('approve', 'reject', 'repeat')),
  decided_by text,
  decided_at timestamptz,
  reason jsonb,
  reason_sealed bytea,
  primary key (job_id, key)
);

-- What tasks gave.
create table job_results (
  job_id uuid not null references jobs (id) on delete cascade,
  key text not null,
  result jsonb,
  result_sealed bytea,
  kept_at timestamptz not null default now(),
  primary key (job_id, key)
);

-- Calls with effects, noted before they happen: one that was begun and is not done may have happened or not.
create table job_calls (
  job_id uuid not null references jobs (id) on delete cascade,
  key text not null,
  tool text not null,
  -- {summary, args?}: of the arguments a hash.
  call jsonb,
  call_sealed bytea,
  begun_at timestamptz not null default now(),
  -- How often it was begun again, each time because somebody said that it had not happened.
  repeats integer not null default 0,
  done_at timestamptz,
  -- {result}
  result jsonb,
  result_sealed bytea,
  primary key (job_id, key)
);

-- A crew without a word of what its agents are told: which tasks there are, and what decides when they are done. Of an outline itself.
create function job_crew_outline(crew jsonb) returns jsonb language sql immutable as $$
  select crew || jsonb_build_object(
    'description', '',
    'input', '{}'::jsonb,
    'agents', (
      select jsonb_agg(jsonb_build_object('id', agent -> 'id', 'role', '', 'goal', '', 'tools', '[]'::jsonb) order by place)
      from jsonb_array_elements(crew -> 'agents') with ordinality as agents (agent, place)),
    'tasks', (
      select jsonb_agg(task || '{"description": "", "expectedOutput": "", "guardrails": []}'::jsonb order by place)
      from jsonb_array_elements(crew -> 'tasks') with ordinality as tasks (task, place)))
$$;

-- What jobs hold goes with their conversation, also what was kept in clear before it turned confidential: no key protects that.
create function threads_erase_jobs() returns trigger language plpgsql as $$
declare
  v_jobs uuid[];
begin
  -- Waits for what is being written; what comes later is sealed with a key that is not there any more.
  v_jobs := array(select id from jobs where thread_id = new.id order by id for update);
  update jobs set crew = job_crew_outline(crew), crew_sealed = null, input = null, input_sealed = null,
    ending = null, ending_sealed = null
  where id = any (v_jobs);
  -- Nobody can read any more what those that run would say.
  update jobs set told = told + 1, cancel_wished_at = coalesce(cancel_wished_at, now())
  where id = any (v_jobs) and ended_at is null;
  update job_events set content = null, content_sealed = null where job_id = any (v_jobs);
  update job_questions set question = null, question_sealed = null, reason = null, reason_sealed = null
  where job_id = any (v_jobs);
  update job_results set result = null, result_sealed = null where job_id = any (v_jobs);
  update job_calls set call = null, call_sealed = null, result = null, result_sealed = null where job_id = any (v_jobs);
  return null;
end
$$;
create trigger threads_erase_jobs after update of shredded_at on threads
  for each row when (old.shredded_at is null and new.shredded_at is not null) execute function threads_erase_jobs();

insert into schedules (id, cron, job) values ('job-retention', '10 * * * *', 'sweep-jobs');
