-- Up Migration
-- Tasks that operators ask for over the API: the same request is the same task.
ALTER TABLE tasks ADD COLUMN request_key varchar(64), ADD COLUMN request_digest varchar(64);
CREATE UNIQUE INDEX tasks_request ON tasks (company_id, request_key) WHERE request_key IS NOT NULL;

-- An agent's tasks, and what its workers did, newest first.
CREATE INDEX tasks_of_agent ON tasks (company_id, assigned_to, created_at DESC, id DESC);
CREATE INDEX tasks_of_worker ON tasks (company_id, worker_agent_id, created_at DESC, id DESC) WHERE worker_agent_id IS NOT NULL;

-- Of a type, newest first: most types are rare among many events.
CREATE INDEX events_of_type ON events (company_id, event_type, id DESC);

-- Who a browser is, in one round trip: every request of a page asks it, so that a session that was revoked is at once nobody's.
CREATE FUNCTION aito_operator_session(company uuid, at timestamptz, asked jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  PERFORM aito_enter(company);
  RETURN (SELECT jsonb_build_object('id', s.id, 'operator', s.operator, 'operator_id', s.operator_id, 'how', s.how,
      'address', s.address, 'last_seen_at', s.last_seen_at, 'role', o.role, 'set_up_at', o.set_up_at)
    FROM operator_sessions s LEFT JOIN operators o ON o.id = s.operator_id
    WHERE s.token_hash = asked ->> 'hash' AND s.revoked_at IS NULL AND s.expires_at > at AND o.disabled_at IS NULL);
END $$;
