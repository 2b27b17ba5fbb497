-- What the migrations make, for reading; written by `AITO_UPDATE_SCHEMA=1 npm test`. Never run this file.

CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;

CREATE FUNCTION public.aito_beat(company uuid, at timestamp with time zone, beats jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
  answers jsonb;
BEGIN
  PERFORM aito_enter(company);
  WITH b AS (
    SELECT i::int AS ord, v ->> 'session' AS session, (v ->> 'notBefore')::timestamptz AS not_before, (v ->> 'agent')::uuid AS agent,
      (v ->> 'epoch')::int AS epoch, v ->> 'doing' AS doing, (v ->> 'progress')::bigint AS progress, (v ->> 'leaseUntil')::timestamptz AS lease
    FROM jsonb_array_elements(beats) WITH ORDINALITY AS e(v, i)
  ), old AS (
    SELECT b.ord, a.id, a.progress AS was_at FROM b JOIN agents a ON a.id = b.agent AND a.epoch = b.epoch
      JOIN sessions s ON s.agent_id = a.id AND s.epoch = a.epoch
    WHERE s.revoked_at IS NULL
      AND ((s.session_hash = b.session AND coalesce(s.session_at, s.hello_at, s.created_at) > b.not_before)
        OR (s.previous_hash = b.session AND s.previous_until > at))
      AND NOT EXISTS (SELECT FROM kill_switches WHERE resumed_at IS NULL)
    ORDER BY a.id FOR NO KEY UPDATE OF a SKIP LOCKED
  ), beaten AS (
    UPDATE agents SET last_heartbeat = at, doing = b.doing, progress = b.progress, status = 'active', status_reason = null, updated_at = at
    FROM old JOIN b USING (ord) WHERE agents.id = old.id AND agents.epoch = b.epoch AND agents.status IN ('starting', 'active')
    RETURNING b.ord, agents.id, agents.epoch, agents.desired, old.was_at <> agents.progress AS moved, b.lease
  ), kept AS (
    -- Who makes progress keeps its run, up to the run's deadline.
    UPDATE runs SET lease_until = least(t.lease, runs.deadline_at) FROM beaten t
    WHERE t.moved AND runs.agent_id = t.id AND runs.epoch = t.epoch AND runs.status = 'running'
  )
  SELECT jsonb_agg(CASE WHEN t.ord IS NOT NULL THEN jsonb_build_object('desired', t.desired) END ORDER BY b.ord)
    INTO answers FROM b LEFT JOIN beaten t ON t.ord = b.ord;
  RETURN answers;
END $$;

CREATE FUNCTION public.aito_board_wants() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO board_issues (task_id, company_id) SELECT NEW.id, NEW.company_id
    WHERE EXISTS (SELECT 1 FROM boards b WHERE b.company_id = NEW.company_id)
    ON CONFLICT (task_id) DO UPDATE SET wanted = board_issues.wanted + 1, retry_at = NULL;
  RETURN NULL;
END $$;

CREATE FUNCTION public.aito_container_life() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  UPDATE container_lives SET ended_at = greatest(started_at, NEW.updated_at) WHERE agent_id = NEW.id AND ended_at IS NULL;
  IF NEW.container_id IS NOT NULL THEN
    INSERT INTO container_lives (id, company_id, agent_id, epoch, container_id, task_id, client_id, started_at)
    VALUES (gen_random_uuid(), NEW.company_id, NEW.id, NEW.epoch, NEW.container_id, NEW.task_id, NEW.client_id, NEW.updated_at);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION public.aito_enter(company uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
  PERFORM set_config('role', 'aito_app', true), set_config('aito.company_id', company::text, true);
END $$;

CREATE FUNCTION public.aito_keep_term(company uuid, at timestamp with time zone, ask jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
  held boolean;
BEGIN
  PERFORM aito_enter(company);
  UPDATE terms SET renewed_at = at, lease_until = at + make_interval(secs => (ask ->> 'leaseMs')::float8 / 1000)
    WHERE holder = ask ->> 'holder' AND term = (ask ->> 'term')::bigint;
  held := FOUND;
  RETURN jsonb_build_object('held', held, 'stirs', EXISTS (SELECT FROM events WHERE seq IS NULL));
END $$;

CREATE FUNCTION public.aito_operator_session(company uuid, at timestamp with time zone, asked jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
BEGIN
  PERFORM aito_enter(company);
  RETURN (SELECT jsonb_build_object('id', s.id, 'operator', s.operator, 'operator_id', s.operator_id, 'how', s.how,
      'address', s.address, 'last_seen_at', s.last_seen_at, 'role', o.role, 'set_up_at', o.set_up_at)
    FROM operator_sessions s LEFT JOIN operators o ON o.id = s.operator_id
    WHERE s.token_hash = asked ->> 'hash' AND s.revoked_at IS NULL AND s.expires_at > at AND o.disabled_at IS NULL);
END $$;

CREATE FUNCTION public.aito_receipts(company uuid, at timestamp with time zone, calls jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.aito_reserve(company uuid, at timestamp with time zone, calls jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
  ords int[]; bids uuid[]; starts timestamptz[]; amounts bigint[]; aheads bigint[]; clients_of jsonb; stops boolean; unsure int[];
  asked int := jsonb_array_length(calls); granted bigint[]; extra boolean; refusals jsonb[]; answers jsonb;
  n int; needs bigint; blocked jsonb; over boolean; tight boolean;
BEGIN
  PERFORM aito_enter(company);
  granted := array_fill(NULL::bigint, ARRAY[asked]);
  refusals := array_fill(NULL::jsonb, ARRAY[asked]);

  stops := EXISTS (SELECT FROM kill_switches WHERE resumed_at IS NULL);
  SELECT coalesce(array_agg(i::int), '{}') INTO unsure FROM jsonb_array_elements(calls) WITH ORDINALITY AS e(v, i)
    WHERE NOT coalesce((v ->> 'checked')::boolean, false) AND (stops OR (v ->> 'session' IS NOT NULL AND NOT EXISTS (
      SELECT FROM sessions s JOIN agents a ON a.id = s.agent_id
      WHERE (s.session_hash = v ->> 'session' OR (s.previous_hash = v ->> 'session' AND s.previous_until > at))
        AND s.revoked_at IS NULL AND a.epoch = s.epoch AND a.status IN ('starting', 'active', 'stopping'))));

  -- Reservations before windows, as whoever settles them.
  PERFORM FROM reservations r WHERE r.id IN (SELECT (v ->> 'block')::uuid FROM jsonb_array_elements(calls) v) ORDER BY r.id FOR UPDATE;

  WITH RECURSIVE c AS (
    SELECT i::int AS ord, (v ->> 'amount')::bigint AS amount, coalesce((v ->> 'ahead')::bigint, 0) AS ahead, (v ->> 'agent')::uuid AS agent,
      (v ->> 'task')::uuid AS task, v ->> 'key' AS key
    FROM jsonb_array_elements(calls) WITH ORDINALITY AS e(v, i) WHERE i <> ALL (unsure)
  ), line AS (
    SELECT c.ord, a.id, a.name, a.department, a.parent_agent_id, a.client_id, 1 AS depth FROM c JOIN agents a ON a.id = c.agent
    UNION ALL
    SELECT l.ord, p.id, p.name, p.department, p.parent_agent_id, p.client_id, l.depth + 1 FROM line l JOIN agents p ON p.id = l.parent_agent_id
      WHERE l.depth < 20
  ), tree AS (
    SELECT c.ord, t.id, t.parent_task_id, t.client_id, 1 AS depth FROM c JOIN tasks t ON t.id = c.task
    UNION ALL
    SELECT b.ord, p.id, p.parent_task_id, p.client_id, b.depth + 1 FROM tree b JOIN tasks p ON p.id = b.parent_task_id WHERE b.depth < 100
  ), client AS (
    -- Of all that it concerns; booked is the nearest, a task's before an agent's.
    SELECT ord, client_id, depth FROM tree WHERE client_id IS NOT NULL
    UNION ALL SELECT ord, client_id, depth + 1000 FROM line WHERE client_id IS NOT NULL
  ), held AS (
    SELECT ord, 'company' AS scope, '' AS target FROM c
    UNION SELECT ord, 'agent', name FROM line
    UNION SELECT ord, 'department', lower(trim(department)) FROM line WHERE department IS NOT NULL
    UNION SELECT ord, 'task', id::text FROM tree
    UNION SELECT ord, 'key', key FROM c WHERE key IS NOT NULL
    UNION SELECT k.ord, 'client', s.slug FROM client k JOIN clients s ON s.id = k.client_id
  ), found AS (
    SELECT h.ord, b.id, aito_window_start(b.period, b.time_zone, at) AS starts_at, b.scope, c.amount, c.ahead
    FROM held h JOIN c USING (ord) JOIN budgets b ON b.scope = h.scope AND b.target = h.target AND b.ended_at IS NULL
  )
  SELECT array_agg(f.ord), array_agg(f.id), array_agg(f.starts_at), array_agg(f.amount), array_agg(f.ahead),
      (SELECT jsonb_object_agg(n.ord, n.client_id) FROM (SELECT DISTINCT ON (ord) ord, client_id FROM client ORDER BY ord, depth) n)
    INTO ords, bids, starts, amounts, aheads, clients_of FROM (SELECT * FROM found ORDER BY ord, scope = 'company', id) f;

  IF bids IS NOT NULL THEN
    INSERT INTO budget_windows (company_id, budget_id, starts_at)
      SELECT company, m.b, m.s FROM (SELECT DISTINCT b, s FROM unnest(bids, starts) AS u(b, s)) m
      JOIN budgets g ON g.id = m.b
      WHERE NOT EXISTS (SELECT FROM budget_windows w WHERE w.budget_id = m.b AND w.starts_at = m.s)
      ORDER BY g.scope = 'company', m.b, m.s
      ON CONFLICT DO NOTHING;
    PERFORM FROM (SELECT DISTINCT b, s FROM unnest(bids, starts) AS u(b, s)) m
      JOIN budget_windows w ON w.budget_id = m.b AND w.starts_at = m.s JOIN budgets g ON g.id = m.b
      ORDER BY g.scope = 'company', w.budget_id, w.starts_at FOR UPDATE OF w;
  END IF;

  SELECT coalesce(bool_or(t.total > 0 AND t.taken + t.total > t.cap), false),
      coalesce(bool_or(t.ahead > 0 AND t.taken + t.total + 9 * t.ahead > t.cap), false)
    INTO over, tight FROM (
      SELECT sum(u.a) AS total, sum(u.h) AS ahead, g.cap_micro_usd AS cap, w.spent_micro_usd + w.reserved_micro_usd
        + CASE WHEN g.scope = 'task' THEN aito_task_promised(g.id) ELSE 0 END AS taken
      FROM unnest(bids, starts, amounts, aheads) AS u(b, s, a, h)
      JOIN budget_windows w ON w.budget_id = u.b AND w.starts_at = u.s JOIN budgets g ON g.id = u.b
      GROUP BY g.id, w.budget_id, w.starts_at) t;
  extra := NOT over AND NOT tight;

  IF NOT over THEN
    -- Nearly always all of the batch fits: then it is written as one.
    SELECT array_agg(CASE WHEN i = ANY (unsure) THEN NULL
        ELSE (v ->> 'amount')::bigint + CASE WHEN extra THEN coalesce((v ->> 'ahead')::bigint, 0) ELSE 0 END END ORDER BY i)
      INTO granted FROM jsonb_array_elements(calls) WITH ORDINALITY AS e(v, i);
    UPDATE budget_windows w SET reserved_micro_usd = w.reserved_micro_usd + t.total
      FROM (SELECT b, s, sum(granted[o])::bigint AS total FROM unnest(ords, bids, starts) AS u(o, b, s) GROUP BY b, s) t
      WHERE w.budget_id = t.b AND w.starts_at = t.s AND t.total > 0;
  ELSE
    FOR n IN 1 .. asked LOOP
      CONTINUE WHEN n = ANY (unsure);
      needs := (calls -> (n - 1) ->> 'amount')::bigint;
      blocked := NULL;
      SELECT jsonb_build_object('id', g.id, 'scope', g.scope, 'target', g.target, 'period', g.period, 'cap', g.cap_micro_usd::text,
          'spent', w.spent_micro_usd::text, 'reserved', w.reserved_micro_usd::text, 'promised', p.promised::text, 'startsAt', w.starts_at)
        INTO blocked
        FROM unnest(ords, bids, starts) AS m(o, b, s)
        JOIN budget_windows w ON w.budget_id = m.b AND w.starts_at = m.s
        JOIN budgets g ON g.id = m.b
        CROSS JOIN LATERAL (SELECT CASE WHEN g.scope = 'task' THEN aito_task_promised(g.id) ELSE 0 END AS promised) p
        WHERE m.o = n AND needs > 0 AND w.spent_micro_usd + w.reserved_micro_usd + p.promised + needs > g.cap_micro_usd
        ORDER BY array_position(ARRAY['task', 'key', 'agent', 'department', 'client', 'company'], g.scope::text) LIMIT 1;
      IF blocked IS NOT NULL THEN
        UPDATE budget_windows SET refused_at = at
          WHERE budget_id = (blocked ->> 'id')::uuid AND starts_at = (blocked ->> 'startsAt')::timestamptz AND refused_at IS NULL;
        refusals[n] := jsonb_build_object('ok', false, 'budget', blocked);
      ELSE
        UPDATE budget_windows w SET reserved_micro_usd = w.reserved_micro_usd + needs
          FROM unnest(ords, bids, starts) AS m(o, b, s) WHERE m.o = n AND w.budget_id = m.b AND w.starts_at = m.s;
        granted[n] := needs;
      END IF;
    END LOOP;
  END IF;

  WITH a AS (
    SELECT i::int AS i, v, granted[i::int] AS amount FROM jsonb_array_elements(calls) WITH ORDINALITY AS e(v, i)
  ), lists AS (
    SELECT o, array_agg(b ORDER BY b, s) AS b, array_agg(s ORDER BY b, s) AS s FROM unnest(ords, bids, starts) AS u(o, b, s) GROUP BY o
  ), same AS (
    SELECT a.i, r.id, a.amount, a.v FROM a LEFT JOIN lists l ON l.o = a.i
    JOIN reservations r ON r.id = (a.v ->> 'block')::uuid AND r.holder = a.v ->> 'holder'
      AND r.budget_ids = coalesce(l.b, '{}') AND r.window_starts = coalesce(l.s, '{}')
    WHERE a.amount IS NOT NULL
  ), grown AS (
    UPDATE reservations r SET amount_micro_usd = r.amount_micro_usd + t.total, lease_until = t.lease_until
      FROM (SELECT id, sum(same.amount)::bigint AS total, max((v ->> 'leaseUntil')::timestamptz) AS lease_until FROM same GROUP BY id) t
      WHERE r.id = t.id RETURNING r.id
  ), made AS (
    INSERT INTO reservations (id, company_id, agent_id, epoch, key_id, run_id, task_id, client_id, action, asked_model, upstream,
        amount_micro_usd, budget_ids, window_starts, holder, lease_until, created_at)
      SELECT (v ->> 'id')::uuid, company, (v ->> 'agent')::uuid, (v ->> 'epoch')::int, (v ->> 'key')::uuid, (v ->> 'run')::uuid,
        (v ->> 'task')::uuid, (clients_of ->> a.i::text)::uuid, v ->> 'action', v ->> 'model', v ->> 'upstream', a.amount,
        coalesce(l.b, '{}'), coalesce(l.s, '{}'), v ->> 'holder', (v ->> 'leaseUntil')::timestamptz, at
      FROM a LEFT JOIN lists l ON l.o = a.i
      WHERE a.amount IS NOT NULL AND NOT EXISTS (SELECT FROM same WHERE same.i = a.i)
  )
  SELECT jsonb_agg(CASE
      WHEN a.amount IS NULL THEN coalesce(refusals[a.i], jsonb_build_object('ok', false))
      ELSE jsonb_build_object('ok', true, 'block', coalesce(same.id, (a.v ->> 'id')::uuid), 'ahead', (a.amount - (a.v ->> 'amount')::bigint)::text)
    END ORDER BY a.i) INTO answers
  FROM a LEFT JOIN same ON same.i = a.i;
  RETURN answers;
END $$;

CREATE FUNCTION public.aito_session(company uuid, at timestamp with time zone, asked jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.aito_settle(company uuid, at timestamp with time zone, ended jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
  moves uuid[]; frees bigint[]; charges bigint[]; settled int;
BEGIN
  PERFORM aito_enter(company);
  PERFORM FROM reservations r WHERE r.id IN (SELECT b.id FROM jsonb_to_recordset(ended -> 'blocks') AS b(id uuid)) ORDER BY r.id FOR UPDATE;

  SELECT array_agg(m.id), array_agg(m.freed), array_agg(m.charged), count(*) INTO moves, frees, charges, settled FROM (
    SELECT r.id,
      CASE WHEN b.swept OR b.close THEN r.amount_micro_usd ELSE least(r.amount_micro_usd, coalesce(c.taken, 0) + b.give) END AS freed,
      CASE WHEN b.swept THEN r.amount_micro_usd ELSE coalesce(c.charged, 0) END AS charged
    FROM jsonb_to_recordset(ended -> 'blocks') AS b(id uuid, seq bigint, give bigint, close boolean, swept boolean)
    JOIN reservations r ON r.id = b.id
    LEFT JOIN (
      SELECT block, sum(coalesce(charged, held))::bigint AS charged, sum(least(coalesce(charged, held), held))::bigint AS taken
      FROM jsonb_to_recordset(ended -> 'calls') AS x(block uuid, held bigint, charged bigint) GROUP BY block) c ON c.block = b.id
    WHERE CASE WHEN b.swept THEN r.lease_until < at ELSE r.settled_seq < b.seq END) m;

  IF settled > 0 THEN
    PERFORM FROM (SELECT DISTINCT l.b, l.s FROM reservations r, unnest(r.budget_ids, r.window_starts) AS l(b, s) WHERE r.id = ANY (moves)) m
      JOIN budget_windows w ON w.budget_id = m.b AND w.starts_at = m.s JOIN budgets g ON g.id = m.b
      ORDER BY g.scope = 'company', w.budget_id, w.starts_at FOR UPDATE OF w;
    UPDATE budget_windows w
      SET reserved_micro_usd = w.reserved_micro_usd - m.freed, spent_micro_usd = w.spent_micro_usd + m.charged
      FROM (
        SELECT l.b, l.s, sum(u.freed)::bigint AS freed, sum(u.charged)::bigint AS charged
        FROM unnest(moves, frees, charges) AS u(id, freed, charged) JOIN reservations r USING (id),
          unnest(r.budget_ids, r.window_starts) AS l(b, s)
        GROUP BY l.b, l.s) m
      WHERE w.budget_id = m.b AND w.starts_at = m.s;

    INSERT INTO usage (id, company_id, agent_id, key_id, client_id, run_id, task_id, epoch, action, asked_model, model, upstream, status,
        cost_micro_usd, charged_micro_usd, cut, swept, duration_ms, created_at)
      SELECT r.id, company, r.agent_id, r.key_id, r.client_id, (SELECT n.id FROM runs n WHERE n.id = r.run_id), r.task_id, r.epoch, r.action,
        r.asked_model, r.asked_model, r.upstream, 598, NULL, r.amount_micro_usd, true, true,
        greatest(0, extract(epoch FROM at - r.created_at) * 1000)::int, r.created_at
      FROM jsonb_to_recordset(ended -> 'blocks') AS b(id uuid, swept boolean) JOIN reservations r ON r.id = b.id
      WHERE b.swept AND r.id = ANY (moves);
  END IF;

  INSERT INTO usage (id, company_id, agent_id, key_id, client_id, run_id, task_id, epoch, action, asked_model, model, upstream, status,
      input_tokens, output_tokens, cache_write_tokens, cache_write_1h_tokens, cache_read_tokens, cost_micro_usd, charged_micro_usd,
      cut, swept, attempts, first_byte_ms, duration_ms, created_at)
    SELECT c.id, company, h.agent_id, h.key_id, h.client_id, (SELECT n.id FROM runs n WHERE n.id = h.run_id), h.task_id, h.epoch, h.action,
      h.asked_model, coalesce(c.model, h.asked_model), coalesce(c.upstream, h.upstream), c.status,
      c.input, c.output, c."cacheWrite", c."cacheWrite1h", c."cacheRead", c.cost, CASE WHEN h.late THEN 0 ELSE coalesce(c.charged, c.held) END,
      c.cut, h.late, c.attempts, c."firstByteMs", c."durationMs", c.at
    FROM jsonb_to_recordset(ended -> 'calls') AS c(block uuid, id uuid, at timestamptz, held bigint, charged bigint, cost bigint, model text,
      upstream text, status int, input int, output int, "cacheWrite" int, "cacheWrite1h" int, "cacheRead" int, cut boolean, attempts int,
      "firstByteMs" int, "durationMs" int)
    JOIN (
      SELECT r.id, r.agent_id, r.key_id, r.client_id, r.run_id, r.task_id, r.epoch, r.action, r.asked_model, r.upstream, false AS late
        FROM reservations r WHERE r.id = ANY (moves)
      UNION ALL
      SELECT u.id, u.agent_id, u.key_id, u.client_id, u.run_id, u.task_id, u.epoch, u.action, u.asked_model, u.upstream, true
        FROM jsonb_to_recordset(ended -> 'blocks') AS b(id uuid, swept boolean) JOIN usage u ON u.id = b.id
        WHERE u.swept AND NOT b.swept AND NOT EXISTS (SELECT FROM reservations r WHERE r.id = b.id)
    ) h ON h.id = c.block
    ON CONFLICT (id) DO NOTHING;
  -- Its calls have all said what they cost: nothing more of what was charged is unknown.
  UPDATE usage u SET cost_micro_usd = 0 FROM jsonb_to_recordset(ended -> 'blocks') AS b(id uuid, close boolean)
    WHERE u.id = b.id AND b.close AND u.swept AND u.cost_micro_usd IS NULL AND NOT EXISTS (SELECT FROM reservations r WHERE r.id = b.id);

  DELETE FROM reservations r USING jsonb_to_recordset(ended -> 'blocks') AS b(id uuid, close boolean, swept boolean)
    WHERE r.id = b.id AND (b.close OR b.swept) AND r.id = ANY (moves);
  UPDATE reservations r SET amount_micro_usd = r.amount_micro_usd - u.freed, settled_seq = b.seq
    FROM unnest(moves, frees) AS u(id, freed) JOIN jsonb_to_recordset(ended -> 'blocks') AS b(id uuid, seq bigint) USING (id)
    WHERE r.id = u.id;
  RETURN to_jsonb(settled);
END $$;

CREATE FUNCTION public.aito_taint(agent uuid) RETURNS text
    LANGUAGE sql STABLE
    AS $$
  SELECT CASE WHEN EXISTS (SELECT 1 FROM runs r WHERE r.agent_id = a.id AND r.epoch = a.epoch)
    THEN (SELECT r.taint FROM runs r WHERE r.agent_id = a.id AND r.epoch = a.epoch ORDER BY r.started_at DESC, r.id DESC LIMIT 1)
    ELSE (SELECT s.taint FROM sessions s WHERE s.agent_id = a.id AND s.epoch = a.epoch LIMIT 1) END
  FROM agents a WHERE a.id = agent
$$;

CREATE FUNCTION public.aito_task_promised(task uuid) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$
  SELECT (coalesce((SELECT sum(d.amount_micro_usd) FROM decisions d
      WHERE d.paid_by_task_id = task AND d.status IN ('pending', 'escalated', 'approved')), 0)
    + coalesce((SELECT sum(t.budget_micro_usd) FROM tasks t WHERE t.paid_by_task_id = task AND t.status <> 'cancelled'), 0)
    + coalesce((SELECT greatest(0, ran.amount - greatest(0, d.amount_micro_usd - t.budget_micro_usd))
        FROM tasks t JOIN decisions d ON d.id = t.decision_id
        CROSS JOIN LATERAL (SELECT coalesce(sum(a.amount_micro_usd), 0) AS amount FROM actions a WHERE a.decision_id = d.id) ran
        WHERE t.id = task), 0))::bigint
$$;

CREATE FUNCTION public.aito_thread() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  NEW.thread_id := coalesce((SELECT thread_id FROM messages WHERE id = NEW.in_reply_to), NEW.in_reply_to, NEW.id);
  RETURN NEW;
END $$;

CREATE FUNCTION public.aito_window_start(period text, zone text, at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$
  SELECT CASE period WHEN 'total' THEN timestamptz 'epoch' ELSE date_trunc(period, at AT TIME ZONE zone) AT TIME ZONE zone END
$$;

CREATE FUNCTION public.bind_keys_to_company() RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE k record;
BEGIN
  FOR k IN
    SELECT c.oid, c.conname, c.conrelid::regclass AS tab, c.confrelid::regclass AS ref, a.attname AS col, c.confdeltype AS del,
      r.relname AS refname
    FROM pg_constraint c
    JOIN pg_class r ON r.oid = c.confrelid
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1] AND f.attname = 'id'
    WHERE c.contype = 'f' AND cardinality(c.conkey) = 1 AND c.connamespace = 'public'::regnamespace
      AND EXISTS (SELECT 1 FROM pg_attribute x WHERE x.attrelid = c.conrelid AND x.attname = 'company_id')
      AND EXISTS (SELECT 1 FROM pg_attribute x WHERE x.attrelid = c.confrelid AND x.attname = 'company_id')
    ORDER BY c.conname
  LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = k.refname || '_within_company') THEN
      EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I UNIQUE (company_id, id)', k.ref, k.refname || '_within_company');
    END IF;
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', k.tab, k.conname);
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (company_id, %I) REFERENCES %s (company_id, id)%s', k.tab, k.conname,
      k.col, k.ref, CASE k.del WHEN 'c' THEN ' ON DELETE CASCADE' WHEN 'n' THEN format(' ON DELETE SET NULL (%I)', k.col) ELSE '' END);
  END LOOP;
END $$;

CREATE FUNCTION public.memory_by_words(words text[], weights double precision[], any_word tsquery, filter jsonb, candidates integer, usual double precision, wanted integer) RETURNS TABLE(id uuid, score double precision)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
DECLARE
  company uuid := nullif(current_setting('aito.company_id', true), '')::uuid;
  conditions text := 'h.quarantined_at IS NULL AND h.company_id = $1 AND h.search @@ $2';
  rough text;
BEGIN
  IF filter ? 'agents' THEN conditions := conditions || ' AND h.agent_id = ANY (ARRAY(SELECT jsonb_array_elements_text($3 -> ''agents''))::uuid[])'; END IF;
  IF filter ? 'client' THEN conditions := conditions || ' AND (h.client_id IS NULL OR h.client_id = ($3 ->> ''client'')::uuid)'; END IF;
  IF filter ? 'sources' THEN conditions := conditions || ' AND h.source = ANY (ARRAY(SELECT jsonb_array_elements_text($3 -> ''sources'')))'; END IF;
  IF filter ? 'not' THEN conditions := conditions || ' AND h.id <> ALL (ARRAY(SELECT jsonb_array_elements_text($3 -> ''not''))::uuid[])'; END IF;
  IF filter ? 'from' THEN
    conditions := conditions || ' AND (h.created_at >= ($3 ->> ''from'')::date AND h.created_at < ($3 ->> ''to'')::date + 1
      OR h.days && ARRAY(SELECT d::date FROM generate_series(($3 ->> ''from'')::date, ($3 ->> ''to'')::date, interval ''1 day'') d))';
  END IF;
  SELECT string_agg(format('CASE WHEN h.search @@ %L::tsquery THEN %s ELSE 0 END', quote_literal(w), weight::text), ' + ') INTO rough
    FROM unnest(words, weights) AS u(w, weight);
  RETURN QUERY EXECUTE format('
    WITH holding AS MATERIALIZED (SELECT h.id, h.search, h.created_at FROM agent_history h WHERE %s ORDER BY h.created_at DESC LIMIT $4),
    likely AS MATERIALIZED (SELECT h.* FROM holding h ORDER BY (%s) DESC, h.created_at DESC LIMIT greatest($7 * 2, 150))
    SELECT c.id, sum(q.weight * n.tf * 2.2 / (n.tf + 1.2 * (0.25 + 0.75 * length(c.search) / $6)))::float8 AS score
    FROM likely c CROSS JOIN LATERAL unnest(c.search) w JOIN unnest($5, $8) AS q(lexeme, weight) ON q.lexeme = w.lexeme
    CROSS JOIN LATERAL (SELECT greatest(1, coalesce(array_length(w.positions, 1), 1))::float8 AS tf) n
    GROUP BY c.id, c.created_at ORDER BY score DESC, c.created_at DESC LIMIT $7', conditions, rough)
    USING company, any_word, filter, candidates, words, usual, wanted, weights;
END $_$;

CREATE FUNCTION public.memory_index(model text, dimensions integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET maintenance_work_mem TO '256MB'
    SET max_parallel_maintenance_workers TO '0'
    AS $_$
BEGIN
  IF model !~ '^[A-Za-z0-9._:/-]{1,100}$' OR dimensions NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION 'no index for model % with % dimensions', model, dimensions USING ERRCODE = 'invalid_parameter_value';
  END IF;
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON agent_history USING hnsw ((embedding::halfvec(%s)) halfvec_cosine_ops)
    WHERE embedding_model = %L', 'agent_history_near_' || left(md5(model || ':' || dimensions), 12), dimensions, model);
END $_$;

CREATE FUNCTION public.memory_word_counts(words text[], at_most integer) RETURNS TABLE(lexeme text, df integer)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE company uuid := nullif(current_setting('aito.company_id', true), '')::uuid; word text;
BEGIN
  FOREACH word IN ARRAY words LOOP
    lexeme := word;
    SELECT count(*)::int INTO df FROM (SELECT 1 FROM agent_history h
      WHERE h.search @@ quote_literal(word)::tsquery AND h.company_id = company LIMIT at_most) x;
    RETURN NEXT;
  END LOOP;
END $$;

CREATE FUNCTION public.refuse_event_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND OLD.hash IS NULL AND NEW.id = OLD.id AND NEW.body = OLD.body
     AND NEW.company_id = OLD.company_id AND NEW.created_at = OLD.created_at THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TABLE public.actions (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    decision_id uuid,
    task_id uuid,
    tool character varying(100) NOT NULL,
    arguments_digest text NOT NULL,
    amount_micro_usd bigint NOT NULL,
    summary text NOT NULL,
    undo text,
    receipt_id uuid,
    created_at timestamp with time zone NOT NULL,
    approval_id uuid,
    permission_id uuid,
    CONSTRAINT actions_amount_micro_usd_check CHECK ((amount_micro_usd >= 0)),
    CONSTRAINT actions_permitted CHECK (((decision_id IS NOT NULL) OR (approval_id IS NOT NULL) OR (permission_id IS NOT NULL)))
);

ALTER TABLE ONLY public.actions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.agent_history (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    action_type character varying(50) NOT NULL,
    summary text NOT NULL,
    details jsonb NOT NULL,
    embedding public.vector,
    embedding_model text,
    run_id uuid,
    created_at timestamp with time zone NOT NULL,
    search tsvector GENERATED ALWAYS AS (to_tsvector('english'::regconfig, summary)) STORED,
    source character varying(10) DEFAULT 'own'::character varying NOT NULL,
    source_ref text,
    client_id uuid,
    days date[] DEFAULT '{}'::date[] NOT NULL,
    quarantined_at timestamp with time zone,
    quarantine_reason text,
    embed_after timestamp with time zone,
    taint text,
    CONSTRAINT agent_history_action_type_check CHECK (((action_type)::text = ANY ((ARRAY['decision'::character varying, 'task'::character varying, 'communication'::character varying, 'error'::character varying])::text[]))),
    CONSTRAINT agent_history_source_check CHECK (((source)::text = ANY ((ARRAY['own'::character varying, 'agent'::character varying, 'outside'::character varying])::text[])))
);

ALTER TABLE ONLY public.agent_history FORCE ROW LEVEL SECURITY;

CREATE TABLE public.agent_loop_actions (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    "position" integer NOT NULL,
    text text NOT NULL,
    every_seconds integer NOT NULL,
    creative boolean NOT NULL,
    next_due_at timestamp with time zone NOT NULL,
    last_run_at timestamp with time zone
);

ALTER TABLE ONLY public.agent_loop_actions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.agent_plans (
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    now_do character varying(20) NOT NULL,
    now_why text NOT NULL,
    now_since timestamp with time zone NOT NULL,
    acted_do character varying(20),
    acted_why text,
    acted_at timestamp with time zone
);

ALTER TABLE ONLY public.agent_plans FORCE ROW LEVEL SECURITY;

CREATE TABLE public.agent_state (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    state_key character varying(255) NOT NULL,
    state_value jsonb,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    taint text
);

ALTER TABLE ONLY public.agent_state FORCE ROW LEVEL SECURITY;

CREATE TABLE public.agents (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    type character varying(50) NOT NULL,
    name character varying(100) NOT NULL,
    profile_path character varying(255),
    loop_interval integer,
    git_repo character varying(255),
    git_filter character varying(255),
    status character varying(20) DEFAULT 'inactive'::character varying NOT NULL,
    container_id character varying(100),
    last_heartbeat timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    kind character varying(10) NOT NULL,
    department character varying(100),
    is_head boolean DEFAULT false NOT NULL,
    is_council boolean DEFAULT false NOT NULL,
    profile jsonb NOT NULL,
    profile_markdown text NOT NULL,
    model character varying(100) NOT NULL,
    desired character varying(10) DEFAULT 'running'::character varying NOT NULL,
    status_reason text,
    doing text,
    progress bigint DEFAULT 0 NOT NULL,
    epoch integer DEFAULT 0 NOT NULL,
    restarts integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    retry_at timestamp with time zone,
    started_at timestamp with time zone,
    next_wake_at timestamp with time zone,
    next_wake_reason text,
    parent_agent_id uuid,
    task_id uuid,
    failed_runs integer DEFAULT 0 NOT NULL,
    throttled_at timestamp with time zone,
    client_id uuid,
    replacing boolean DEFAULT false NOT NULL,
    depth integer DEFAULT 0 NOT NULL,
    held character varying(10),
    held_at timestamp with time zone,
    held_by character varying(100),
    change_digest character varying(64),
    unbegun integer DEFAULT 0 NOT NULL,
    CONSTRAINT agents_depth_check CHECK ((depth >= 0)),
    CONSTRAINT agents_desired_check CHECK (((desired)::text = ANY ((ARRAY['running'::character varying, 'stopped'::character varying, 'gone'::character varying])::text[]))),
    CONSTRAINT agents_held_check CHECK (((held)::text = ANY ((ARRAY['paused'::character varying, 'stopped'::character varying])::text[]))),
    CONSTRAINT agents_kind_check CHECK (((kind)::text = ANY ((ARRAY['agent'::character varying, 'worker'::character varying])::text[]))),
    CONSTRAINT agents_status_check CHECK (((status)::text = ANY ((ARRAY['inactive'::character varying, 'starting'::character varying, 'active'::character varying, 'stopping'::character varying, 'error'::character varying])::text[])))
);

ALTER TABLE ONLY public.agents FORCE ROW LEVEL SECURITY;

CREATE TABLE public.alert_notices (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    alert_id uuid NOT NULL,
    channel character varying(20) NOT NULL,
    status character varying(10) DEFAULT 'waiting'::character varying NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    claimed_at timestamp with time zone,
    sent_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    number smallint DEFAULT 1 NOT NULL,
    due_at timestamp with time zone,
    CONSTRAINT alert_notices_number_check CHECK (((number >= 1) AND (number <= 1000))),
    CONSTRAINT alert_notices_status_check CHECK (((status)::text = ANY ((ARRAY['waiting'::character varying, 'sending'::character varying, 'sent'::character varying, 'failed'::character varying, 'unknown'::character varying, 'dropped'::character varying])::text[])))
);

ALTER TABLE ONLY public.alert_notices FORCE ROW LEVEL SECURITY;

CREATE TABLE public.alerts (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    kind character varying(40) NOT NULL,
    subject character varying(100) NOT NULL,
    title text NOT NULL,
    detail text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    items jsonb DEFAULT '[]'::jsonb NOT NULL
);

ALTER TABLE ONLY public.alerts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.approvals (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    epoch integer NOT NULL,
    run_id uuid,
    task_id uuid,
    tool character varying(100) NOT NULL,
    schema_version text NOT NULL,
    input_schema jsonb NOT NULL,
    arguments jsonb NOT NULL,
    files jsonb DEFAULT '[]'::jsonb NOT NULL,
    digest text NOT NULL,
    call_digest text NOT NULL,
    amount_micro_usd bigint NOT NULL,
    summary text NOT NULL,
    rule character varying(60) NOT NULL,
    reason text NOT NULL,
    status character varying(10) DEFAULT 'waiting'::character varying NOT NULL,
    asked integer DEFAULT 1 NOT NULL,
    inline boolean DEFAULT false NOT NULL,
    decision_id uuid,
    permission_id uuid,
    edited_from uuid,
    receipt_id uuid,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    answered_by character varying(255),
    comment text,
    started_at timestamp with time zone,
    lease_until timestamp with time zone,
    ended_at timestamp with time zone,
    result jsonb,
    error text,
    trace jsonb,
    CONSTRAINT approvals_amount_micro_usd_check CHECK ((amount_micro_usd >= 0)),
    CONSTRAINT approvals_status_check CHECK (((status)::text = ANY ((ARRAY['waiting'::character varying, 'approved'::character varying, 'denied'::character varying, 'edited'::character varying, 'expired'::character varying, 'executing'::character varying, 'done'::character varying, 'failed'::character varying, 'unknown'::character varying])::text[])))
);

ALTER TABLE ONLY public.approvals FORCE ROW LEVEL SECURITY;

CREATE TABLE public.begun_calls (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    epoch integer NOT NULL,
    run_id uuid,
    task_id uuid,
    tool character varying(100) NOT NULL,
    arguments_digest text NOT NULL,
    effect boolean NOT NULL,
    source character varying(60) NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    trace jsonb
);

ALTER TABLE ONLY public.begun_calls FORCE ROW LEVEL SECURITY;

CREATE TABLE public.board_comments (
    company_id uuid NOT NULL,
    comment_id bigint NOT NULL,
    task_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.board_comments FORCE ROW LEVEL SECURITY;

CREATE TABLE public.board_issues (
    task_id uuid NOT NULL,
    company_id uuid NOT NULL,
    wanted bigint DEFAULT 1 NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    number integer,
    base jsonb,
    sent jsonb,
    creating_at timestamp with time zone,
    comments_at character varying(40),
    attempts integer DEFAULT 0 NOT NULL,
    retry_at timestamp with time zone,
    last_error text,
    asked character(32),
    released character(32)
);

ALTER TABLE ONLY public.board_issues FORCE ROW LEVEL SECURITY;

CREATE TABLE public.board_notes (
    company_id uuid NOT NULL,
    task_id uuid NOT NULL,
    key character varying(200) NOT NULL,
    body text NOT NULL,
    attempted boolean DEFAULT false NOT NULL,
    sent boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.board_notes FORCE ROW LEVEL SECURITY;

CREATE TABLE public.boards (
    company_id uuid NOT NULL,
    repository character varying(255) NOT NULL,
    read_to character varying(40),
    etag text,
    poll_at timestamp with time zone NOT NULL,
    synced_at timestamp with time zone,
    paused_until timestamp with time zone,
    last_error text,
    holder uuid,
    lease_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.boards FORCE ROW LEVEL SECURITY;

CREATE TABLE public.breakers (
    company_id uuid NOT NULL,
    name character varying(200) NOT NULL,
    failures integer NOT NULL,
    opens integer NOT NULL,
    open_since timestamp with time zone,
    open_until timestamp with time zone NOT NULL,
    last_error text
);

ALTER TABLE ONLY public.breakers FORCE ROW LEVEL SECURITY;

CREATE TABLE public.budget_windows (
    company_id uuid NOT NULL,
    budget_id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    spent_micro_usd bigint DEFAULT 0 NOT NULL,
    reserved_micro_usd bigint DEFAULT 0 NOT NULL,
    refused_at timestamp with time zone,
    soft_alert_at timestamp with time zone,
    hard_alert_at timestamp with time zone,
    CONSTRAINT budget_windows_reserved_micro_usd_check CHECK ((reserved_micro_usd >= 0)),
    CONSTRAINT budget_windows_spent_micro_usd_check CHECK ((spent_micro_usd >= 0))
);

ALTER TABLE ONLY public.budget_windows FORCE ROW LEVEL SECURITY;

CREATE TABLE public.budgets (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    scope character varying(12) NOT NULL,
    target character varying(255) NOT NULL,
    period character varying(5) NOT NULL,
    cap_micro_usd bigint NOT NULL,
    soft_percent integer DEFAULT 80 NOT NULL,
    time_zone character varying(60) DEFAULT 'UTC'::character varying NOT NULL,
    source character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT budgets_cap_micro_usd_check CHECK ((cap_micro_usd >= 0)),
    CONSTRAINT budgets_check CHECK ((((scope)::text = 'company'::text) = ((target)::text = ''::text))),
    CONSTRAINT budgets_period_check CHECK (((period)::text = ANY ((ARRAY['day'::character varying, 'month'::character varying, 'total'::character varying])::text[]))),
    CONSTRAINT budgets_scope_check CHECK (((scope)::text = ANY ((ARRAY['company'::character varying, 'client'::character varying, 'department'::character varying, 'agent'::character varying, 'task'::character varying, 'key'::character varying])::text[]))),
    CONSTRAINT budgets_soft_percent_check CHECK (((soft_percent >= 1) AND (soft_percent <= 100))),
    CONSTRAINT budgets_source_check CHECK (((source)::text = ANY ((ARRAY['fleet'::character varying, 'task'::character varying, 'key'::character varying])::text[])))
);

ALTER TABLE ONLY public.budgets FORCE ROW LEVEL SECURITY;

CREATE TABLE public.call_files (
    company_id uuid NOT NULL,
    sha256 character(64) NOT NULL,
    content bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.call_files FORCE ROW LEVEL SECURITY;

CREATE TABLE public.change_commits (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    change_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    sha character varying(64) NOT NULL,
    title character varying(255) NOT NULL,
    files jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.change_commits FORCE ROW LEVEL SECURITY;

CREATE TABLE public.change_reviews (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    change_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    head_sha character varying(64) NOT NULL,
    verdict character varying(20) NOT NULL,
    body text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    comments jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT change_reviews_verdict_check CHECK (((verdict)::text = ANY ((ARRAY['approve'::character varying, 'request_changes'::character varying, 'comment'::character varying])::text[])))
);

ALTER TABLE ONLY public.change_reviews FORCE ROW LEVEL SECURITY;

CREATE TABLE public.changes (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    task_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    repository character varying(255) NOT NULL,
    branch character varying(255) NOT NULL,
    base character varying(255) NOT NULL,
    title character varying(255) NOT NULL,
    status character varying(20) NOT NULL,
    number integer,
    url text,
    head_sha character varying(64),
    merge_sha character varying(64),
    merged_by uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT changes_check CHECK ((((status)::text = 'begun'::text) OR ((number IS NOT NULL) AND (head_sha IS NOT NULL)))),
    CONSTRAINT changes_check1 CHECK ((((status)::text = 'merged'::text) = (merge_sha IS NOT NULL))),
    CONSTRAINT changes_status_check CHECK (((status)::text = ANY ((ARRAY['begun'::character varying, 'open'::character varying, 'merged'::character varying])::text[])))
);

ALTER TABLE ONLY public.changes FORCE ROW LEVEL SECURITY;

CREATE TABLE public.chat_buttons (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    token_hash character varying(64) NOT NULL,
    chat_id uuid NOT NULL,
    kind character varying(20) NOT NULL,
    subject uuid NOT NULL,
    answer character varying(20) NOT NULL,
    digest character varying(64),
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT chat_buttons_answer_check CHECK (((answer)::text = ANY ((ARRAY['approve'::character varying, 'deny'::character varying, 'veto'::character varying])::text[]))),
    CONSTRAINT chat_buttons_kind_check CHECK (((kind)::text = ANY ((ARRAY['approval'::character varying, 'escalation'::character varying])::text[])))
);

ALTER TABLE ONLY public.chat_buttons FORCE ROW LEVEL SECURITY;

CREATE TABLE public.chat_codes (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    code_hash character varying(64) NOT NULL,
    operator character varying(60) NOT NULL,
    operator_id uuid,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE ONLY public.chat_codes FORCE ROW LEVEL SECURITY;

CREATE TABLE public.chat_polls (
    company_id uuid NOT NULL,
    holder character varying(64) NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    next_update bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY public.chat_polls FORCE ROW LEVEL SECURITY;

CREATE TABLE public.chats (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    chat character varying(64) NOT NULL,
    account character varying(64) NOT NULL,
    account_name character varying(100) NOT NULL,
    operator character varying(60) NOT NULL,
    operator_id uuid,
    linked_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);

ALTER TABLE ONLY public.chats FORCE ROW LEVEL SECURITY;

CREATE TABLE public.claims (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    report_id uuid,
    agent_id uuid NOT NULL,
    task_id uuid,
    metric character varying(100) NOT NULL,
    value text NOT NULL,
    unit character varying(40) NOT NULL,
    period_from timestamp with time zone,
    period_to timestamp with time zone,
    entity character varying(100) NOT NULL,
    receipts text[] NOT NULL,
    verified boolean NOT NULL,
    why text,
    observed_at timestamp with time zone,
    source character varying(60),
    created_at timestamp with time zone NOT NULL,
    taint text,
    withdrawn_by uuid,
    refuted_at timestamp with time zone,
    refuted_by text,
    refuted_why text,
    upheld uuid,
    side uuid,
    restates uuid,
    CONSTRAINT claims_check CHECK (((period_from IS NULL) = (period_to IS NULL))),
    CONSTRAINT claims_check1 CHECK ((verified = (observed_at IS NOT NULL))),
    CONSTRAINT claims_refuted_whole CHECK ((((refuted_at IS NULL) = (refuted_by IS NULL)) AND ((refuted_at IS NULL) = (refuted_why IS NULL)) AND ((upheld IS NULL) OR (refuted_at IS NOT NULL)))),
    CONSTRAINT claims_restates_refuted CHECK (((restates IS NULL) OR (refuted_at IS NOT NULL)))
);

ALTER TABLE ONLY public.claims FORCE ROW LEVEL SECURITY;

CREATE TABLE public.clients (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    slug character varying(60) NOT NULL,
    name character varying(255) NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.clients FORCE ROW LEVEL SECURITY;

CREATE TABLE public.commands (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    kind character varying(40) NOT NULL,
    arguments jsonb NOT NULL,
    asked_by character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    result jsonb
);

ALTER TABLE ONLY public.commands FORCE ROW LEVEL SECURITY;

CREATE TABLE public.companies (
    id uuid NOT NULL,
    slug character varying(60) NOT NULL,
    name character varying(255) NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.container_lives (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    epoch integer NOT NULL,
    container_id character varying(100) NOT NULL,
    task_id uuid,
    client_id uuid,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT container_lives_check CHECK ((ended_at >= started_at))
);

ALTER TABLE ONLY public.container_lives FORCE ROW LEVEL SECURITY;

CREATE TABLE public.contradictions (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    first_claim uuid NOT NULL,
    second_claim uuid NOT NULL,
    task_id uuid,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.contradictions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.conversations (
    company_id uuid NOT NULL,
    low_agent uuid NOT NULL,
    high_agent uuid NOT NULL,
    last_from uuid NOT NULL,
    turns integer NOT NULL,
    since timestamp with time zone NOT NULL,
    stopped_at timestamp with time zone,
    CONSTRAINT conversations_check CHECK ((low_agent < high_agent))
);

ALTER TABLE ONLY public.conversations FORCE ROW LEVEL SECURITY;

CREATE TABLE public.decision_arguments (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    head character varying(100) NOT NULL,
    turn integer NOT NULL,
    text text NOT NULL,
    message_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.decision_arguments FORCE ROW LEVEL SECURITY;

CREATE TABLE public.decisions (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    title character varying(255) NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    proposed_by uuid NOT NULL,
    decision_type character varying(50) NOT NULL,
    status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    veto_round integer DEFAULT 0 NOT NULL,
    ceo_vote character varying(20),
    dao_vote character varying(20),
    c_level_votes jsonb,
    human_decision character varying(20),
    resolved_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    declared_type character varying(50) NOT NULL,
    type_reason text,
    kind character varying(255),
    amount_micro_usd bigint DEFAULT 0 NOT NULL,
    phase character varying(10),
    deadline_at timestamp with time zone,
    valid_until timestamp with time zone,
    machine jsonb NOT NULL,
    attached_task jsonb,
    outcome_reason text,
    human_comment text,
    rehearsal boolean DEFAULT false NOT NULL,
    emergency boolean DEFAULT false NOT NULL,
    attached_action jsonb,
    content_digest text,
    paid_by_task_id uuid,
    taint text,
    CONSTRAINT decisions_amount_micro_usd_check CHECK ((amount_micro_usd >= 0)),
    CONSTRAINT decisions_decision_type_check CHECK (((decision_type)::text = ANY ((ARRAY['minor'::character varying, 'major'::character varying, 'critical'::character varying])::text[]))),
    CONSTRAINT decisions_phase_check CHECK (((phase)::text = ANY ((ARRAY['heads'::character varying, 'analysis'::character varying, 'final'::character varying])::text[]))),
    CONSTRAINT decisions_status_check CHECK (((status)::text = ANY ((ARRAY['pending'::character varying, 'approved'::character varying, 'vetoed'::character varying, 'escalated'::character varying, 'withdrawn'::character varying, 'overridden'::character varying])::text[])))
);

ALTER TABLE ONLY public.decisions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.deliveries (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    message_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    rung_at timestamp with time zone,
    rings integer DEFAULT 0 NOT NULL,
    delivered_at timestamp with time zone,
    acknowledged_at timestamp with time zone
);

ALTER TABLE ONLY public.deliveries FORCE ROW LEVEL SECURITY;

CREATE TABLE public.escalation_links (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    escalation_id uuid NOT NULL,
    number integer NOT NULL,
    token_hash text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.escalation_links FORCE ROW LEVEL SECURITY;

CREATE TABLE public.escalation_notices (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    escalation_id uuid NOT NULL,
    channel character varying(20) NOT NULL,
    number integer NOT NULL,
    status character varying(10) DEFAULT 'waiting'::character varying NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    claimed_at timestamp with time zone,
    sent_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT escalation_notices_number_check CHECK ((number >= 1)),
    CONSTRAINT escalation_notices_status_check CHECK (((status)::text = ANY ((ARRAY['waiting'::character varying, 'sending'::character varying, 'sent'::character varying, 'failed'::character varying, 'unknown'::character varying, 'dropped'::character varying])::text[])))
);

ALTER TABLE ONLY public.escalation_notices FORCE ROW LEVEL SECURITY;

CREATE TABLE public.escalations (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    reason text NOT NULL,
    status character varying(10) DEFAULT 'waiting'::character varying NOT NULL,
    answer character varying(20),
    comment text,
    answered_by character varying(100),
    created_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    CONSTRAINT escalations_status_check CHECK (((status)::text = ANY ((ARRAY['waiting'::character varying, 'answered'::character varying, 'closed'::character varying])::text[])))
);

ALTER TABLE ONLY public.escalations FORCE ROW LEVEL SECURITY;

CREATE TABLE public.events (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    event_type character varying(50) NOT NULL,
    source_agent uuid,
    target_agent uuid,
    body text NOT NULL,
    payload jsonb GENERATED ALWAYS AS (((body)::jsonb -> 'payload'::text)) STORED,
    source_name character varying(100) NOT NULL,
    target_name character varying(100),
    created_at timestamp with time zone NOT NULL,
    seq bigint,
    prev text,
    hash text
);

ALTER TABLE ONLY public.events FORCE ROW LEVEL SECURITY;

CREATE TABLE public.fleets (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    digest text NOT NULL,
    kickoff_sent_at timestamp with time zone,
    next_status_query_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    source character varying(10) DEFAULT 'file'::character varying NOT NULL,
    made_by character varying(80) DEFAULT 'system'::character varying NOT NULL,
    comment text DEFAULT ''::text NOT NULL,
    CONSTRAINT fleets_source_check CHECK (((source)::text = ANY ((ARRAY['file'::character varying, 'console'::character varying])::text[])))
);

ALTER TABLE ONLY public.fleets FORCE ROW LEVEL SECURITY;

CREATE TABLE public.gateway_keys (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    name character varying(60) NOT NULL,
    key_hash text NOT NULL,
    old_key_hash text,
    old_key_until timestamp with time zone,
    models jsonb,
    created_by character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone
);

ALTER TABLE ONLY public.gateway_keys FORCE ROW LEVEL SECURITY;

CREATE TABLE public.history_summaries (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    client_id uuid,
    period character varying(5) NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    summary text NOT NULL,
    parts uuid[] NOT NULL,
    entries integer NOT NULL,
    search tsvector GENERATED ALWAYS AS (to_tsvector('english'::regconfig, summary)) STORED,
    created_at timestamp with time zone NOT NULL,
    model character varying(100),
    source character varying(10) DEFAULT 'own'::character varying NOT NULL,
    embedding public.vector,
    embedding_model character varying(100),
    embed_after timestamp with time zone,
    CONSTRAINT history_summaries_period_check CHECK (((period)::text = ANY ((ARRAY['day'::character varying, 'week'::character varying, 'month'::character varying])::text[]))),
    CONSTRAINT history_summaries_source_check CHECK (((source)::text = ANY ((ARRAY['own'::character varying, 'agent'::character varying])::text[])))
);

ALTER TABLE ONLY public.history_summaries FORCE ROW LEVEL SECURITY;

CREATE TABLE public.hook_deliveries (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    hook character varying(60) NOT NULL,
    delivery_id character varying(200) NOT NULL,
    proof character varying(64) NOT NULL,
    event character varying(100),
    action character varying(100),
    outcome character varying(20) NOT NULL,
    why text,
    task_id uuid,
    received_at timestamp with time zone NOT NULL,
    CONSTRAINT hook_deliveries_outcome_check CHECK (((outcome)::text = ANY ((ARRAY['task'::character varying, 'wake'::character varying, 'board'::character varying, 'nothing'::character varying, 'unreadable'::character varying, 'failed'::character varying])::text[])))
);

ALTER TABLE ONLY public.hook_deliveries FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ideas (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    title character varying(255) NOT NULL,
    text text NOT NULL,
    kind character varying(255),
    amount_micro_usd bigint DEFAULT 0 NOT NULL,
    status character varying(10) NOT NULL,
    score integer,
    score_parts jsonb,
    similarity real,
    merged_into uuid,
    mentions integer DEFAULT 1 NOT NULL,
    decision_id uuid,
    embedding public.vector,
    embedding_model text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    taint text,
    CONSTRAINT ideas_amount_micro_usd_check CHECK ((amount_micro_usd >= 0)),
    CONSTRAINT ideas_check CHECK ((((status)::text = 'merged'::text) = (merged_into IS NOT NULL))),
    CONSTRAINT ideas_check1 CHECK ((((status)::text = 'promoted'::text) = (decision_id IS NOT NULL))),
    CONSTRAINT ideas_score_check CHECK (((score >= 0) AND (score <= 100))),
    CONSTRAINT ideas_status_check CHECK (((status)::text = ANY ((ARRAY['new'::character varying, 'kept'::character varying, 'merged'::character varying, 'promoted'::character varying, 'dropped'::character varying])::text[])))
);

ALTER TABLE ONLY public.ideas FORCE ROW LEVEL SECURITY;

CREATE TABLE public.kill_switches (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    scope character varying(12) NOT NULL,
    target character varying(255) NOT NULL,
    reason text NOT NULL,
    pressed_by character varying(100) NOT NULL,
    pressed_from character varying(255) NOT NULL,
    pressed_at timestamp with time zone NOT NULL,
    resumed_by character varying(100),
    resumed_from character varying(255),
    resumed_at timestamp with time zone,
    resume_reason text,
    CONSTRAINT kill_switches_check CHECK ((((scope)::text = 'company'::text) = ((target)::text = ''::text))),
    CONSTRAINT kill_switches_check1 CHECK ((((resumed_at IS NULL) = (resumed_by IS NULL)) AND ((resumed_at IS NULL) = (resumed_from IS NULL)))),
    CONSTRAINT kill_switches_scope_check CHECK (((scope)::text = ANY ((ARRAY['company'::character varying, 'client'::character varying, 'department'::character varying, 'agent'::character varying, 'task'::character varying])::text[])))
);

ALTER TABLE ONLY public.kill_switches FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lead_terms (
    company_id uuid NOT NULL,
    term bigint NOT NULL,
    agent_id uuid NOT NULL,
    acting boolean NOT NULL,
    reason text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    lost_since timestamp with time zone,
    back_since timestamp with time zone,
    CONSTRAINT lead_terms_check CHECK (((ended_at IS NULL) OR (ended_at >= began_at))),
    CONSTRAINT lead_terms_term_check CHECK ((term >= 1))
);

ALTER TABLE ONLY public.lead_terms FORCE ROW LEVEL SECURITY;

CREATE TABLE public.login_links (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    token_hash text NOT NULL,
    made_by character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    operator_id uuid
);

ALTER TABLE ONLY public.login_links FORCE ROW LEVEL SECURITY;

CREATE TABLE public.messages (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    type character varying(20) NOT NULL,
    from_name character varying(100) NOT NULL,
    from_agent uuid,
    to_name character varying(100) NOT NULL,
    payload jsonb NOT NULL,
    priority character varying(10) NOT NULL,
    requires_response boolean DEFAULT false NOT NULL,
    response_deadline timestamp with time zone,
    in_reply_to uuid,
    responded_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    hops integer DEFAULT 0 NOT NULL,
    overdue_at timestamp with time zone,
    late boolean DEFAULT false NOT NULL,
    taint text,
    thread_id uuid,
    CONSTRAINT messages_hops_check CHECK ((hops >= 0)),
    CONSTRAINT messages_priority_check CHECK (((priority)::text = ANY ((ARRAY['low'::character varying, 'normal'::character varying, 'high'::character varying, 'urgent'::character varying])::text[]))),
    CONSTRAINT messages_type_check CHECK (((type)::text = ANY ((ARRAY['task'::character varying, 'status_request'::character varying, 'status_response'::character varying, 'decision'::character varying, 'vote'::character varying, 'alert'::character varying, 'broadcast'::character varying, 'direct'::character varying])::text[])))
);

ALTER TABLE ONLY public.messages FORCE ROW LEVEL SECURITY;

CREATE TABLE public.metrics (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    name character varying(100) NOT NULL,
    value numeric(18,6) NOT NULL,
    unit character varying(40) NOT NULL,
    entity character varying(100) NOT NULL,
    period character varying(40),
    recorded_by character varying(100) NOT NULL,
    agent_id uuid,
    receipt_id uuid,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.metrics FORCE ROW LEVEL SECURITY;

CREATE TABLE public.notice_channels (
    company_id uuid NOT NULL,
    channel character varying(20) NOT NULL,
    last_sent_at timestamp with time zone,
    last_failed_at timestamp with time zone,
    last_error text
);

ALTER TABLE ONLY public.notice_channels FORCE ROW LEVEL SECURITY;

CREATE TABLE public.operator_api_keys (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    operator_id uuid,
    name character varying(60) NOT NULL,
    key_hash text NOT NULL,
    scopes jsonb NOT NULL,
    created_by character varying(60) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone
);

ALTER TABLE ONLY public.operator_api_keys FORCE ROW LEVEL SECURITY;

CREATE TABLE public.operator_attempts (
    company_id uuid NOT NULL,
    subject character varying(120) NOT NULL,
    attempts integer NOT NULL,
    since timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.operator_attempts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.operator_recovery_codes (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    code_hash text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE ONLY public.operator_recovery_codes FORCE ROW LEVEL SECURITY;

CREATE TABLE public.operator_sessions (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    token_hash text NOT NULL,
    operator character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    operator_id uuid,
    how character varying(10) DEFAULT 'link'::character varying NOT NULL,
    address character varying(60) DEFAULT ''::character varying NOT NULL,
    user_agent character varying(200) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT operator_sessions_how_check CHECK (((how)::text = ANY ((ARRAY['link'::character varying, 'password'::character varying])::text[])))
);

ALTER TABLE ONLY public.operator_sessions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.operators (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    name character varying(40) NOT NULL,
    role character varying(10) NOT NULL,
    password_hash text,
    totp_sealed text,
    totp_last_step integer,
    created_by character varying(60) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    set_up_at timestamp with time zone,
    disabled_at timestamp with time zone,
    CONSTRAINT operators_check CHECK (((password_hash IS NULL) = (totp_sealed IS NULL))),
    CONSTRAINT operators_role_check CHECK (((role)::text = ANY ((ARRAY['owner'::character varying, 'approver'::character varying, 'viewer'::character varying])::text[])))
);

ALTER TABLE ONLY public.operators FORCE ROW LEVEL SECURITY;

CREATE TABLE public.outbox (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    kind character varying(10) NOT NULL,
    target character varying(200) NOT NULL,
    body text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    CONSTRAINT outbox_kind_check CHECK (((kind)::text = ANY ((ARRAY['channel'::character varying, 'hint'::character varying, 'job'::character varying])::text[])))
);

ALTER TABLE ONLY public.outbox FORCE ROW LEVEL SECURITY;

CREATE TABLE public.publications (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    title character varying(255) NOT NULL,
    text text NOT NULL,
    agent_id uuid NOT NULL,
    decision_id uuid,
    created_at timestamp with time zone NOT NULL,
    approval_id uuid,
    permission_id uuid,
    files jsonb DEFAULT '[]'::jsonb NOT NULL
);

ALTER TABLE ONLY public.publications FORCE ROW LEVEL SECURITY;

CREATE TABLE public.receipt_keys (
    company_id uuid NOT NULL,
    id character varying(32) NOT NULL,
    public_key text NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.receipt_keys FORCE ROW LEVEL SECURITY;

CREATE TABLE public.receipt_texts (
    company_id uuid NOT NULL,
    sha256 character(64) NOT NULL,
    gzip bytea NOT NULL,
    used_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.receipt_texts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.receipts (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    run_id uuid,
    task_id uuid,
    tool character varying(100) NOT NULL,
    arguments_digest text NOT NULL,
    ok boolean NOT NULL,
    result jsonb NOT NULL,
    duration_ms integer NOT NULL,
    signature text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    epoch integer,
    status character varying(10) NOT NULL,
    effect boolean DEFAULT false NOT NULL,
    source character varying(60) DEFAULT 'aito'::character varying NOT NULL,
    facts jsonb DEFAULT '[]'::jsonb NOT NULL,
    result_text text DEFAULT ''::text NOT NULL,
    result_sha256 character(64),
    result_characters integer DEFAULT 0 NOT NULL,
    body text,
    key_id character varying(32),
    CONSTRAINT receipts_status_check CHECK (((status)::text = ANY ((ARRAY['succeeded'::character varying, 'failed'::character varying, 'refused'::character varying, 'unknown'::character varying, 'shadowed'::character varying])::text[])))
);

ALTER TABLE ONLY public.receipts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.recording_texts (
    company_id uuid NOT NULL,
    sha256 character(64) NOT NULL,
    gzip bytea NOT NULL,
    stored_bytes integer NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.recording_texts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.recordings (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    request_sha256 character(64) NOT NULL,
    response_sha256 character(64) NOT NULL,
    whole boolean NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.recordings FORCE ROW LEVEL SECURITY;

CREATE TABLE public.reports (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    task_id uuid,
    run_id uuid,
    receipt_id uuid,
    text text NOT NULL,
    finishes boolean NOT NULL,
    accepted boolean NOT NULL,
    refusal text,
    marks jsonb DEFAULT '[]'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.reports FORCE ROW LEVEL SECURITY;

CREATE TABLE public.reservations (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid,
    epoch integer,
    key_id uuid,
    run_id uuid,
    task_id uuid,
    client_id uuid,
    action character varying(60),
    asked_model character varying(100) NOT NULL,
    upstream character varying(100) NOT NULL,
    amount_micro_usd bigint NOT NULL,
    budget_ids uuid[] NOT NULL,
    window_starts timestamp with time zone[] NOT NULL,
    holder character varying(60) NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    settled_seq bigint DEFAULT 0 NOT NULL,
    CONSTRAINT reservations_amount_micro_usd_check CHECK ((amount_micro_usd >= 0))
);

ALTER TABLE ONLY public.reservations FORCE ROW LEVEL SECURITY;

CREATE TABLE public.runs (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    epoch integer NOT NULL,
    reasons jsonb NOT NULL,
    status character varying(20) NOT NULL,
    model_calls integer DEFAULT 0 NOT NULL,
    summary text,
    error text,
    log text DEFAULT ''::text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    lease_until timestamp with time zone,
    deadline_at timestamp with time zone,
    taint text,
    shown_tasks uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    CONSTRAINT runs_status_check CHECK (((status)::text = ANY ((ARRAY['running'::character varying, 'done'::character varying, 'nothing_new'::character varying, 'failed'::character varying, 'lost'::character varying])::text[])))
);

ALTER TABLE ONLY public.runs FORCE ROW LEVEL SECURITY;

CREATE TABLE public.schema_migrations (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    run_on timestamp without time zone NOT NULL
);

CREATE SEQUENCE public.schema_migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.schema_migrations_id_seq OWNED BY public.schema_migrations.id;

CREATE TABLE public.sessions (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    epoch integer NOT NULL,
    token_hash text NOT NULL,
    session_hash text,
    redis_user text,
    redis_password_hash text,
    created_at timestamp with time zone NOT NULL,
    hello_at timestamp with time zone,
    revoked_at timestamp with time zone,
    session_at timestamp with time zone,
    previous_hash text,
    previous_until timestamp with time zone,
    container_key text,
    taint text
);

ALTER TABLE ONLY public.sessions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.standing_permissions (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    name character varying(60) NOT NULL,
    tool character varying(100) NOT NULL,
    role character varying(100),
    constraints jsonb NOT NULL,
    times_max integer NOT NULL,
    amount_max_micro_usd bigint NOT NULL,
    period character varying(5) NOT NULL,
    until timestamp with time zone,
    created_by character varying(255) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by character varying(255),
    CONSTRAINT standing_permissions_amount_max_micro_usd_check CHECK ((amount_max_micro_usd >= 0)),
    CONSTRAINT standing_permissions_period_check CHECK (((period)::text = ANY ((ARRAY['hour'::character varying, 'day'::character varying, 'week'::character varying, 'month'::character varying, 'total'::character varying])::text[]))),
    CONSTRAINT standing_permissions_times_max_check CHECK ((times_max > 0))
);

ALTER TABLE ONLY public.standing_permissions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.status_queries (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    asked_by uuid NOT NULL,
    asked jsonb NOT NULL,
    deadline_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    result jsonb,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.status_queries FORCE ROW LEVEL SECURITY;

CREATE TABLE public.tasks (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    title character varying(255) NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    assigned_to uuid,
    created_by uuid,
    status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    priority integer DEFAULT 5 NOT NULL,
    due_date timestamp with time zone,
    completed_at timestamp with time zone,
    result jsonb,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    decision_id uuid,
    parent_task_id uuid,
    worker_type character varying(60),
    worker_agent_id uuid,
    attempts integer DEFAULT 0 NOT NULL,
    finding_key text,
    budget_micro_usd bigint,
    paid_by_task_id uuid,
    client_id uuid,
    quarantined_at timestamp with time zone,
    taint text,
    tools text[],
    retry_of uuid,
    request_key character varying(64),
    request_digest character varying(64),
    ended_by text,
    CONSTRAINT tasks_priority_check CHECK (((priority >= 1) AND (priority <= 10))),
    CONSTRAINT tasks_status_check CHECK (((status)::text = ANY ((ARRAY['blocked'::character varying, 'pending'::character varying, 'running'::character varying, 'done'::character varying, 'failed'::character varying, 'cancelled'::character varying])::text[])))
);

ALTER TABLE ONLY public.tasks FORCE ROW LEVEL SECURITY;

CREATE TABLE public.terms (
    company_id uuid NOT NULL,
    term bigint NOT NULL,
    holder text NOT NULL,
    renewed_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.terms FORCE ROW LEVEL SECURITY;

CREATE TABLE public.tool_pins (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    server character varying(60) NOT NULL,
    tool character varying(60) NOT NULL,
    hash character(64) NOT NULL,
    description text NOT NULL,
    input_schema text NOT NULL,
    output_schema text,
    problem text,
    status character varying(10) NOT NULL,
    present boolean NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    answered_by character varying(60),
    CONSTRAINT tool_pins_check CHECK (((((status)::text = ANY ((ARRAY['approved'::character varying, 'refused'::character varying])::text[])) AND (answered_at IS NOT NULL)) OR ((status)::text = ANY ((ARRAY['waiting'::character varying, 'replaced'::character varying])::text[])))),
    CONSTRAINT tool_pins_status_check CHECK (((status)::text = ANY ((ARRAY['waiting'::character varying, 'approved'::character varying, 'refused'::character varying, 'replaced'::character varying])::text[])))
);

ALTER TABLE ONLY public.tool_pins FORCE ROW LEVEL SECURITY;

CREATE TABLE public.trigger_firings (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    rule_key character varying(255) NOT NULL,
    kind character varying(40) NOT NULL,
    subject character varying(100) NOT NULL,
    detail text NOT NULL,
    decision_id uuid,
    fired_at timestamp with time zone NOT NULL,
    cleared_at timestamp with time zone
);

ALTER TABLE ONLY public.trigger_firings FORCE ROW LEVEL SECURITY;

CREATE TABLE public.usage (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid,
    run_id uuid,
    task_id uuid,
    epoch integer,
    model character varying(100) NOT NULL,
    upstream character varying(100) NOT NULL,
    status integer NOT NULL,
    input_tokens integer,
    output_tokens integer,
    cache_write_tokens integer,
    cache_read_tokens integer,
    cost_micro_usd bigint,
    duration_ms integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    key_id uuid,
    client_id uuid,
    action character varying(60),
    asked_model character varying(100),
    charged_micro_usd bigint,
    cache_write_1h_tokens integer,
    cut boolean DEFAULT false NOT NULL,
    swept boolean DEFAULT false NOT NULL,
    attempts integer,
    first_byte_ms integer,
    CONSTRAINT usage_has_caller CHECK (((agent_id IS NOT NULL) OR (key_id IS NOT NULL) OR ((action)::text = 'ask'::text)))
);

ALTER TABLE ONLY public.usage FORCE ROW LEVEL SECURITY;

CREATE TABLE public.votes (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    round integer NOT NULL,
    phase character varying(10) NOT NULL,
    voter character varying(100) NOT NULL,
    agent_id uuid NOT NULL,
    vote character varying(20) NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    epoch integer,
    cast_at timestamp with time zone NOT NULL,
    CONSTRAINT votes_phase_check CHECK (((phase)::text = ANY ((ARRAY['heads'::character varying, 'analysis'::character varying, 'final'::character varying])::text[]))),
    CONSTRAINT votes_vote_check CHECK (((vote)::text = ANY ((ARRAY['approve'::character varying, 'veto'::character varying, 'abstain'::character varying, 'no_answer'::character varying])::text[])))
);

ALTER TABLE ONLY public.votes FORCE ROW LEVEL SECURITY;

CREATE TABLE public.work (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    agent_id uuid,
    kind character varying(10) NOT NULL,
    ref text,
    reason text NOT NULL,
    priority integer DEFAULT 5 NOT NULL,
    urgent boolean DEFAULT false NOT NULL,
    dedup_key text,
    available_at timestamp with time zone NOT NULL,
    run_id uuid,
    claimed_epoch integer,
    attempts integer DEFAULT 0 NOT NULL,
    done_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    losses integer DEFAULT 0 NOT NULL,
    interruptions integer DEFAULT 0 NOT NULL,
    CONSTRAINT work_interruptions_check CHECK ((interruptions >= 0)),
    CONSTRAINT work_kind_check CHECK (((kind)::text = ANY ((ARRAY['wake'::character varying, 'task'::character varying, 'message'::character varying, 'vote'::character varying])::text[])))
);

ALTER TABLE ONLY public.work FORCE ROW LEVEL SECURITY;

CREATE TABLE public.works (
    id uuid NOT NULL,
    company_id uuid NOT NULL,
    task_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.works FORCE ROW LEVEL SECURITY;

ALTER TABLE ONLY public.schema_migrations ALTER COLUMN id SET DEFAULT nextval('public.schema_migrations_id_seq'::regclass);

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.agent_history
    ADD CONSTRAINT agent_history_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.agent_loop_actions
    ADD CONSTRAINT agent_loop_actions_agent_id_position_key UNIQUE (agent_id, "position");

ALTER TABLE ONLY public.agent_loop_actions
    ADD CONSTRAINT agent_loop_actions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.agent_plans
    ADD CONSTRAINT agent_plans_pkey PRIMARY KEY (agent_id);

ALTER TABLE ONLY public.agent_state
    ADD CONSTRAINT agent_state_agent_id_state_key_key UNIQUE (agent_id, state_key);

ALTER TABLE ONLY public.agent_state
    ADD CONSTRAINT agent_state_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_company_id_name_key UNIQUE (company_id, name);

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.alert_notices
    ADD CONSTRAINT alert_notices_alert_id_channel_number_key UNIQUE (alert_id, channel, number);

ALTER TABLE ONLY public.alert_notices
    ADD CONSTRAINT alert_notices_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alerts
    ADD CONSTRAINT alerts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alerts
    ADD CONSTRAINT alerts_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.begun_calls
    ADD CONSTRAINT begun_calls_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.board_comments
    ADD CONSTRAINT board_comments_pkey PRIMARY KEY (company_id, comment_id);

ALTER TABLE ONLY public.board_issues
    ADD CONSTRAINT board_issues_company_id_number_key UNIQUE (company_id, number);

ALTER TABLE ONLY public.board_issues
    ADD CONSTRAINT board_issues_pkey PRIMARY KEY (task_id);

ALTER TABLE ONLY public.board_notes
    ADD CONSTRAINT board_notes_pkey PRIMARY KEY (task_id, key);

ALTER TABLE ONLY public.boards
    ADD CONSTRAINT boards_pkey PRIMARY KEY (company_id);

ALTER TABLE ONLY public.breakers
    ADD CONSTRAINT breakers_pkey PRIMARY KEY (company_id, name);

ALTER TABLE ONLY public.budget_windows
    ADD CONSTRAINT budget_windows_pkey PRIMARY KEY (budget_id, starts_at);

ALTER TABLE ONLY public.budgets
    ADD CONSTRAINT budgets_company_id_scope_target_period_key UNIQUE (company_id, scope, target, period);

ALTER TABLE ONLY public.budgets
    ADD CONSTRAINT budgets_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.budgets
    ADD CONSTRAINT budgets_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.call_files
    ADD CONSTRAINT call_files_pkey PRIMARY KEY (company_id, sha256);

ALTER TABLE ONLY public.change_commits
    ADD CONSTRAINT change_commits_company_id_change_id_sha_key UNIQUE (company_id, change_id, sha);

ALTER TABLE ONLY public.change_commits
    ADD CONSTRAINT change_commits_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.change_reviews
    ADD CONSTRAINT change_reviews_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_company_id_task_id_repository_key UNIQUE (company_id, task_id, repository);

ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.chat_buttons
    ADD CONSTRAINT chat_buttons_company_id_token_hash_key UNIQUE (company_id, token_hash);

ALTER TABLE ONLY public.chat_buttons
    ADD CONSTRAINT chat_buttons_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.chat_codes
    ADD CONSTRAINT chat_codes_company_id_code_hash_key UNIQUE (company_id, code_hash);

ALTER TABLE ONLY public.chat_codes
    ADD CONSTRAINT chat_codes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.chat_polls
    ADD CONSTRAINT chat_polls_pkey PRIMARY KEY (company_id);

ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.clients
    ADD CONSTRAINT clients_company_id_slug_key UNIQUE (company_id, slug);

ALTER TABLE ONLY public.clients
    ADD CONSTRAINT clients_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.clients
    ADD CONSTRAINT clients_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.commands
    ADD CONSTRAINT commands_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.companies
    ADD CONSTRAINT companies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.companies
    ADD CONSTRAINT companies_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.container_lives
    ADD CONSTRAINT container_lives_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.contradictions
    ADD CONSTRAINT contradictions_first_claim_second_claim_key UNIQUE (first_claim, second_claim);

ALTER TABLE ONLY public.contradictions
    ADD CONSTRAINT contradictions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (company_id, low_agent, high_agent);

ALTER TABLE ONLY public.decision_arguments
    ADD CONSTRAINT decision_arguments_decision_id_head_turn_key UNIQUE (decision_id, head, turn);

ALTER TABLE ONLY public.decision_arguments
    ADD CONSTRAINT decision_arguments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_message_id_agent_id_key UNIQUE (message_id, agent_id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.escalation_links
    ADD CONSTRAINT escalation_links_escalation_id_number_key UNIQUE (escalation_id, number);

ALTER TABLE ONLY public.escalation_links
    ADD CONSTRAINT escalation_links_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.escalation_links
    ADD CONSTRAINT escalation_links_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.escalation_notices
    ADD CONSTRAINT escalation_notices_escalation_id_channel_number_key UNIQUE (escalation_id, channel, number);

ALTER TABLE ONLY public.escalation_notices
    ADD CONSTRAINT escalation_notices_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.escalations
    ADD CONSTRAINT escalations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.escalations
    ADD CONSTRAINT escalations_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_company_id_seq_key UNIQUE (company_id, seq);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.fleets
    ADD CONSTRAINT fleets_company_id_revision_key UNIQUE (company_id, revision);

ALTER TABLE ONLY public.fleets
    ADD CONSTRAINT fleets_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.gateway_keys
    ADD CONSTRAINT gateway_keys_key_hash_key UNIQUE (key_hash);

ALTER TABLE ONLY public.gateway_keys
    ADD CONSTRAINT gateway_keys_old_key_hash_key UNIQUE (old_key_hash);

ALTER TABLE ONLY public.gateway_keys
    ADD CONSTRAINT gateway_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.history_summaries
    ADD CONSTRAINT history_summaries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.hook_deliveries
    ADD CONSTRAINT hook_deliveries_company_id_hook_delivery_id_key UNIQUE (company_id, hook, delivery_id);

ALTER TABLE ONLY public.hook_deliveries
    ADD CONSTRAINT hook_deliveries_company_id_hook_proof_key UNIQUE (company_id, hook, proof);

ALTER TABLE ONLY public.hook_deliveries
    ADD CONSTRAINT hook_deliveries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.kill_switches
    ADD CONSTRAINT kill_switches_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lead_terms
    ADD CONSTRAINT lead_terms_pkey PRIMARY KEY (company_id, term);

ALTER TABLE ONLY public.login_links
    ADD CONSTRAINT login_links_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.login_links
    ADD CONSTRAINT login_links_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.metrics
    ADD CONSTRAINT metrics_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notice_channels
    ADD CONSTRAINT notice_channels_pkey PRIMARY KEY (company_id, channel);

ALTER TABLE ONLY public.operator_api_keys
    ADD CONSTRAINT operator_api_keys_key_hash_key UNIQUE (key_hash);

ALTER TABLE ONLY public.operator_api_keys
    ADD CONSTRAINT operator_api_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.operator_attempts
    ADD CONSTRAINT operator_attempts_pkey PRIMARY KEY (company_id, subject);

ALTER TABLE ONLY public.operator_recovery_codes
    ADD CONSTRAINT operator_recovery_codes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.operator_sessions
    ADD CONSTRAINT operator_sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.operator_sessions
    ADD CONSTRAINT operator_sessions_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.operators
    ADD CONSTRAINT operators_company_id_name_key UNIQUE (company_id, name);

ALTER TABLE ONLY public.operators
    ADD CONSTRAINT operators_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.operators
    ADD CONSTRAINT operators_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.publications
    ADD CONSTRAINT publications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.receipt_keys
    ADD CONSTRAINT receipt_keys_pkey PRIMARY KEY (company_id, id);

ALTER TABLE ONLY public.receipt_texts
    ADD CONSTRAINT receipt_texts_pkey PRIMARY KEY (company_id, sha256);

ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT receipts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.recording_texts
    ADD CONSTRAINT recording_texts_pkey PRIMARY KEY (company_id, sha256);

ALTER TABLE ONLY public.recordings
    ADD CONSTRAINT recordings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.reservations
    ADD CONSTRAINT reservations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_agent_id_epoch_key UNIQUE (agent_id, epoch);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_previous_hash_key UNIQUE (previous_hash);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_session_hash_key UNIQUE (session_hash);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.standing_permissions
    ADD CONSTRAINT standing_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.standing_permissions
    ADD CONSTRAINT standing_permissions_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.status_queries
    ADD CONSTRAINT status_queries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_within_company UNIQUE (company_id, id);

ALTER TABLE ONLY public.terms
    ADD CONSTRAINT terms_pkey PRIMARY KEY (company_id);

ALTER TABLE ONLY public.tool_pins
    ADD CONSTRAINT tool_pins_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trigger_firings
    ADD CONSTRAINT trigger_firings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.usage
    ADD CONSTRAINT usage_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.votes
    ADD CONSTRAINT votes_decision_id_round_voter_key UNIQUE (decision_id, round, voter);

ALTER TABLE ONLY public.votes
    ADD CONSTRAINT votes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work
    ADD CONSTRAINT work_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.works
    ADD CONSTRAINT works_pkey PRIMARY KEY (id);

CREATE INDEX actions_by_agent ON public.actions USING btree (agent_id, tool, created_at);

CREATE INDEX actions_by_decision ON public.actions USING btree (decision_id);

CREATE INDEX actions_by_permission ON public.actions USING btree (permission_id, created_at) WHERE (permission_id IS NOT NULL);

CREATE UNIQUE INDEX actions_once ON public.actions USING btree (approval_id) WHERE (approval_id IS NOT NULL);

CREATE INDEX agent_history_client ON public.agent_history USING btree (company_id, client_id) WHERE (client_id IS NOT NULL);

CREATE INDEX agent_history_days ON public.agent_history USING gin (days) WHERE (days <> '{}'::date[]);

CREATE INDEX agent_history_model ON public.agent_history USING btree (company_id, embedding_model, id) WHERE (embedding_model IS NOT NULL);

CREATE INDEX agent_history_near_56a9f54545b1 ON public.agent_history USING hnsw (((embedding)::public.halfvec(512)) public.halfvec_cosine_ops) WHERE (embedding_model = 'use-lite-en'::text);

CREATE INDEX agent_history_recent ON public.agent_history USING btree (company_id, agent_id, created_at DESC);

CREATE INDEX agent_history_run ON public.agent_history USING btree (run_id) WHERE (run_id IS NOT NULL);

CREATE INDEX agent_history_search ON public.agent_history USING gin (search);

CREATE INDEX agent_history_tainted ON public.agent_history USING btree (agent_id) WHERE ((taint IS NOT NULL) OR ((source)::text = 'outside'::text));

CREATE INDEX agent_history_unembedded ON public.agent_history USING btree (company_id, id) WHERE ((embedding_model IS NULL) AND (quarantined_at IS NULL));

CREATE INDEX agent_history_when ON public.agent_history USING btree (company_id, created_at);

CREATE INDEX agents_due ON public.agents USING btree (company_id, next_wake_at) WHERE (next_wake_at IS NOT NULL);

CREATE INDEX agents_here ON public.agents USING btree (company_id) WHERE (NOT (((kind)::text = 'worker'::text) AND ((desired)::text = 'gone'::text) AND ((status)::text = 'inactive'::text) AND (container_id IS NULL)));

CREATE INDEX alert_notices_open ON public.alert_notices USING btree (company_id) WHERE ((status)::text = ANY ((ARRAY['waiting'::character varying, 'sending'::character varying])::text[]));

CREATE UNIQUE INDEX alerts_one_briefing ON public.alerts USING btree (company_id, subject) WHERE ((kind)::text = 'briefing'::text);

CREATE UNIQUE INDEX alerts_one_open ON public.alerts USING btree (company_id, kind, subject) WHERE (closed_at IS NULL);

CREATE INDEX approvals_by_agent ON public.approvals USING btree (agent_id, tool, created_at);

CREATE UNIQUE INDEX approvals_once ON public.approvals USING btree (company_id, agent_id, epoch, call_digest) WHERE ((status)::text = 'waiting'::text);

CREATE INDEX approvals_open ON public.approvals USING btree (company_id, status, expires_at) WHERE ((status)::text = ANY ((ARRAY['waiting'::character varying, 'approved'::character varying, 'executing'::character varying])::text[]));

CREATE INDEX approvals_recent ON public.approvals USING btree (company_id, id DESC);

CREATE INDEX begun_calls_lease ON public.begun_calls USING btree (company_id, lease_until);

CREATE INDEX board_issues_waiting ON public.board_issues USING btree (company_id, task_id) WHERE (wanted > done);

CREATE INDEX change_reviews_of_change ON public.change_reviews USING btree (company_id, change_id, id);

CREATE INDEX changes_recent ON public.changes USING btree (company_id, id DESC);

CREATE INDEX chat_buttons_subject ON public.chat_buttons USING btree (company_id, subject) WHERE (used_at IS NULL);

CREATE UNIQUE INDEX chats_one ON public.chats USING btree (company_id, chat) WHERE (ended_at IS NULL);

CREATE INDEX claims_by_receipt ON public.claims USING gin (receipts);

CREATE INDEX claims_of_metric ON public.claims USING btree (company_id, metric, entity, id);

CREATE INDEX claims_of_task ON public.claims USING btree (company_id, task_id) WHERE (task_id IS NOT NULL);

CREATE INDEX claims_recent ON public.claims USING btree (company_id, id DESC);

CREATE INDEX claims_refuted ON public.claims USING btree (company_id, refuted_at DESC) WHERE ((refuted_at IS NOT NULL) AND (restates IS NULL));

CREATE INDEX container_lives_by_end ON public.container_lives USING btree (company_id, ended_at);

CREATE UNIQUE INDEX container_lives_open ON public.container_lives USING btree (agent_id) WHERE (ended_at IS NULL);

CREATE INDEX contradictions_second ON public.contradictions USING btree (company_id, second_claim);

CREATE INDEX decisions_by_payer ON public.decisions USING btree (paid_by_task_id) WHERE (paid_by_task_id IS NOT NULL);

CREATE INDEX decisions_due ON public.decisions USING btree (company_id, deadline_at) WHERE (deadline_at IS NOT NULL);

CREATE INDEX decisions_expiring ON public.decisions USING btree (company_id, valid_until) WHERE (valid_until IS NOT NULL);

CREATE INDEX decisions_vetoed ON public.decisions USING btree (company_id, resolved_at) WHERE ((status)::text = 'vetoed'::text);

CREATE INDEX deliveries_open ON public.deliveries USING btree (company_id, agent_id) WHERE (acknowledged_at IS NULL);

CREATE INDEX escalation_notices_open ON public.escalation_notices USING btree (company_id, due_at) WHERE ((status)::text = ANY ((ARRAY['waiting'::character varying, 'sending'::character varying])::text[]));

CREATE UNIQUE INDEX escalations_one_waiting ON public.escalations USING btree (decision_id) WHERE ((status)::text = 'waiting'::text);

CREATE INDEX events_by ON public.events USING btree (company_id, source_name, id DESC, event_type);

CREATE INDEX events_of_type ON public.events USING btree (company_id, event_type, id DESC);

CREATE INDEX events_recent ON public.events USING btree (company_id, created_at DESC);

CREATE INDEX events_unsealed ON public.events USING btree (company_id, id) WHERE (seq IS NULL);

CREATE UNIQUE INDEX gateway_keys_one_standing ON public.gateway_keys USING btree (company_id, name) WHERE (revoked_at IS NULL);

CREATE INDEX history_summaries_of ON public.history_summaries USING btree (company_id, agent_id, period, starts_at DESC);

CREATE UNIQUE INDEX history_summaries_once ON public.history_summaries USING btree (agent_id, period, starts_at, COALESCE(client_id, '00000000-0000-0000-0000-000000000000'::uuid));

CREATE INDEX history_summaries_parts ON public.history_summaries USING gin (parts);

CREATE INDEX history_summaries_unembedded ON public.history_summaries USING btree (company_id, id) WHERE (embedding_model IS NULL);

CREATE INDEX hook_deliveries_recent ON public.hook_deliveries USING btree (company_id, hook, received_at);

CREATE UNIQUE INDEX ideas_one_decision ON public.ideas USING btree (decision_id) WHERE (decision_id IS NOT NULL);

CREATE INDEX ideas_recent ON public.ideas USING btree (company_id, id DESC);

CREATE UNIQUE INDEX kill_switches_on ON public.kill_switches USING btree (company_id, scope, target) WHERE (resumed_at IS NULL);

CREATE INDEX kill_switches_recent ON public.kill_switches USING btree (company_id, pressed_at DESC);

CREATE UNIQUE INDEX lead_terms_one_open ON public.lead_terms USING btree (company_id) WHERE (ended_at IS NULL);

CREATE INDEX messages_answers ON public.messages USING btree (company_id, thread_id DESC) WHERE (thread_id <> id);

CREATE INDEX messages_awaiting ON public.messages USING btree (company_id, response_deadline) WHERE (requires_response AND (responded_at IS NULL) AND (overdue_at IS NULL));

CREATE INDEX messages_by_sender ON public.messages USING btree (from_agent, created_at) WHERE (from_agent IS NOT NULL);

CREATE INDEX messages_by_thread ON public.messages USING btree (company_id, thread_id, created_at, id);

CREATE UNIQUE INDEX messages_one_no_answer ON public.messages USING btree (in_reply_to) WHERE (((from_name)::text = 'system'::text) AND (payload ? 'no_answer'::text));

CREATE INDEX messages_recent ON public.messages USING btree (company_id, created_at DESC);

CREATE INDEX metrics_recent ON public.metrics USING btree (company_id, name, created_at DESC);

CREATE INDEX operator_api_keys_recent ON public.operator_api_keys USING btree (company_id, id DESC);

CREATE UNIQUE INDEX operator_recovery_codes_code ON public.operator_recovery_codes USING btree (operator_id, code_hash);

CREATE INDEX operator_sessions_recent ON public.operator_sessions USING btree (company_id, id DESC);

CREATE INDEX outbox_open ON public.outbox USING btree (company_id, created_at) WHERE (published_at IS NULL);

CREATE INDEX outbox_published ON public.outbox USING btree (company_id, published_at) WHERE (published_at IS NOT NULL);

CREATE INDEX publications_recent ON public.publications USING btree (company_id, created_at DESC);

CREATE INDEX receipt_texts_age ON public.receipt_texts USING btree (company_id, used_at);

CREATE INDEX receipts_by_task ON public.receipts USING btree (task_id) WHERE (task_id IS NOT NULL);

CREATE INDEX receipts_of_task ON public.receipts USING btree (company_id, task_id, id) WHERE (task_id IS NOT NULL);

CREATE INDEX receipts_recent ON public.receipts USING btree (company_id, created_at DESC);

CREATE INDEX recordings_age ON public.recordings USING btree (company_id, created_at);

CREATE INDEX recordings_by_request ON public.recordings USING btree (company_id, request_sha256);

CREATE INDEX recordings_by_response ON public.recordings USING btree (company_id, response_sha256);

CREATE INDEX reports_of_task ON public.reports USING btree (company_id, task_id, id) WHERE (task_id IS NOT NULL);

CREATE INDEX reservations_by_holder ON public.reservations USING btree (company_id, holder);

CREATE INDEX reservations_leases ON public.reservations USING btree (company_id, lease_until);

CREATE INDEX runs_by_agent ON public.runs USING btree (company_id, agent_id, started_at DESC);

CREATE INDEX runs_open ON public.runs USING btree (company_id, agent_id) WHERE ((status)::text = 'running'::text);

CREATE INDEX runs_reasons ON public.runs USING gin (reasons jsonb_path_ops);

CREATE UNIQUE INDEX standing_permissions_name ON public.standing_permissions USING btree (company_id, name) WHERE (revoked_at IS NULL);

CREATE INDEX tasks_by_client ON public.tasks USING btree (client_id) WHERE (client_id IS NOT NULL);

CREATE INDEX tasks_by_creator ON public.tasks USING btree (created_by, created_at) WHERE (created_by IS NOT NULL);

CREATE INDEX tasks_by_decision ON public.tasks USING btree (decision_id) WHERE (decision_id IS NOT NULL);

CREATE INDEX tasks_by_parent ON public.tasks USING btree (parent_task_id) WHERE (parent_task_id IS NOT NULL);

CREATE INDEX tasks_by_payer ON public.tasks USING btree (paid_by_task_id) WHERE (paid_by_task_id IS NOT NULL);

CREATE INDEX tasks_by_status ON public.tasks USING btree (company_id, status, created_at DESC, id DESC);

CREATE INDEX tasks_ended ON public.tasks USING btree (company_id, completed_at DESC, id DESC) WHERE ((status)::text = ANY ((ARRAY['done'::character varying, 'failed'::character varying])::text[]));

CREATE INDEX tasks_newest ON public.tasks USING btree (company_id, created_at DESC, id DESC);

CREATE INDEX tasks_of_agent ON public.tasks USING btree (company_id, assigned_to, created_at DESC, id DESC);

CREATE INDEX tasks_of_worker ON public.tasks USING btree (company_id, worker_agent_id, created_at DESC, id DESC) WHERE (worker_agent_id IS NOT NULL);

CREATE UNIQUE INDEX tasks_one_open_finding ON public.tasks USING btree (company_id, finding_key) WHERE ((finding_key IS NOT NULL) AND ((status)::text = ANY ((ARRAY['blocked'::character varying, 'pending'::character varying, 'running'::character varying])::text[])));

CREATE UNIQUE INDEX tasks_one_open_retry ON public.tasks USING btree (company_id, retry_of) WHERE ((retry_of IS NOT NULL) AND (completed_at IS NULL));

CREATE INDEX tasks_open ON public.tasks USING btree (company_id, assigned_to, status);

CREATE INDEX tasks_quarantined ON public.tasks USING btree (company_id, quarantined_at) WHERE (quarantined_at IS NOT NULL);

CREATE UNIQUE INDEX tasks_request ON public.tasks USING btree (company_id, request_key) WHERE (request_key IS NOT NULL);

CREATE UNIQUE INDEX tool_pins_one_approved ON public.tool_pins USING btree (company_id, server, tool) WHERE ((status)::text = 'approved'::text);

CREATE UNIQUE INDEX tool_pins_one_each ON public.tool_pins USING btree (company_id, server, tool, hash) WHERE ((status)::text <> 'replaced'::text);

CREATE UNIQUE INDEX trigger_firings_once ON public.trigger_firings USING btree (company_id, rule_key, subject) WHERE (cleared_at IS NULL);

CREATE INDEX trigger_firings_recent ON public.trigger_firings USING btree (company_id, rule_key, subject, fired_at DESC);

CREATE INDEX usage_by_agent ON public.usage USING btree (company_id, agent_id, created_at DESC);

CREATE INDEX usage_by_run ON public.usage USING btree (run_id) WHERE (run_id IS NOT NULL);

CREATE INDEX usage_recent ON public.usage USING btree (company_id, created_at DESC);

CREATE INDEX work_by_run ON public.work USING btree (run_id) WHERE ((run_id IS NOT NULL) AND (done_at IS NULL));

CREATE UNIQUE INDEX work_dedup ON public.work USING btree (company_id, agent_id, dedup_key) WHERE ((dedup_key IS NOT NULL) AND (done_at IS NULL) AND (run_id IS NULL));

CREATE INDEX work_open ON public.work USING btree (company_id, agent_id, available_at) WHERE (done_at IS NULL);

CREATE INDEX works_of_task ON public.works USING btree (company_id, task_id, id);

CREATE TRIGGER board_wants AFTER INSERT OR UPDATE OF title, description, status, priority, assigned_to, worker_agent_id ON public.tasks FOR EACH ROW EXECUTE FUNCTION public.aito_board_wants();

CREATE TRIGGER container_life AFTER UPDATE OF container_id ON public.agents FOR EACH ROW WHEN (((old.container_id)::text IS DISTINCT FROM (new.container_id)::text)) EXECUTE FUNCTION public.aito_container_life();

CREATE TRIGGER events_append_only BEFORE DELETE OR UPDATE ON public.events FOR EACH ROW EXECUTE FUNCTION public.refuse_event_change();

CREATE TRIGGER message_thread BEFORE INSERT ON public.messages FOR EACH ROW WHEN ((new.thread_id IS NULL)) EXECUTE FUNCTION public.aito_thread();

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_approval_id_fkey FOREIGN KEY (company_id, approval_id) REFERENCES public.approvals(company_id, id);

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_decision_id_fkey FOREIGN KEY (company_id, decision_id) REFERENCES public.decisions(company_id, id);

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_permission_id_fkey FOREIGN KEY (company_id, permission_id) REFERENCES public.standing_permissions(company_id, id);

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.agent_history
    ADD CONSTRAINT agent_history_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.agent_history
    ADD CONSTRAINT agent_history_client_id_fkey FOREIGN KEY (company_id, client_id) REFERENCES public.clients(company_id, id);

ALTER TABLE ONLY public.agent_history
    ADD CONSTRAINT agent_history_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.agent_history
    ADD CONSTRAINT agent_history_run_id_fkey FOREIGN KEY (company_id, run_id) REFERENCES public.runs(company_id, id) ON DELETE SET NULL (run_id);

ALTER TABLE ONLY public.agent_loop_actions
    ADD CONSTRAINT agent_loop_actions_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.agent_loop_actions
    ADD CONSTRAINT agent_loop_actions_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.agent_plans
    ADD CONSTRAINT agent_plans_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.agent_plans
    ADD CONSTRAINT agent_plans_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.agent_state
    ADD CONSTRAINT agent_state_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.agent_state
    ADD CONSTRAINT agent_state_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_client_id_fkey FOREIGN KEY (company_id, client_id) REFERENCES public.clients(company_id, id);

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_parent_agent_id_fkey FOREIGN KEY (company_id, parent_agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.alert_notices
    ADD CONSTRAINT alert_notices_alert_id_fkey FOREIGN KEY (company_id, alert_id) REFERENCES public.alerts(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.alert_notices
    ADD CONSTRAINT alert_notices_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.alerts
    ADD CONSTRAINT alerts_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_decision_id_fkey FOREIGN KEY (company_id, decision_id) REFERENCES public.decisions(company_id, id);

ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_edited_from_fkey FOREIGN KEY (company_id, edited_from) REFERENCES public.approvals(company_id, id);

ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_permission_id_fkey FOREIGN KEY (company_id, permission_id) REFERENCES public.standing_permissions(company_id, id);

ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.begun_calls
    ADD CONSTRAINT begun_calls_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.begun_calls
    ADD CONSTRAINT begun_calls_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.begun_calls
    ADD CONSTRAINT begun_calls_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id) ON DELETE SET NULL (task_id);

ALTER TABLE ONLY public.board_comments
    ADD CONSTRAINT board_comments_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.board_comments
    ADD CONSTRAINT board_comments_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.board_issues
    ADD CONSTRAINT board_issues_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.board_issues
    ADD CONSTRAINT board_issues_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.board_notes
    ADD CONSTRAINT board_notes_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.board_notes
    ADD CONSTRAINT board_notes_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.boards
    ADD CONSTRAINT boards_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.breakers
    ADD CONSTRAINT breakers_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.budget_windows
    ADD CONSTRAINT budget_windows_budget_id_fkey FOREIGN KEY (company_id, budget_id) REFERENCES public.budgets(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.budget_windows
    ADD CONSTRAINT budget_windows_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.budgets
    ADD CONSTRAINT budgets_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.call_files
    ADD CONSTRAINT call_files_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.change_commits
    ADD CONSTRAINT change_commits_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.change_commits
    ADD CONSTRAINT change_commits_change_id_fkey FOREIGN KEY (company_id, change_id) REFERENCES public.changes(company_id, id);

ALTER TABLE ONLY public.change_commits
    ADD CONSTRAINT change_commits_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.change_reviews
    ADD CONSTRAINT change_reviews_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.change_reviews
    ADD CONSTRAINT change_reviews_change_id_fkey FOREIGN KEY (company_id, change_id) REFERENCES public.changes(company_id, id);

ALTER TABLE ONLY public.change_reviews
    ADD CONSTRAINT change_reviews_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_merged_by_fkey FOREIGN KEY (company_id, merged_by) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_owner_id_fkey FOREIGN KEY (company_id, owner_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.chat_buttons
    ADD CONSTRAINT chat_buttons_chat_id_fkey FOREIGN KEY (company_id, chat_id) REFERENCES public.chats(company_id, id);

ALTER TABLE ONLY public.chat_buttons
    ADD CONSTRAINT chat_buttons_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.chat_codes
    ADD CONSTRAINT chat_codes_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.chat_codes
    ADD CONSTRAINT chat_codes_operator_id_fkey FOREIGN KEY (company_id, operator_id) REFERENCES public.operators(company_id, id);

ALTER TABLE ONLY public.chat_polls
    ADD CONSTRAINT chat_polls_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_operator_id_fkey FOREIGN KEY (company_id, operator_id) REFERENCES public.operators(company_id, id);

ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_report_id_fkey FOREIGN KEY (company_id, report_id) REFERENCES public.reports(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.clients
    ADD CONSTRAINT clients_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.commands
    ADD CONSTRAINT commands_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.container_lives
    ADD CONSTRAINT container_lives_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.container_lives
    ADD CONSTRAINT container_lives_client_id_fkey FOREIGN KEY (company_id, client_id) REFERENCES public.clients(company_id, id);

ALTER TABLE ONLY public.container_lives
    ADD CONSTRAINT container_lives_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.container_lives
    ADD CONSTRAINT container_lives_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.contradictions
    ADD CONSTRAINT contradictions_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.contradictions
    ADD CONSTRAINT contradictions_first_claim_fkey FOREIGN KEY (company_id, first_claim) REFERENCES public.claims(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.contradictions
    ADD CONSTRAINT contradictions_second_claim_fkey FOREIGN KEY (company_id, second_claim) REFERENCES public.claims(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.contradictions
    ADD CONSTRAINT contradictions_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_high_agent_fkey FOREIGN KEY (company_id, high_agent) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_last_from_fkey FOREIGN KEY (company_id, last_from) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_low_agent_fkey FOREIGN KEY (company_id, low_agent) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.decision_arguments
    ADD CONSTRAINT decision_arguments_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.decision_arguments
    ADD CONSTRAINT decision_arguments_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.decision_arguments
    ADD CONSTRAINT decision_arguments_decision_id_fkey FOREIGN KEY (company_id, decision_id) REFERENCES public.decisions(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.decision_arguments
    ADD CONSTRAINT decision_arguments_message_id_fkey FOREIGN KEY (company_id, message_id) REFERENCES public.messages(company_id, id);

ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_paid_by_task_id_fkey FOREIGN KEY (company_id, paid_by_task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_proposed_by_fkey FOREIGN KEY (company_id, proposed_by) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_message_id_fkey FOREIGN KEY (company_id, message_id) REFERENCES public.messages(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.escalation_links
    ADD CONSTRAINT escalation_links_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.escalation_links
    ADD CONSTRAINT escalation_links_escalation_id_fkey FOREIGN KEY (company_id, escalation_id) REFERENCES public.escalations(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.escalation_notices
    ADD CONSTRAINT escalation_notices_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.escalation_notices
    ADD CONSTRAINT escalation_notices_escalation_id_fkey FOREIGN KEY (company_id, escalation_id) REFERENCES public.escalations(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.escalations
    ADD CONSTRAINT escalations_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.escalations
    ADD CONSTRAINT escalations_decision_id_fkey FOREIGN KEY (company_id, decision_id) REFERENCES public.decisions(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_source_agent_fkey FOREIGN KEY (company_id, source_agent) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_target_agent_fkey FOREIGN KEY (company_id, target_agent) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.fleets
    ADD CONSTRAINT fleets_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.gateway_keys
    ADD CONSTRAINT gateway_keys_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.history_summaries
    ADD CONSTRAINT history_summaries_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.history_summaries
    ADD CONSTRAINT history_summaries_client_id_fkey FOREIGN KEY (company_id, client_id) REFERENCES public.clients(company_id, id);

ALTER TABLE ONLY public.history_summaries
    ADD CONSTRAINT history_summaries_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.hook_deliveries
    ADD CONSTRAINT hook_deliveries_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.hook_deliveries
    ADD CONSTRAINT hook_deliveries_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_decision_id_fkey FOREIGN KEY (company_id, decision_id) REFERENCES public.decisions(company_id, id);

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_merged_into_fkey FOREIGN KEY (company_id, merged_into) REFERENCES public.ideas(company_id, id);

ALTER TABLE ONLY public.kill_switches
    ADD CONSTRAINT kill_switches_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.lead_terms
    ADD CONSTRAINT lead_terms_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.lead_terms
    ADD CONSTRAINT lead_terms_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.login_links
    ADD CONSTRAINT login_links_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.login_links
    ADD CONSTRAINT login_links_operator_id_fkey FOREIGN KEY (company_id, operator_id) REFERENCES public.operators(company_id, id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_from_agent_fkey FOREIGN KEY (company_id, from_agent) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_in_reply_to_fkey FOREIGN KEY (company_id, in_reply_to) REFERENCES public.messages(company_id, id);

ALTER TABLE ONLY public.metrics
    ADD CONSTRAINT metrics_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.metrics
    ADD CONSTRAINT metrics_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.notice_channels
    ADD CONSTRAINT notice_channels_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.operator_api_keys
    ADD CONSTRAINT operator_api_keys_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.operator_api_keys
    ADD CONSTRAINT operator_api_keys_operator_id_fkey FOREIGN KEY (company_id, operator_id) REFERENCES public.operators(company_id, id);

ALTER TABLE ONLY public.operator_attempts
    ADD CONSTRAINT operator_attempts_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.operator_recovery_codes
    ADD CONSTRAINT operator_recovery_codes_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.operator_recovery_codes
    ADD CONSTRAINT operator_recovery_codes_operator_id_fkey FOREIGN KEY (company_id, operator_id) REFERENCES public.operators(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.operator_sessions
    ADD CONSTRAINT operator_sessions_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.operator_sessions
    ADD CONSTRAINT operator_sessions_operator_id_fkey FOREIGN KEY (company_id, operator_id) REFERENCES public.operators(company_id, id);

ALTER TABLE ONLY public.operators
    ADD CONSTRAINT operators_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.publications
    ADD CONSTRAINT publications_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.publications
    ADD CONSTRAINT publications_approval_id_fkey FOREIGN KEY (company_id, approval_id) REFERENCES public.approvals(company_id, id);

ALTER TABLE ONLY public.publications
    ADD CONSTRAINT publications_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.publications
    ADD CONSTRAINT publications_decision_id_fkey FOREIGN KEY (company_id, decision_id) REFERENCES public.decisions(company_id, id);

ALTER TABLE ONLY public.publications
    ADD CONSTRAINT publications_permission_id_fkey FOREIGN KEY (company_id, permission_id) REFERENCES public.standing_permissions(company_id, id);

ALTER TABLE ONLY public.receipt_keys
    ADD CONSTRAINT receipt_keys_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.receipt_texts
    ADD CONSTRAINT receipt_texts_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT receipts_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT receipts_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT receipts_run_id_fkey FOREIGN KEY (company_id, run_id) REFERENCES public.runs(company_id, id) ON DELETE SET NULL (run_id);

ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT receipts_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.recording_texts
    ADD CONSTRAINT recording_texts_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.recordings
    ADD CONSTRAINT recordings_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.recordings
    ADD CONSTRAINT recordings_company_id_request_sha256_fkey FOREIGN KEY (company_id, request_sha256) REFERENCES public.recording_texts(company_id, sha256);

ALTER TABLE ONLY public.recordings
    ADD CONSTRAINT recordings_company_id_response_sha256_fkey FOREIGN KEY (company_id, response_sha256) REFERENCES public.recording_texts(company_id, sha256);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_run_id_fkey FOREIGN KEY (company_id, run_id) REFERENCES public.runs(company_id, id) ON DELETE SET NULL (run_id);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.reservations
    ADD CONSTRAINT reservations_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.reservations
    ADD CONSTRAINT reservations_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.standing_permissions
    ADD CONSTRAINT standing_permissions_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.status_queries
    ADD CONSTRAINT status_queries_asked_by_fkey FOREIGN KEY (company_id, asked_by) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.status_queries
    ADD CONSTRAINT status_queries_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_assigned_to_fkey FOREIGN KEY (company_id, assigned_to) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_client_id_fkey FOREIGN KEY (company_id, client_id) REFERENCES public.clients(company_id, id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_created_by_fkey FOREIGN KEY (company_id, created_by) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_decision_id_fkey FOREIGN KEY (company_id, decision_id) REFERENCES public.decisions(company_id, id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_paid_by_task_id_fkey FOREIGN KEY (company_id, paid_by_task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_parent_task_id_fkey FOREIGN KEY (company_id, parent_task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_retry_of_fkey FOREIGN KEY (company_id, retry_of) REFERENCES public.tasks(company_id, id) ON DELETE SET NULL (retry_of);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_worker_agent_id_fkey FOREIGN KEY (company_id, worker_agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.terms
    ADD CONSTRAINT terms_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.tool_pins
    ADD CONSTRAINT tool_pins_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.trigger_firings
    ADD CONSTRAINT trigger_firings_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.trigger_firings
    ADD CONSTRAINT trigger_firings_decision_id_fkey FOREIGN KEY (company_id, decision_id) REFERENCES public.decisions(company_id, id);

ALTER TABLE ONLY public.usage
    ADD CONSTRAINT usage_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.usage
    ADD CONSTRAINT usage_client_id_fkey FOREIGN KEY (company_id, client_id) REFERENCES public.clients(company_id, id);

ALTER TABLE ONLY public.usage
    ADD CONSTRAINT usage_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.usage
    ADD CONSTRAINT usage_run_id_fkey FOREIGN KEY (company_id, run_id) REFERENCES public.runs(company_id, id) ON DELETE SET NULL (run_id);

ALTER TABLE ONLY public.usage
    ADD CONSTRAINT usage_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE ONLY public.votes
    ADD CONSTRAINT votes_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.votes
    ADD CONSTRAINT votes_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.votes
    ADD CONSTRAINT votes_decision_id_fkey FOREIGN KEY (company_id, decision_id) REFERENCES public.decisions(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.work
    ADD CONSTRAINT work_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.work
    ADD CONSTRAINT work_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.work
    ADD CONSTRAINT work_run_id_fkey FOREIGN KEY (company_id, run_id) REFERENCES public.runs(company_id, id) ON DELETE SET NULL (run_id);

ALTER TABLE ONLY public.works
    ADD CONSTRAINT works_agent_id_fkey FOREIGN KEY (company_id, agent_id) REFERENCES public.agents(company_id, id);

ALTER TABLE ONLY public.works
    ADD CONSTRAINT works_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.companies(id);

ALTER TABLE ONLY public.works
    ADD CONSTRAINT works_task_id_fkey FOREIGN KEY (company_id, task_id) REFERENCES public.tasks(company_id, id);

ALTER TABLE public.actions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agent_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agent_loop_actions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agent_plans ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agent_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agents ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.alert_notices ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.alerts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.approvals ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.begun_calls ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.board_comments ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.board_issues ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.board_notes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.boards ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.breakers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.budget_windows ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.budgets ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.call_files ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.change_commits ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.change_reviews ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.changes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.chat_buttons ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.chat_codes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.chat_polls ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.chats ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.claims ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.clients ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.commands ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.companies ENABLE ROW LEVEL SECURITY;

CREATE POLICY company ON public.actions USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.agent_history USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.agent_loop_actions USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.agent_plans USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.agent_state USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.agents USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.alert_notices USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.alerts USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.approvals USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.begun_calls USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.board_comments USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.board_issues USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.board_notes USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.boards USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.breakers USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.budget_windows USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.budgets USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.call_files USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.change_commits USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.change_reviews USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.changes USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.chat_buttons USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.chat_codes USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.chat_polls USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.chats USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.claims USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.clients USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.commands USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.companies USING ((id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company)));

CREATE POLICY company ON public.container_lives USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.contradictions USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.conversations USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.decision_arguments USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.decisions USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.deliveries USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.escalation_links USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.escalation_notices USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.escalations USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.events USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.fleets USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.gateway_keys USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.history_summaries USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.hook_deliveries USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.ideas USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.kill_switches USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.lead_terms USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.login_links USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.messages USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.metrics USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.notice_channels USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.operator_api_keys USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.operator_attempts USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.operator_recovery_codes USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.operator_sessions USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.operators USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.outbox USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.publications USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.receipt_keys USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.receipt_texts USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.receipts USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.recording_texts USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.recordings USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.reports USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.reservations USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.runs USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.sessions USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.standing_permissions USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.status_queries USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.tasks USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.terms USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.tool_pins USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.trigger_firings USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.usage USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.votes USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.work USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

CREATE POLICY company ON public.works USING ((company_id = ( SELECT (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid AS company))) WITH CHECK ((company_id = (NULLIF(current_setting('aito.company_id'::text, true), ''::text))::uuid));

ALTER TABLE public.container_lives ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.contradictions ENABLE ROW LEVEL SECURITY;

CREATE POLICY control ON public.companies TO aito_control USING (true) WITH CHECK (true);

ALTER TABLE public.conversations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.decision_arguments ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.decisions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deliveries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.escalation_links ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.escalation_notices ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.escalations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.fleets ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.history_summaries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.hook_deliveries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ideas ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.kill_switches ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lead_terms ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.login_links ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.metrics ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notice_channels ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.operator_api_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.operator_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.operator_recovery_codes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.operator_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.operators ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.publications ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.receipt_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.receipt_texts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.receipts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.recording_texts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.recordings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reports ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reservations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.runs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.standing_permissions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.status_queries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tasks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terms ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tool_pins ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trigger_firings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.usage ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.votes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.work ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.works ENABLE ROW LEVEL SECURITY;

REVOKE ALL ON FUNCTION public.bind_keys_to_company() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.memory_by_words(words text[], weights double precision[], any_word tsquery, filter jsonb, candidates integer, usual double precision, wanted integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.memory_by_words(words text[], weights double precision[], any_word tsquery, filter jsonb, candidates integer, usual double precision, wanted integer) TO aito_app;

REVOKE ALL ON FUNCTION public.memory_index(model text, dimensions integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.memory_index(model text, dimensions integer) TO aito_app;

REVOKE ALL ON FUNCTION public.memory_word_counts(words text[], at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.memory_word_counts(words text[], at_most integer) TO aito_app;

GRANT SELECT,INSERT ON TABLE public.actions TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agent_history TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agent_loop_actions TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agent_plans TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agent_state TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agents TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.alert_notices TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.alerts TO aito_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.approvals TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.begun_calls TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.board_comments TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.board_issues TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.board_notes TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.boards TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.breakers TO aito_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.budget_windows TO aito_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.budgets TO aito_app;

GRANT SELECT,INSERT ON TABLE public.call_files TO aito_app;

GRANT SELECT,INSERT ON TABLE public.change_commits TO aito_app;

GRANT SELECT,INSERT ON TABLE public.change_reviews TO aito_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.changes TO aito_app;

GRANT SELECT,INSERT ON TABLE public.chat_buttons TO aito_app;

GRANT UPDATE(used_at) ON TABLE public.chat_buttons TO aito_app;

GRANT SELECT,INSERT ON TABLE public.chat_codes TO aito_app;

GRANT UPDATE(used_at) ON TABLE public.chat_codes TO aito_app;

GRANT SELECT,INSERT ON TABLE public.chat_polls TO aito_app;

GRANT UPDATE(holder) ON TABLE public.chat_polls TO aito_app;

GRANT UPDATE(lease_until) ON TABLE public.chat_polls TO aito_app;

GRANT UPDATE(next_update) ON TABLE public.chat_polls TO aito_app;

GRANT SELECT,INSERT ON TABLE public.chats TO aito_app;

GRANT UPDATE(ended_at) ON TABLE public.chats TO aito_app;

GRANT SELECT,INSERT ON TABLE public.claims TO aito_app;

GRANT UPDATE(withdrawn_by) ON TABLE public.claims TO aito_app;

GRANT UPDATE(refuted_at) ON TABLE public.claims TO aito_app;

GRANT UPDATE(refuted_by) ON TABLE public.claims TO aito_app;

GRANT UPDATE(refuted_why) ON TABLE public.claims TO aito_app;

GRANT UPDATE(upheld) ON TABLE public.claims TO aito_app;

GRANT UPDATE(side) ON TABLE public.claims TO aito_app;

GRANT UPDATE(restates) ON TABLE public.claims TO aito_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.clients TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.commands TO aito_app;

GRANT SELECT,INSERT ON TABLE public.companies TO aito_app;
GRANT SELECT ON TABLE public.companies TO aito_sealer;
GRANT SELECT,INSERT ON TABLE public.companies TO aito_control;

GRANT SELECT,INSERT ON TABLE public.container_lives TO aito_app;

GRANT UPDATE(ended_at) ON TABLE public.container_lives TO aito_app;

GRANT SELECT,INSERT ON TABLE public.contradictions TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.conversations TO aito_app;

GRANT SELECT,INSERT ON TABLE public.decision_arguments TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.decisions TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deliveries TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.escalation_links TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.escalation_notices TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.escalations TO aito_app;

GRANT SELECT,INSERT ON TABLE public.events TO aito_app;
GRANT SELECT ON TABLE public.events TO aito_sealer;

GRANT UPDATE(seq) ON TABLE public.events TO aito_sealer;

GRANT UPDATE(prev) ON TABLE public.events TO aito_sealer;

GRANT UPDATE(hash) ON TABLE public.events TO aito_sealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.fleets TO aito_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.gateway_keys TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.history_summaries TO aito_app;

GRANT SELECT,INSERT ON TABLE public.hook_deliveries TO aito_app;

GRANT UPDATE(task_id) ON TABLE public.hook_deliveries TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ideas TO aito_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.kill_switches TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lead_terms TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.login_links TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.messages TO aito_app;

GRANT SELECT,INSERT ON TABLE public.metrics TO aito_app;

GRANT SELECT,INSERT ON TABLE public.notice_channels TO aito_app;

GRANT UPDATE(last_sent_at) ON TABLE public.notice_channels TO aito_app;

GRANT UPDATE(last_failed_at) ON TABLE public.notice_channels TO aito_app;

GRANT UPDATE(last_error) ON TABLE public.notice_channels TO aito_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.operator_api_keys TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.operator_attempts TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.operator_recovery_codes TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.operator_sessions TO aito_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.operators TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO aito_app;

GRANT SELECT,INSERT ON TABLE public.publications TO aito_app;

GRANT SELECT,INSERT ON TABLE public.receipt_keys TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.receipt_texts TO aito_app;

GRANT SELECT,INSERT ON TABLE public.receipts TO aito_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.recording_texts TO aito_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.recordings TO aito_app;

GRANT SELECT,INSERT ON TABLE public.reports TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reservations TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.runs TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sessions TO aito_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.standing_permissions TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.status_queries TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tasks TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.terms TO aito_app;
GRANT SELECT ON TABLE public.terms TO aito_sealer;

GRANT SELECT,INSERT,UPDATE ON TABLE public.tool_pins TO aito_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.trigger_firings TO aito_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.usage TO aito_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.votes TO aito_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.work TO aito_app;

GRANT SELECT,INSERT ON TABLE public.works TO aito_app;
