-- Up Migration
-- A reservation may hold more than one call: a caller that calls often has money set aside for its next calls, too, so that these need
-- no commit of their own before they are sent. What was set aside and is not needed is given back; of a gateway that died the sweeper
-- charges all that its reservations still hold. A reservation is now a block of a caller's money: calls are taken from it in the
-- gateway's memory, and settled into usage rows of their own in batches.

-- The last batch of settlements that was written for it: one that is sent again changes nothing.
ALTER TABLE reservations ADD COLUMN settled_seq bigint NOT NULL DEFAULT 0;

-- asks: [{id, block|null, session|null, agent|null, epoch|null, key|null, run, task, action, model, upstream, amount, ahead, checked, holder,
-- leaseUntil}]. Sets aside `amount`, in the holder's reservation `block` if that is held by the same windows now, else in a new one, `id`;
-- and `ahead` beside it where every window keeps eight times as much. Answers one object an ask, in order: {ok: true, block, ahead},
-- {ok: false} when the session is not the agent's current one or anything is stopped (and the ask is not `checked`), or
-- {ok: false, budget: {...}} with the narrowest budget that has too little left. What one ask takes is seen by the next of the batch.
CREATE OR REPLACE FUNCTION aito_reserve(company uuid, at timestamptz, calls jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
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

-- Settles calls, gives back what is not needed any more, and ends reservations. ended: {
--   blocks: [{id, seq, give, close, swept}] what is settled of a reservation: `give` back beside its calls; `close`: all of it. `swept`:
--     if nobody has renewed it, everything that it holds is charged, and what it was spent on stays unknown;
--   calls: [{block, id, at, held, charged (text; null: all that was held), cost, model, upstream, status, input, output, cacheWrite,
--     cacheWrite1h, cacheRead, cut, attempts, firstByteMs, durationMs}]}
-- A call whose reservation was swept meanwhile gets its usage row, and is charged no second time; that of the sweep has the reservation's id. Answers the number of reservations
-- of which something was settled.
CREATE OR REPLACE FUNCTION aito_settle(company uuid, at timestamptz, ended jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
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
