-- Up Migration
-- The seed's six tables keep their names and columns; everything else is added. Every row carries company_id, and row-level
-- security is on for every table. Ids come from the programs (UUIDv7) and times from the clock that they are given, so no
-- column has a default of now() or of a generated id.

CREATE EXTENSION IF NOT EXISTS vector;

DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'aito_app') THEN CREATE ROLE aito_app NOLOGIN; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'aito_sealer') THEN CREATE ROLE aito_sealer NOLOGIN; END IF;
END $$;
GRANT aito_app, aito_sealer TO CURRENT_USER;

CREATE TABLE companies (
  id uuid PRIMARY KEY,
  slug varchar(60) NOT NULL UNIQUE,
  name varchar(255) NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE fleets (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  revision integer NOT NULL,
  document jsonb NOT NULL,
  digest text NOT NULL,
  kickoff_sent_at timestamptz,
  next_status_query_at timestamptz,
  created_at timestamptz NOT NULL,
  UNIQUE (company_id, revision)
);

CREATE TABLE agents (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  type varchar(50) NOT NULL,
  name varchar(100) NOT NULL,
  profile_path varchar(255),
  loop_interval integer,
  git_repo varchar(255),
  git_filter varchar(255),
  status varchar(20) NOT NULL DEFAULT 'inactive'
    CHECK (status IN ('inactive', 'starting', 'active', 'stopping', 'error')),
  container_id varchar(100),
  last_heartbeat timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  kind varchar(10) NOT NULL CHECK (kind IN ('agent', 'worker')),
  department varchar(100),
  is_head boolean NOT NULL DEFAULT false,
  is_council boolean NOT NULL DEFAULT false,
  profile jsonb NOT NULL,
  profile_markdown text NOT NULL,
  model varchar(100) NOT NULL,
  desired varchar(10) NOT NULL DEFAULT 'running' CHECK (desired IN ('running', 'stopped', 'gone')),
  status_reason text,
  doing text,
  progress bigint NOT NULL DEFAULT 0,
  epoch integer NOT NULL DEFAULT 0,
  restarts integer NOT NULL DEFAULT 0,
  failures integer NOT NULL DEFAULT 0,
  retry_at timestamptz,
  started_at timestamptz,
  next_wake_at timestamptz,
  next_wake_reason text,
  parent_agent_id uuid REFERENCES agents,
  task_id uuid,
  UNIQUE (company_id, name)
);
CREATE INDEX agents_due ON agents (company_id, next_wake_at) WHERE next_wake_at IS NOT NULL;

CREATE TABLE agent_loop_actions (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
  position integer NOT NULL,
  text text NOT NULL,
  every_seconds integer NOT NULL,
  creative boolean NOT NULL,
  next_due_at timestamptz NOT NULL,
  last_run_at timestamptz,
  UNIQUE (agent_id, position)
);

CREATE TABLE agent_state (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
  state_key varchar(255) NOT NULL,
  state_value jsonb,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (agent_id, state_key)
);

CREATE TABLE runs (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
  epoch integer NOT NULL,
  reasons jsonb NOT NULL,
  status varchar(20) NOT NULL CHECK (status IN ('running', 'done', 'nothing_new', 'failed', 'lost')),
  model_calls integer NOT NULL DEFAULT 0,
  summary text,
  error text,
  log text NOT NULL DEFAULT '',
  started_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX runs_by_agent ON runs (company_id, agent_id, started_at DESC);

CREATE TABLE agent_history (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
  action_type varchar(50) NOT NULL CHECK (action_type IN ('decision', 'task', 'communication', 'error')),
  summary text NOT NULL,
  details jsonb NOT NULL,
  embedding vector,
  embedding_model text,
  run_id uuid REFERENCES runs ON DELETE SET NULL,
  search tsvector GENERATED ALWAYS AS (to_tsvector('simple', summary)) STORED,
  created_at timestamptz NOT NULL
);
CREATE INDEX agent_history_recent ON agent_history (company_id, agent_id, created_at DESC);
CREATE INDEX agent_history_search ON agent_history USING gin (search);

CREATE TABLE decisions (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  title varchar(255) NOT NULL,
  description text NOT NULL DEFAULT '',
  proposed_by uuid NOT NULL REFERENCES agents,
  decision_type varchar(50) NOT NULL CHECK (decision_type IN ('minor', 'major', 'critical')),
  status varchar(20) NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'approved', 'vetoed', 'escalated', 'withdrawn', 'overridden')),
  veto_round integer NOT NULL DEFAULT 0,
  ceo_vote varchar(20),
  dao_vote varchar(20),
  c_level_votes jsonb,
  human_decision varchar(20),
  resolved_at timestamptz,
  created_at timestamptz NOT NULL,
  declared_type varchar(50) NOT NULL,
  type_reason text,
  kind varchar(255),
  amount_micro_usd bigint NOT NULL DEFAULT 0 CHECK (amount_micro_usd >= 0),
  phase varchar(10) CHECK (phase IN ('heads', 'analysis', 'final')),
  deadline_at timestamptz,
  valid_until timestamptz,
  machine jsonb NOT NULL,
  attached_task jsonb,
  outcome_reason text,
  human_comment text,
  rehearsal boolean NOT NULL DEFAULT false
);
CREATE INDEX decisions_due ON decisions (company_id, deadline_at) WHERE deadline_at IS NOT NULL;
CREATE INDEX decisions_expiring ON decisions (company_id, valid_until) WHERE valid_until IS NOT NULL;

CREATE TABLE votes (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  decision_id uuid NOT NULL REFERENCES decisions ON DELETE CASCADE,
  round integer NOT NULL,
  phase varchar(10) NOT NULL CHECK (phase IN ('heads', 'analysis', 'final')),
  voter varchar(100) NOT NULL,
  agent_id uuid NOT NULL REFERENCES agents,
  vote varchar(20) NOT NULL CHECK (vote IN ('approve', 'veto', 'abstain', 'no_answer')),
  reason text NOT NULL DEFAULT '',
  epoch integer,
  cast_at timestamptz NOT NULL,
  UNIQUE (decision_id, round, voter)
);

CREATE TABLE escalations (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  decision_id uuid NOT NULL REFERENCES decisions ON DELETE CASCADE,
  reason text NOT NULL,
  status varchar(10) NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'answered', 'closed')),
  answer varchar(20),
  comment text,
  answered_by varchar(100),
  notified_at timestamptz,
  notice_attempts integer NOT NULL DEFAULT 0,
  notice_error text,
  created_at timestamptz NOT NULL,
  answered_at timestamptz
);
CREATE UNIQUE INDEX escalations_one_waiting ON escalations (decision_id) WHERE status = 'waiting';

CREATE TABLE escalation_links (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  escalation_id uuid NOT NULL REFERENCES escalations ON DELETE CASCADE,
  number integer NOT NULL,
  token_hash text NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  created_at timestamptz NOT NULL,
  UNIQUE (escalation_id, number)
);

CREATE TABLE tasks (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  title varchar(255) NOT NULL,
  description text NOT NULL DEFAULT '',
  assigned_to uuid REFERENCES agents,
  created_by uuid REFERENCES agents,
  status varchar(20) NOT NULL DEFAULT 'pending'
    CHECK (status IN ('blocked', 'pending', 'running', 'done', 'failed', 'cancelled')),
  priority integer NOT NULL DEFAULT 5 CHECK (priority BETWEEN 1 AND 10),
  due_date timestamptz,
  completed_at timestamptz,
  result jsonb,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  decision_id uuid REFERENCES decisions,
  parent_task_id uuid REFERENCES tasks,
  worker_type varchar(60),
  worker_agent_id uuid REFERENCES agents,
  attempts integer NOT NULL DEFAULT 0,
  finding_key text,
  budget_micro_usd bigint
);
CREATE INDEX tasks_open ON tasks (company_id, assigned_to, status);
CREATE UNIQUE INDEX tasks_one_open_finding ON tasks (company_id, finding_key)
  WHERE finding_key IS NOT NULL AND status IN ('blocked', 'pending', 'running');

CREATE TABLE messages (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  type varchar(20) NOT NULL
    CHECK (type IN ('task', 'status_request', 'status_response', 'decision', 'vote', 'alert', 'broadcast', 'direct')),
  from_name varchar(100) NOT NULL,
  from_agent uuid REFERENCES agents,
  to_name varchar(100) NOT NULL,
  payload jsonb NOT NULL,
  priority varchar(10) NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
  requires_response boolean NOT NULL DEFAULT false,
  response_deadline timestamptz,
  in_reply_to uuid REFERENCES messages,
  responded_at timestamptz,
  created_at timestamptz NOT NULL
);
CREATE INDEX messages_recent ON messages (company_id, created_at DESC);
CREATE INDEX messages_awaiting ON messages (company_id, response_deadline)
  WHERE requires_response AND responded_at IS NULL;

CREATE TABLE deliveries (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  message_id uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
  agent_id uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
  rung_at timestamptz,
  rings integer NOT NULL DEFAULT 0,
  delivered_at timestamptz,
  acknowledged_at timestamptz,
  UNIQUE (message_id, agent_id)
);
CREATE INDEX deliveries_open ON deliveries (company_id, agent_id) WHERE acknowledged_at IS NULL;

CREATE TABLE status_queries (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  asked_by uuid NOT NULL REFERENCES agents,
  asked jsonb NOT NULL,
  deadline_at timestamptz NOT NULL,
  closed_at timestamptz,
  result jsonb,
  created_at timestamptz NOT NULL
);

CREATE TABLE work (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid REFERENCES agents ON DELETE CASCADE,
  kind varchar(10) NOT NULL CHECK (kind IN ('wake', 'task', 'message', 'vote')),
  ref text,
  reason text NOT NULL,
  priority integer NOT NULL DEFAULT 5,
  urgent boolean NOT NULL DEFAULT false,
  dedup_key text,
  available_at timestamptz NOT NULL,
  run_id uuid REFERENCES runs ON DELETE SET NULL,
  claimed_epoch integer,
  lease_until timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  done_at timestamptz,
  created_at timestamptz NOT NULL
);
CREATE INDEX work_open ON work (company_id, agent_id, available_at) WHERE done_at IS NULL;
CREATE UNIQUE INDEX work_dedup ON work (company_id, agent_id, dedup_key)
  WHERE dedup_key IS NOT NULL AND done_at IS NULL AND run_id IS NULL;

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
  epoch integer NOT NULL,
  token_hash text NOT NULL UNIQUE,
  session_hash text UNIQUE,
  redis_user text,
  redis_password_hash text,
  created_at timestamptz NOT NULL,
  hello_at timestamptz,
  revoked_at timestamptz,
  UNIQUE (agent_id, epoch)
);

CREATE TABLE receipts (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents,
  run_id uuid REFERENCES runs ON DELETE SET NULL,
  task_id uuid REFERENCES tasks,
  tool varchar(100) NOT NULL,
  arguments_digest text NOT NULL,
  ok boolean NOT NULL,
  result jsonb NOT NULL,
  duration_ms integer NOT NULL,
  signature text NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE usage (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents,
  run_id uuid REFERENCES runs ON DELETE SET NULL,
  task_id uuid REFERENCES tasks,
  epoch integer NOT NULL,
  model varchar(100) NOT NULL,
  upstream varchar(100) NOT NULL,
  status integer NOT NULL,
  input_tokens integer,
  output_tokens integer,
  cache_write_tokens integer,
  cache_read_tokens integer,
  cost_micro_usd bigint,
  duration_ms integer NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE events (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  event_type varchar(50) NOT NULL,
  source_agent uuid REFERENCES agents,
  target_agent uuid REFERENCES agents,
  body text NOT NULL,
  payload jsonb GENERATED ALWAYS AS ((body::jsonb) -> 'payload') STORED,
  source_name varchar(100) NOT NULL,
  target_name varchar(100),
  created_at timestamptz NOT NULL,
  seq bigint,
  prev text,
  hash text,
  UNIQUE (company_id, seq)
);
CREATE INDEX events_unsealed ON events (company_id, id) WHERE seq IS NULL;
CREATE INDEX events_recent ON events (company_id, created_at DESC);

CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  kind varchar(10) NOT NULL CHECK (kind IN ('channel', 'hint', 'job')),
  target varchar(200) NOT NULL,
  body text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  published_at timestamptz
);
CREATE INDEX outbox_open ON outbox (company_id, created_at) WHERE published_at IS NULL;

CREATE TABLE terms (
  company_id uuid PRIMARY KEY REFERENCES companies,
  term bigint NOT NULL,
  holder text NOT NULL,
  renewed_at timestamptz NOT NULL,
  lease_until timestamptz NOT NULL
);

CREATE TABLE commands (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  kind varchar(40) NOT NULL,
  arguments jsonb NOT NULL,
  asked_by varchar(100) NOT NULL,
  created_at timestamptz NOT NULL,
  done_at timestamptz,
  result jsonb
);

CREATE TABLE login_links (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  token_hash text NOT NULL UNIQUE,
  made_by varchar(100) NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

CREATE TABLE operator_sessions (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  token_hash text NOT NULL UNIQUE,
  operator varchar(100) NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);

-- What the programs may do. Events can be added and sealed, never changed or removed.
GRANT SELECT, INSERT ON companies TO aito_app;
-- Not forced: the owner finds a company by its slug before there is a scope.
ALTER TABLE companies ENABLE ROW LEVEL SECURITY;
CREATE POLICY company ON companies USING (id = nullif(current_setting('aito.company_id', true), '')::uuid);
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['fleets', 'agents', 'agent_loop_actions', 'agent_state', 'runs', 'agent_history', 'decisions', 'votes',
    'escalations', 'escalation_links', 'tasks', 'messages', 'deliveries', 'status_queries', 'work', 'sessions', 'receipts', 'usage',
    'events', 'outbox', 'terms', 'commands', 'login_links', 'operator_sessions']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', t);
    IF t <> 'events' THEN EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO aito_app', t); END IF;
  END LOOP;
END $$;
REVOKE DELETE ON votes, receipts, usage FROM aito_app;
GRANT SELECT, INSERT ON events TO aito_app;
GRANT SELECT ON events, companies, terms TO aito_sealer;
GRANT UPDATE (seq, prev, hash) ON events TO aito_sealer;

CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND OLD.hash IS NULL AND NEW.id = OLD.id AND NEW.body = OLD.body
     AND NEW.company_id = OLD.company_id AND NEW.created_at = OLD.created_at THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_event_change();
