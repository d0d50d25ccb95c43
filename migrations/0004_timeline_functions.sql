-- The hot path in one round trip each. Messages come as
-- [{id, role, author, content | ciphertext (base64), meta}]; positions are assigned while the thread's row is locked.

create function timeline_append(
  p_thread uuid, p_owner text, p_scope_key text, p_mode text, p_channel text, p_subject text, p_first integer,
  p_messages jsonb, p_now timestamptz
) returns void language plpgsql as $$
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

-- Moves an existing thread on by as many positions as there are messages. The sender names the wrapped key it encrypted
-- with; where that is not the thread's (or the thread turned confidential meanwhile), nothing is written and the answer is
-- `rekey` with the key to use. A key for a thread that has none turns it confidential.
create function timeline_advance(p_thread uuid, p_owner text, p_key bytea, p_subject text, p_messages jsonb)
returns jsonb language plpgsql as $$
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

-- Settles the thread of a query and appends its messages.
create function timeline_open(request jsonb) returns jsonb language plpgsql as $$
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

-- Appends the answer and the query's log row.
create function timeline_close(request jsonb) returns jsonb language plpgsql as $$
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
