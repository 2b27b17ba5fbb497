-- Up Migration
CREATE OR REPLACE FUNCTION aito_receipts(company uuid, at timestamptz, calls jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
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
        WHERE a.id = (v ->> 'agent')::uuid AND a.epoch = (v ->> 'epoch')::int AND a.status NOT IN ('error', 'inactive'))))
      AND (v #> '{session,row}' IS NULL OR ((v #>> '{session,goodUntil}')::timestamptz > at
        AND v #> '{session,row}' = aito_session(company, at, v -> 'session')));
  INSERT INTO receipts (id, company_id, agent_id, epoch, run_id, task_id, tool, arguments_digest, ok, status, effect, source, facts, result,
      result_text, result_sha256, result_characters, duration_ms, signature, body, key_id, created_at)
    SELECT (v ->> 'id')::uuid, company, (v ->> 'agent')::uuid, (v ->> 'epoch')::int, (v ->> 'run')::uuid, (v ->> 'task')::uuid, v ->> 'tool',
      v ->> 'argumentsDigest', v ->> 'status' = 'succeeded', v ->> 'status', (v ->> 'effect')::boolean, v ->> 'source', v -> 'facts',
      v -> 'result', v ->> 'resultText', v ->> 'resultSha256', (v ->> 'resultCharacters')::int, (v ->> 'durationMs')::int,
      v ->> 'signature', v ->> 'body', v ->> 'key', (v ->> 'at')::timestamptz
    FROM jsonb_array_elements(calls) WITH ORDINALITY AS e(v, i) WHERE i = ANY (taken)
    ON CONFLICT (id) DO NOTHING;
  -- What only read our own records is on the disk no later than anything that is committed after it, and so before whatever it led to: its
  -- own commit does not wait. With anything else among them it does.
  IF (SELECT bool_and(coalesce((v ->> 'flushLater')::boolean, false)) FROM jsonb_array_elements(calls) v) THEN
    PERFORM set_config('synchronous_commit', 'off', true);
  END IF;
  RETURN (SELECT jsonb_agg(i = ANY (taken) ORDER BY i) FROM generate_series(1, jsonb_array_length(calls)) i);
END $$;
