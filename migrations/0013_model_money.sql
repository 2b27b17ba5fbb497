-- Up Migration
-- Money for model calls. A budget names whose calls it holds, for how long and how much; its windows count what is spent and what is
-- set aside for calls that have not ended. aito_reserve and aito_settle are the only writers of windows and reservations: each is
-- called with a batch, in one round trip, and locks all windows of the batch first, by id, the company's last.

CREATE TABLE budgets (
  -- Of a task's budget: the task's own id.
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  scope varchar(12) NOT NULL CHECK (scope IN ('company', 'client', 'department', 'agent', 'task', 'key')),
  -- Empty for the company; a client's slug, a department (lower case), agents.name, a task's or a gateway key's id.
  target varchar(255) NOT NULL,
  period varchar(5) NOT NULL CHECK (period IN ('day', 'month', 'total')),
  cap_micro_usd bigint NOT NULL CHECK (cap_micro_usd >= 0),
  soft_percent integer NOT NULL DEFAULT 80 CHECK (soft_percent BETWEEN 1 AND 100),
  time_zone varchar(60) NOT NULL DEFAULT 'UTC',
  source varchar(10) NOT NULL CHECK (source IN ('fleet', 'task', 'key')),
  created_at timestamptz NOT NULL,
  -- Set when the fleet file no longer names it; it holds nobody then.
  ended_at timestamptz,
  CHECK ((scope = 'company') = (target = '')),
  UNIQUE (company_id, scope, target, period)
);

CREATE TABLE budget_windows (
  company_id uuid NOT NULL REFERENCES companies,
  budget_id uuid NOT NULL REFERENCES budgets ON DELETE CASCADE,
  -- The day's or month's start in the budget's time zone; 1970 for a total.
  starts_at timestamptz NOT NULL,
  spent_micro_usd bigint NOT NULL DEFAULT 0 CHECK (spent_micro_usd >= 0),
  reserved_micro_usd bigint NOT NULL DEFAULT 0 CHECK (reserved_micro_usd >= 0),
  -- The first call that was refused; the alerts that were sent.
  refused_at timestamptz,
  soft_alert_at timestamptz,
  hard_alert_at timestamptz,
  PRIMARY KEY (budget_id, starts_at)
);

-- A call that has not ended. Its id becomes that of its usage row.
CREATE TABLE reservations (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid REFERENCES agents,
  epoch integer,
  key_id uuid,
  run_id uuid,
  task_id uuid,
  client_id uuid,
  action varchar(60),
  asked_model varchar(100) NOT NULL,
  upstream varchar(100) NOT NULL,
  amount_micro_usd bigint NOT NULL CHECK (amount_micro_usd >= 0),
  budget_ids uuid[] NOT NULL,
  window_starts timestamptz[] NOT NULL,
  -- The gateway process that makes the call; while it lives it renews the lease.
  holder varchar(60) NOT NULL,
  lease_until timestamptz NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX reservations_leases ON reservations (company_id, lease_until);
CREATE INDEX reservations_by_holder ON reservations (company_id, holder);

ALTER TABLE usage ALTER COLUMN agent_id DROP NOT NULL;
ALTER TABLE usage ALTER COLUMN epoch DROP NOT NULL;
ALTER TABLE usage ADD COLUMN key_id uuid;
ALTER TABLE usage ADD COLUMN client_id uuid REFERENCES clients;
ALTER TABLE usage ADD CONSTRAINT usage_has_caller CHECK (agent_id IS NOT NULL OR key_id IS NOT NULL);
-- What the call's run was about (task, vote, message, wake), what was asked for, and what it took from the budgets: the cost, or,
-- where the cost is not known, all that had been set aside.
ALTER TABLE usage ADD COLUMN action varchar(60);
ALTER TABLE usage ADD COLUMN asked_model varchar(100);
ALTER TABLE usage ADD COLUMN charged_micro_usd bigint;
ALTER TABLE usage ADD COLUMN cache_write_1h_tokens integer;
-- The answer was cut off: what it cost is reckoned from what had been streamed.
ALTER TABLE usage ADD COLUMN cut boolean NOT NULL DEFAULT false;
-- The gateway ended during the call; it was settled by the sweeper.
ALTER TABLE usage ADD COLUMN swept boolean NOT NULL DEFAULT false;
ALTER TABLE usage ADD COLUMN attempts integer;
ALTER TABLE usage ADD COLUMN first_byte_ms integer;
CREATE INDEX usage_recent ON usage (company_id, created_at DESC);
CREATE INDEX usage_by_agent ON usage (company_id, agent_id, created_at DESC);

INSERT INTO budgets (id, company_id, scope, target, period, cap_micro_usd, source, created_at)
  SELECT id, company_id, 'task', id::text, 'total', budget_micro_usd, 'task', created_at FROM tasks WHERE budget_micro_usd > 0;

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['budgets', 'budget_windows', 'reservations']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO aito_app', t);
  END LOOP;
END $$;
REVOKE DELETE ON budgets, budget_windows FROM aito_app;

-- The scope of a transaction, as the database port sets it; for functions that are a transaction of their own.
CREATE FUNCTION aito_enter(company uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('role', 'aito_app', true), set_config('aito.company_id', company::text, true);
END $$;

CREATE FUNCTION aito_window_start(period text, zone text, at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE period WHEN 'total' THEN timestamptz 'epoch' ELSE date_trunc(period, at AT TIME ZONE zone) AT TIME ZONE zone END
$$;

-- What is promised from a task's amount: standing decisions and budgets of other tasks. Actions are not in it: they were approved by
-- themselves, and a task whose action took all of its amount must still be able to report.
CREATE FUNCTION aito_task_promised(task uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT (coalesce((SELECT sum(d.amount_micro_usd) FROM decisions d
      WHERE d.paid_by_task_id = task AND d.status IN ('pending', 'escalated', 'approved')), 0)
    + coalesce((SELECT sum(t.budget_micro_usd) FROM tasks t WHERE t.paid_by_task_id = task AND t.status <> 'cancelled'), 0))::bigint
$$;

-- calls: [{id, session|null, agent|null, epoch|null, key|null, run, task, action, model, upstream, amount, checked, holder, leaseUntil}]; answers one object a
-- call, in order: {ok: true}, {ok: false} when the session is not the agent's current one or anything is stopped (and the call is not
-- `checked`), or {ok: false, budget: {...}} with the narrowest budget that has too little left. What one call takes is seen by the next of the batch.
CREATE FUNCTION aito_reserve(company uuid, at timestamptz, calls jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  ords int[]; bids uuid[]; starts timestamptz[]; clients_of jsonb; stops boolean; unsure int[];
  call jsonb; n int := 0; amount bigint; blocked jsonb; answers jsonb := '[]';
BEGIN
  PERFORM aito_enter(company);

  stops := EXISTS (SELECT FROM kill_switches WHERE resumed_at IS NULL);
  SELECT coalesce(array_agg(i::int), '{}') INTO unsure FROM jsonb_array_elements(calls) WITH ORDINALITY AS e(v, i)
    WHERE NOT coalesce((v ->> 'checked')::boolean, false) AND (stops OR (v ->> 'session' IS NOT NULL AND NOT EXISTS (
      SELECT FROM sessions s JOIN agents a ON a.id = s.agent_id
      WHERE (s.session_hash = v ->> 'session' OR (s.previous_hash = v ->> 'session' AND s.previous_until > at))
        AND s.revoked_at IS NULL AND a.epoch = s.epoch AND a.status IN ('starting', 'active', 'stopping'))));

  WITH RECURSIVE c AS (
    SELECT i::int AS ord, (v ->> 'agent')::uuid AS agent, (v ->> 'task')::uuid AS task, v ->> 'key' AS key
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
    SELECT h.ord, b.id, aito_window_start(b.period, b.time_zone, at) AS starts_at, b.scope
    FROM held h JOIN budgets b ON b.scope = h.scope AND b.target = h.target AND b.ended_at IS NULL
  )
  SELECT array_agg(f.ord), array_agg(f.id), array_agg(f.starts_at),
      (SELECT jsonb_object_agg(n.ord, n.client_id) FROM (SELECT DISTINCT ON (ord) ord, client_id FROM client ORDER BY ord, depth) n)
    INTO ords, bids, starts, clients_of FROM (SELECT * FROM found ORDER BY ord, scope = 'company', id) f;

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

  FOR call IN SELECT v FROM jsonb_array_elements(calls) WITH ORDINALITY AS e(v, i) ORDER BY i LOOP
    n := n + 1;
    amount := (call ->> 'amount')::bigint;
    IF n = ANY (unsure) THEN
      answers := answers || jsonb_build_object('ok', false);
      CONTINUE;
    END IF;

    blocked := NULL;
    SELECT jsonb_build_object('id', g.id, 'scope', g.scope, 'target', g.target, 'period', g.period, 'cap', g.cap_micro_usd::text,
        'spent', w.spent_micro_usd::text, 'reserved', w.reserved_micro_usd::text, 'promised', p.promised::text, 'startsAt', w.starts_at)
      INTO blocked
      FROM unnest(ords, bids, starts) AS m(o, b, s)
      JOIN budget_windows w ON w.budget_id = m.b AND w.starts_at = m.s
      JOIN budgets g ON g.id = m.b
      CROSS JOIN LATERAL (SELECT CASE WHEN g.scope = 'task' THEN aito_task_promised(g.id) ELSE 0 END AS promised) p
      WHERE m.o = n AND amount > 0 AND w.spent_micro_usd + w.reserved_micro_usd + p.promised + amount > g.cap_micro_usd
      ORDER BY array_position(ARRAY['task', 'key', 'agent', 'department', 'client', 'company'], g.scope::text) LIMIT 1;
    IF blocked IS NOT NULL THEN
      UPDATE budget_windows SET refused_at = at
        WHERE budget_id = (blocked ->> 'id')::uuid AND starts_at = (blocked ->> 'startsAt')::timestamptz AND refused_at IS NULL;
      answers := answers || jsonb_build_object('ok', false, 'budget', blocked);
      CONTINUE;
    END IF;

    UPDATE budget_windows w SET reserved_micro_usd = w.reserved_micro_usd + amount
      FROM unnest(ords, bids, starts) AS m(o, b, s) WHERE m.o = n AND w.budget_id = m.b AND w.starts_at = m.s;
    INSERT INTO reservations (id, company_id, agent_id, epoch, key_id, run_id, task_id, client_id, action, asked_model, upstream,
        amount_micro_usd, budget_ids, window_starts, holder, lease_until, created_at)
      SELECT (call ->> 'id')::uuid, company, (call ->> 'agent')::uuid, (call ->> 'epoch')::int, (call ->> 'key')::uuid,
        (call ->> 'run')::uuid, (call ->> 'task')::uuid, (clients_of ->> n::text)::uuid, call ->> 'action', call ->> 'model', call ->> 'upstream', amount,
        coalesce(array_agg(m.b) FILTER (WHERE m.o = n), '{}'), coalesce(array_agg(m.s) FILTER (WHERE m.o = n), '{}'),
        call ->> 'holder', (call ->> 'leaseUntil')::timestamptz, at
      FROM unnest(ords, bids, starts) AS m(o, b, s);
    answers := answers || jsonb_build_object('ok', true);
  END LOOP;
  RETURN answers;
END $$;

-- Gives back what the reservations of these ids hold, charges them, and writes their usage rows. A call whose reservation was swept
-- meanwhile only gets its usage row corrected: its budgets were charged already.
-- ended: [{id, charged (text; null: all that was set aside), cost, model, upstream, status, input, output, cacheWrite,
-- cacheWrite1h, cacheRead, cut, swept, attempts, firstByteMs, durationMs}]. Answers the number of reservations that it ended.
CREATE FUNCTION aito_settle(company uuid, at timestamptz, ended jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  held reservations[];
BEGIN
  PERFORM aito_enter(company);
  WITH gone AS (
    DELETE FROM reservations r USING (
      SELECT q.id FROM reservations q WHERE q.id IN (SELECT (v ->> 'id')::uuid FROM jsonb_array_elements(ended) v)
      ORDER BY q.id FOR UPDATE) q
    WHERE r.id = q.id RETURNING r AS one
  ) SELECT array_agg(gone.one) INTO held FROM gone;

  PERFORM FROM (SELECT DISTINCT l.b, l.s FROM unnest(held) h, unnest(h.budget_ids, h.window_starts) AS l(b, s)) m
    JOIN budget_windows w ON w.budget_id = m.b AND w.starts_at = m.s JOIN budgets g ON g.id = m.b
    ORDER BY g.scope = 'company', w.budget_id, w.starts_at FOR UPDATE OF w;
  UPDATE budget_windows w
    SET reserved_micro_usd = w.reserved_micro_usd - m.freed, spent_micro_usd = w.spent_micro_usd + m.charged
    FROM (
      SELECT l.b, l.s, sum(h.amount_micro_usd)::bigint AS freed,
        sum(coalesce((v ->> 'charged')::bigint, h.amount_micro_usd))::bigint AS charged
      FROM unnest(held) h JOIN jsonb_array_elements(ended) v ON (v ->> 'id')::uuid = h.id,
        unnest(h.budget_ids, h.window_starts) AS l(b, s)
      GROUP BY l.b, l.s) m
    WHERE w.budget_id = m.b AND w.starts_at = m.s;

  INSERT INTO usage (id, company_id, agent_id, key_id, client_id, run_id, task_id, epoch, action, asked_model, model, upstream, status,
      input_tokens, output_tokens, cache_write_tokens, cache_write_1h_tokens, cache_read_tokens, cost_micro_usd, charged_micro_usd,
      cut, swept, attempts, first_byte_ms, duration_ms, created_at)
    SELECT h.id, company, h.agent_id, h.key_id, h.client_id, (SELECT r.id FROM runs r WHERE r.id = h.run_id), h.task_id, h.epoch, h.action,
      h.asked_model, coalesce(v ->> 'model', h.asked_model), coalesce(v ->> 'upstream', h.upstream), (v ->> 'status')::int,
      (v ->> 'input')::int, (v ->> 'output')::int, (v ->> 'cacheWrite')::int, (v ->> 'cacheWrite1h')::int, (v ->> 'cacheRead')::int,
      (v ->> 'cost')::bigint, coalesce((v ->> 'charged')::bigint, h.amount_micro_usd), coalesce((v ->> 'cut')::boolean, false),
      coalesce((v ->> 'swept')::boolean, false), (v ->> 'attempts')::int, (v ->> 'firstByteMs')::int,
      coalesce((v ->> 'durationMs')::int, greatest(0, extract(epoch FROM at - h.created_at) * 1000)::int), h.created_at
    FROM unnest(held) h JOIN jsonb_array_elements(ended) v ON (v ->> 'id')::uuid = h.id;

  UPDATE usage u SET status = (v ->> 'status')::int, model = coalesce(v ->> 'model', u.model), upstream = coalesce(v ->> 'upstream', u.upstream),
      input_tokens = (v ->> 'input')::int, output_tokens = (v ->> 'output')::int, cache_write_tokens = (v ->> 'cacheWrite')::int,
      cache_write_1h_tokens = (v ->> 'cacheWrite1h')::int, cache_read_tokens = (v ->> 'cacheRead')::int,
      cost_micro_usd = (v ->> 'cost')::bigint, cut = coalesce((v ->> 'cut')::boolean, false), duration_ms = (v ->> 'durationMs')::int
    FROM jsonb_array_elements(ended) v
    WHERE u.id = (v ->> 'id')::uuid AND u.swept AND NOT coalesce((v ->> 'swept')::boolean, false);
  RETURN to_jsonb(coalesce(array_length(held, 1), 0));
END $$;
