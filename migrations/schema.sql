CREATE FUNCTION public.audit_append(request jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.bus_publish(events jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  perform pg_advisory_xact_lock(4710271967);
  insert into bus_events (id, subject, payload, aggregate_type, aggregate_id, created_at)
  select (e ->> 'id')::uuid, e ->> 'subject', e -> 'payload', e -> 'aggregate' ->> 'type', e -> 'aggregate' ->> 'id',
    (e ->> 'createdAt')::timestamptz
  from jsonb_array_elements(events) with ordinality as given (e, n) order by n
  on conflict (id) do nothing;
end
$$;

CREATE TABLE public.outbox (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    sequence bigint NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id text NOT NULL,
    event_type text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    published_at timestamp with time zone,
    status text DEFAULT 'pending'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    claimed_until timestamp with time zone,
    CONSTRAINT outbox_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'published'::text, 'failed'::text])))
);

CREATE FUNCTION public.outbox_claim(p_limit integer, p_lease_ms integer) RETURNS SETOF public.outbox
    LANGUAGE sql
    AS $$
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

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end
$$;

CREATE FUNCTION public.refuse_opening() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception 'a confidential thread stays confidential' using errcode = 'restrict_violation';
end
$$;

CREATE FUNCTION public.registry_actor() RETURNS text
    LANGUAGE sql STABLE
    AS $$
  select coalesce(nullif(current_setting('athena.actor', true), ''), 'operator')
$$;

CREATE FUNCTION public.registry_touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  new.changed_by := registry_actor();
  new.changed_at := now();
  new.revision := old.revision + 1;
  return new;
end
$$;

CREATE FUNCTION public.timeline_advance(p_thread uuid, p_owner text, p_key bytea, p_subject text, p_messages jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
  v_thread threads;
  v_count integer := jsonb_array_length(p_messages);
  v_now timestamptz;
begin
  update threads set
    last_position = last_position + v_count,
    mode = case when p_key is null then mode else 'confidential' end,
    wrapped_key = coalesce(wrapped_key, p_key)
  -- Not "owner =": without statistics the planner would read all of the owner's threads instead of one.
  where id = p_thread and owner is not distinct from p_owner
    and case when p_key is null then mode = 'open' else coalesce(wrapped_key = p_key, true) end
  returning * into v_thread;
  if not found then
    select * into v_thread from threads where id = p_thread;
    if not found or v_thread.owner <> p_owner then
      return '{"state": "not_found"}';
    end if;
    return jsonb_build_object('state', 'rekey', 'wrapped_key', encode(v_thread.wrapped_key, 'base64'));
  end if;
  v_now := clock_timestamp();
  perform timeline_append(p_thread, p_owner, v_thread.scope_key, v_thread.mode, v_thread.channel_id, p_subject,
    v_thread.last_position - v_count + 1, p_messages, v_now);
  return jsonb_build_object('state', 'ok', 'now', v_now, 'created_at', v_thread.created_at,
    'last_position', v_thread.last_position, 'mode', v_thread.mode, 'scope', v_thread.scope, 'meta', v_thread.meta,
    'meta_ciphertext', encode(v_thread.meta_ciphertext, 'base64'));
end
$$;

CREATE FUNCTION public.timeline_append(p_thread uuid, p_owner text, p_scope_key text, p_mode text, p_channel text, p_subject text, p_first integer, p_messages jsonb, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  with added as (
    insert into messages (id, thread_id, position, role, author, owner, scope_key, content, ciphertext, created_at, meta)
    select (m ->> 'id')::uuid, p_thread, p_first + n::integer - 1, m ->> 'role', m ->> 'author', p_owner, p_scope_key,
      m ->> 'content', decode(m ->> 'ciphertext', 'base64'), p_now, coalesce(m -> 'meta', '{}')
    from jsonb_array_elements(p_messages) with ordinality as given (m, n)
    returning id, position, role
  )
  insert into outbox (aggregate_type, aggregate_id, event_type, payload, created_at)
  select 'thread', p_thread::text, p_subject, jsonb_build_object('message_id', id, 'thread_id', p_thread,
    'channel_id', p_channel, 'position', position, 'role', role, 'scope_key', p_scope_key, 'mode', p_mode), p_now
  from added order by position;
end
$$;

CREATE FUNCTION public.timeline_close(request jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
  v_result jsonb;
  v_log jsonb := request -> 'log';
begin
  v_result := timeline_advance((request ->> 'thread_id')::uuid, request ->> 'owner',
    decode(request ->> 'wrapped_key', 'base64'), request ->> 'subject', request -> 'messages');
  if v_result ->> 'state' = 'ok' then
    insert into query_logs (id, thread_id, principal, surface, agent, mode, egress, intents, calls, model, tokens_in, tokens_out,
      cost, response_ms, first_token_ms, validation, degraded, trace_id, receipt)
    values (v_log ->> 'id', (v_log ->> 'threadId')::uuid, v_log ->> 'principal', v_log ->> 'surface', v_log ->> 'agent',
      v_log ->> 'mode', v_log ->> 'egress', v_log -> 'intents', v_log -> 'calls', v_log ->> 'model',
      (v_log ->> 'tokensIn')::integer, (v_log ->> 'tokensOut')::integer, (v_log ->> 'cost')::numeric,
      (v_log ->> 'responseMs')::double precision, (v_log ->> 'firstTokenMs')::double precision,
      v_log -> 'validation', v_log -> 'degraded', v_log ->> 'traceId', v_log -> 'receipt');
  end if;
  return v_result;
end
$$;

CREATE FUNCTION public.timeline_open(request jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
declare
  v_thread uuid := (request ->> 'thread_id')::uuid;
  v_owner text := request ->> 'owner';
  v_channel text := request ->> 'channel_id';
  v_key bytea := decode(request ->> 'wrapped_key', 'base64');
  v_mode text := case when v_key is null then 'open' else 'confidential' end;
  v_messages jsonb := request -> 'messages';
  v_now timestamptz;
begin
  if not (request ->> 'fresh')::boolean then
    return timeline_advance(v_thread, v_owner, v_key, request ->> 'subject', v_messages);
  end if;
  v_now := clock_timestamp();
  insert into channels (id, kind, owner) values (v_channel, 'direct', v_owner) on conflict (id) do nothing;
  insert into threads (id, created_at, channel_id, scope, owner, scope_key, mode, wrapped_key, last_position, meta, meta_ciphertext)
  values (v_thread, v_now, v_channel, request ->> 'scope', v_owner, request ->> 'scope_key', v_mode, v_key,
    jsonb_array_length(v_messages), request -> 'meta', decode(request ->> 'meta_ciphertext', 'base64'));
  perform timeline_append(v_thread, v_owner, request ->> 'scope_key', v_mode, v_channel, request ->> 'subject', 1, v_messages,
    v_now);
  return jsonb_build_object('state', 'ok', 'now', v_now, 'created_at', v_now,
    'last_position', jsonb_array_length(v_messages));
end
$$;

CREATE TABLE public.audit_head (
    single boolean DEFAULT true NOT NULL,
    last_id bigint NOT NULL,
    hash text NOT NULL,
    CONSTRAINT audit_head_single_check CHECK (single)
);

CREATE TABLE public.audits (
    id bigint NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    resource text NOT NULL,
    outcome text NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL
);

CREATE TABLE public.bus_events (
    "position" bigint NOT NULL,
    id uuid NOT NULL,
    subject text NOT NULL,
    payload jsonb NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.bus_events ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bus_events_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.channels (
    id text NOT NULL,
    kind text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    scope text DEFAULT 'personal'::text NOT NULL,
    owner text NOT NULL,
    team_id text,
    agents jsonb DEFAULT '[]'::jsonb NOT NULL,
    indexed boolean DEFAULT true NOT NULL,
    behavior jsonb DEFAULT '{}'::jsonb NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT channels_kind_check CHECK ((kind = 'direct'::text)),
    CONSTRAINT channels_scope_check CHECK ((scope = ANY (ARRAY['personal'::text, 'team'::text, 'public'::text])))
);

CREATE TABLE public.client_conversations (
    owner text NOT NULL,
    profile text NOT NULL,
    external_id text NOT NULL,
    thread_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.client_profiles (
    id text NOT NULL,
    identity jsonb NOT NULL,
    conversation jsonb NOT NULL,
    task_header text,
    tasks jsonb DEFAULT '[]'::jsonb NOT NULL,
    voice boolean DEFAULT false NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.client_tool_turns (
    id uuid NOT NULL,
    sequence bigint NOT NULL,
    principal text NOT NULL,
    thread_id uuid NOT NULL,
    call_ids text[] DEFAULT '{}'::text[] NOT NULL,
    fingerprint text DEFAULT ''::text NOT NULL,
    state bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE public.client_tool_turns ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.client_tool_turns_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.dead_letters (
    id bigint NOT NULL,
    consumer text NOT NULL,
    event_id text NOT NULL,
    subject text NOT NULL,
    event jsonb NOT NULL,
    error text NOT NULL,
    history jsonb DEFAULT '[]'::jsonb NOT NULL,
    status text DEFAULT 'waiting'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT dead_letters_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'retried'::text, 'dropped'::text])))
);

ALTER TABLE public.dead_letters ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.dead_letters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.event_consumers (
    name text NOT NULL,
    "position" bigint DEFAULT 0 NOT NULL,
    holder uuid,
    lease_until timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.event_retries (
    consumer text NOT NULL,
    event_id text NOT NULL,
    sequence bigint NOT NULL,
    event jsonb NOT NULL,
    aggregate text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    history jsonb DEFAULT '[]'::jsonb NOT NULL
);

ALTER TABLE public.event_retries ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.event_retries_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.idempotency_keys (
    scope text NOT NULL,
    key text NOT NULL,
    body_hash text NOT NULL,
    state text NOT NULL,
    holder uuid NOT NULL,
    status integer,
    answer bytea,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_keys_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text])))
);

CREATE TABLE public.intent_examples (
    id bigint NOT NULL,
    intent text NOT NULL,
    locale text NOT NULL,
    text text NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

ALTER TABLE public.intent_examples ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intent_examples_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.intent_patterns (
    id bigint NOT NULL,
    intent text NOT NULL,
    locale text NOT NULL,
    kind text NOT NULL,
    pattern text NOT NULL,
    slots jsonb DEFAULT '{}'::jsonb NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

ALTER TABLE public.intent_patterns ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intent_patterns_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.intents (
    id text NOT NULL,
    description text NOT NULL,
    kind text NOT NULL,
    target text NOT NULL,
    threshold double precision NOT NULL,
    slots jsonb DEFAULT '[]'::jsonb NOT NULL,
    compose text NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.messages (
    id uuid NOT NULL,
    thread_id uuid NOT NULL,
    "position" integer NOT NULL,
    role text NOT NULL,
    author text NOT NULL,
    owner text NOT NULL,
    scope_key text NOT NULL,
    content text,
    ciphertext bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    search tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, "left"(content, 100000))) STORED,
    CONSTRAINT messages_check CHECK (((content IS NULL) <> (ciphertext IS NULL))),
    CONSTRAINT messages_check1 CHECK (((ciphertext IS NULL) OR (meta = '{}'::jsonb))),
    CONSTRAINT messages_position_check CHECK (("position" > 0)),
    CONSTRAINT messages_role_check CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text, 'system'::text, 'agent'::text, 'tool'::text])))
);

CREATE SEQUENCE public.migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.model_aliases (
    alias text NOT NULL,
    candidates jsonb NOT NULL,
    local boolean,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.multi_intent_rules (
    id bigint NOT NULL,
    kind text NOT NULL,
    rule jsonb NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

ALTER TABLE public.multi_intent_rules ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.multi_intent_rules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.outbox ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.people_directory (
    principal text NOT NULL,
    name_mac text NOT NULL,
    name bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.processed_events (
    consumer text NOT NULL,
    event_id text NOT NULL,
    processed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.prompts (
    key text NOT NULL,
    locale text NOT NULL,
    version integer NOT NULL,
    text text NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.query_logs (
    id text NOT NULL,
    sequence bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    thread_id uuid,
    principal text NOT NULL,
    surface text NOT NULL,
    agent text NOT NULL,
    mode text NOT NULL,
    egress text NOT NULL,
    intents jsonb DEFAULT '[]'::jsonb NOT NULL,
    calls jsonb DEFAULT '[]'::jsonb NOT NULL,
    model text,
    tokens_in integer DEFAULT 0 NOT NULL,
    tokens_out integer DEFAULT 0 NOT NULL,
    cost numeric,
    response_ms double precision NOT NULL,
    first_token_ms double precision,
    validation jsonb DEFAULT '{}'::jsonb NOT NULL,
    degraded jsonb DEFAULT '[]'::jsonb NOT NULL,
    trace_id text,
    receipt jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT query_logs_mode_check CHECK ((mode = ANY (ARRAY['open'::text, 'confidential'::text])))
);

ALTER TABLE public.query_logs ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.query_logs_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.rag_services (
    id text NOT NULL,
    url text,
    cache_seconds integer NOT NULL,
    timeout_ms integer NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.registry_defaults (
    kind text NOT NULL,
    key text NOT NULL,
    hash text NOT NULL
);

CREATE TABLE public.threads (
    id uuid NOT NULL,
    sequence bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    channel_id text NOT NULL,
    scope text NOT NULL,
    owner text NOT NULL,
    team_id text,
    scope_key text NOT NULL,
    mode text NOT NULL,
    wrapped_key bytea,
    last_position integer DEFAULT 0 NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    meta_ciphertext bytea,
    CONSTRAINT threads_check CHECK (((mode = 'confidential'::text) OR (wrapped_key IS NULL))),
    CONSTRAINT threads_last_position_check CHECK ((last_position >= 0)),
    CONSTRAINT threads_mode_check CHECK ((mode = ANY (ARRAY['open'::text, 'confidential'::text]))),
    CONSTRAINT threads_scope_check CHECK ((scope = ANY (ARRAY['personal'::text, 'team'::text, 'public'::text])))
)
WITH (fillfactor='80');

ALTER TABLE public.threads ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.threads_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.validation_rules (
    id text NOT NULL,
    kind text NOT NULL,
    intents jsonb DEFAULT '["*"]'::jsonb NOT NULL,
    severity text NOT NULL,
    parameters jsonb DEFAULT '{}'::jsonb NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    changed_by text DEFAULT public.registry_actor() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (single);

ALTER TABLE ONLY public.audits
    ADD CONSTRAINT audits_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bus_events
    ADD CONSTRAINT bus_events_id_key UNIQUE (id);

ALTER TABLE ONLY public.bus_events
    ADD CONSTRAINT bus_events_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.client_conversations
    ADD CONSTRAINT client_conversations_pkey PRIMARY KEY (owner, profile, external_id);

ALTER TABLE ONLY public.client_profiles
    ADD CONSTRAINT client_profiles_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.client_tool_turns
    ADD CONSTRAINT client_tool_turns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_consumer_event_id_key UNIQUE (consumer, event_id);

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.event_consumers
    ADD CONSTRAINT event_consumers_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.event_retries
    ADD CONSTRAINT event_retries_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (scope, key);

ALTER TABLE ONLY public.intent_examples
    ADD CONSTRAINT intent_examples_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.intent_patterns
    ADD CONSTRAINT intent_patterns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.intents
    ADD CONSTRAINT intents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_thread_id_position_key UNIQUE (thread_id, "position");

ALTER TABLE ONLY public.model_aliases
    ADD CONSTRAINT model_aliases_pkey PRIMARY KEY (alias);

ALTER TABLE ONLY public.multi_intent_rules
    ADD CONSTRAINT multi_intent_rules_kind_rule_key UNIQUE (kind, rule);

ALTER TABLE ONLY public.multi_intent_rules
    ADD CONSTRAINT multi_intent_rules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.people_directory
    ADD CONSTRAINT people_directory_pkey PRIMARY KEY (principal, name_mac);

ALTER TABLE ONLY public.processed_events
    ADD CONSTRAINT processed_events_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.prompts
    ADD CONSTRAINT prompts_pkey PRIMARY KEY (key, locale, version);

ALTER TABLE ONLY public.query_logs
    ADD CONSTRAINT query_logs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rag_services
    ADD CONSTRAINT rag_services_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.registry_defaults
    ADD CONSTRAINT registry_defaults_pkey PRIMARY KEY (kind, key);

ALTER TABLE ONLY public.threads
    ADD CONSTRAINT threads_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.validation_rules
    ADD CONSTRAINT validation_rules_pkey PRIMARY KEY (id);

CREATE INDEX bus_events_stored ON public.bus_events USING btree (stored_at);

CREATE INDEX client_tool_turns_expiry ON public.client_tool_turns USING btree (expires_at);

CREATE INDEX client_tool_turns_principal ON public.client_tool_turns USING btree (principal, sequence DESC);

CREATE INDEX dead_letters_waiting ON public.dead_letters USING btree (id) WHERE (status = 'waiting'::text);

CREATE INDEX event_retries_in_order ON public.event_retries USING btree (consumer, aggregate, sequence);

CREATE INDEX idempotency_keys_started ON public.idempotency_keys USING btree (started_at);

CREATE UNIQUE INDEX intent_examples_once ON public.intent_examples USING btree (intent, locale, md5(text));

CREATE UNIQUE INDEX intent_patterns_once ON public.intent_patterns USING btree (intent, locale, kind, md5(pattern));

CREATE INDEX messages_search ON public.messages USING gin (search) WITH (fastupdate=off);

CREATE INDEX outbox_claimed ON public.outbox USING btree (aggregate_type, aggregate_id) WHERE ((status = 'pending'::text) AND (claimed_until IS NOT NULL));

CREATE INDEX outbox_pending ON public.outbox USING btree (sequence) WHERE (status = 'pending'::text);

CREATE INDEX outbox_published ON public.outbox USING btree (published_at) WHERE (status = 'published'::text);

CREATE INDEX processed_events_at ON public.processed_events USING btree (processed_at);

CREATE INDEX query_logs_thread ON public.query_logs USING btree (thread_id, sequence DESC);

CREATE INDEX query_logs_without_thread ON public.query_logs USING btree (principal, sequence DESC) WHERE (thread_id IS NULL);

CREATE INDEX threads_owner ON public.threads USING btree (owner, sequence DESC);

CREATE TRIGGER audit_head_not_truncated BEFORE TRUNCATE ON public.audit_head FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER audit_head_stays BEFORE DELETE ON public.audit_head FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER audits_append_only BEFORE DELETE OR UPDATE ON public.audits FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER audits_not_truncated BEFORE TRUNCATE ON public.audits FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER client_profiles_touch BEFORE UPDATE ON public.client_profiles FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER intent_examples_touch BEFORE UPDATE ON public.intent_examples FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER intent_patterns_touch BEFORE UPDATE ON public.intent_patterns FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER intents_touch BEFORE UPDATE ON public.intents FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER messages_append_only BEFORE DELETE OR UPDATE ON public.messages FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER messages_not_truncated BEFORE TRUNCATE ON public.messages FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER model_aliases_touch BEFORE UPDATE ON public.model_aliases FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER multi_intent_rules_touch BEFORE UPDATE ON public.multi_intent_rules FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER prompts_touch BEFORE UPDATE ON public.prompts FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER rag_services_touch BEFORE UPDATE ON public.rag_services FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

CREATE TRIGGER threads_mode_is_sticky BEFORE UPDATE ON public.threads FOR EACH ROW WHEN (((old.mode = 'confidential'::text) AND (new.mode <> 'confidential'::text))) EXECUTE FUNCTION public.refuse_opening();

CREATE TRIGGER validation_rules_touch BEFORE UPDATE ON public.validation_rules FOR EACH ROW EXECUTE FUNCTION public.registry_touch();

ALTER TABLE ONLY public.client_tool_turns
    ADD CONSTRAINT client_tool_turns_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.query_logs
    ADD CONSTRAINT query_logs_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.threads
    ADD CONSTRAINT threads_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES public.channels(id);
