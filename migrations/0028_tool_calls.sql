-- Up Migration
-- Every request of an agent asks who its session stands for, and every tool call leaves a receipt. Both were transactions of three to
-- seven round trips, and calls of one agent waited for each other's commits: 200 a second were more than it could take.

-- asked: {hash}. The session with what must be known of its agent; null for a hash that no session has or had last.
CREATE FUNCTION aito_session(company uuid, at timestamptz, asked jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  PERFORM aito_enter(company);
  RETURN (SELECT jsonb_build_object('agent_id', s.agent_id, 'epoch', s.epoch, 'session_hash', s.session_hash, 'created_at', s.created_at,
      'hello_at', s.hello_at, 'session_at', s.session_at, 'revoked_at', s.revoked_at, 'previous_until', s.previous_until,
      'container_key', s.container_key, 'name', a.name, 'type', a.type, 'kind', a.kind, 'is_head', a.is_head, 'is_council', a.is_council,
      'task_id', a.task_id, 'model', a.model, 'container_id', a.container_id, 'parent_name', p.name, 'current_epoch', a.epoch,
      'any_stop', EXISTS (SELECT FROM kill_switches k WHERE k.resumed_at IS NULL),
      'fleet_revision', (SELECT max(f.revision) FROM fleets f))
    FROM sessions s JOIN agents a ON a.id = s.agent_id LEFT JOIN agents p ON p.id = a.parent_agent_id
    WHERE s.session_hash = asked ->> 'hash' OR s.previous_hash = asked ->> 'hash');
END $$;

-- calls: receipts of one agent's calls, signed already, with `fenced` when the incarnation must be current and nothing stopped. Answers one
-- boolean a call, in order: false for one that was not written, because its fence does not hold, a stop may concern it, or its key is
-- not on record yet. One that stands already stays as it is.
CREATE FUNCTION aito_receipts(company uuid, at timestamptz, calls jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  stops boolean; taken int[];
BEGIN
  PERFORM aito_enter(company);
  -- Held until the commit, so that no later epoch begins before it.
  PERFORM FROM agents a WHERE a.id IN (SELECT (v ->> 'agent')::uuid FROM jsonb_array_elements(calls) v WHERE (v ->> 'fenced')::boolean)
    ORDER BY a.id FOR NO KEY UPDATE;
  -- Asked after the lock: no press before it is missed.
  stops := EXISTS (SELECT FROM kill_switches WHERE resumed_at IS NULL);
  SELECT coalesce(array_agg(i::int), '{}') INTO taken FROM jsonb_array_elements(calls) WITH ORDINALITY AS e(v, i)
    WHERE EXISTS (SELECT FROM receipt_keys k WHERE k.id = v ->> 'key')
      AND (NOT (v ->> 'fenced')::boolean OR (NOT stops AND EXISTS (SELECT FROM agents a
        WHERE a.id = (v ->> 'agent')::uuid AND a.epoch = (v ->> 'epoch')::int AND a.status NOT IN ('error', 'inactive'))));
  INSERT INTO receipts (id, company_id, agent_id, epoch, run_id, task_id, tool, arguments_digest, ok, status, effect, source, facts, result,
      result_text, result_sha256, result_characters, duration_ms, signature, body, key_id, created_at)
    SELECT (v ->> 'id')::uuid, company, (v ->> 'agent')::uuid, (v ->> 'epoch')::int, (v ->> 'run')::uuid, (v ->> 'task')::uuid, v ->> 'tool',
      v ->> 'argumentsDigest', v ->> 'status' = 'succeeded', v ->> 'status', (v ->> 'effect')::boolean, v ->> 'source', v -> 'facts',
      v -> 'result', v ->> 'resultText', v ->> 'resultSha256', (v ->> 'resultCharacters')::int, (v ->> 'durationMs')::int,
      v ->> 'signature', v ->> 'body', v ->> 'key', (v ->> 'at')::timestamptz
    FROM jsonb_array_elements(calls) WITH ORDINALITY AS e(v, i) WHERE i = ANY (taken)
    ON CONFLICT (id) DO NOTHING;
  RETURN (SELECT jsonb_agg(i = ANY (taken) ORDER BY i) FROM generate_series(1, jsonb_array_length(calls)) i);
END $$;
