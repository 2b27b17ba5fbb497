-- Up Migration
-- What a company in which nothing happens is asked all the time costs one statement and one round trip each.

-- ask: {holder, term, leaseMs}. Keeps the term, if it is still the holder's, and tells whether anything has happened that the sealer has not
-- seen: every change of the company writes an event, so a bell that was lost is missed for no longer than one renewal.
CREATE FUNCTION aito_keep_term(company uuid, at timestamptz, ask jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  held boolean;
BEGIN
  PERFORM aito_enter(company);
  UPDATE terms SET renewed_at = at, lease_until = at + make_interval(secs => (ask ->> 'leaseMs')::float8 / 1000)
    WHERE holder = ask ->> 'holder' AND term = (ask ->> 'term')::bigint;
  held := FOUND;
  RETURN jsonb_build_object('held', held, 'stirs', EXISTS (SELECT FROM events WHERE seq IS NULL));
END $$;

-- beats: [{session, notBefore, agent, epoch, doing, progress, leaseUntil}]. An agent's heartbeat, for many at once: each counts only for a
-- session that still stands, for the current incarnation, and while no kill switch is on. Answers, in order, {desired}, or null, which says
-- nothing about why: who asks then goes the long way, also where another transaction holds the agent.
CREATE FUNCTION aito_beat(company uuid, at timestamptz, beats jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
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
