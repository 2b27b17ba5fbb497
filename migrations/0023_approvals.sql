-- Up Migration
-- Approvals: a dangerous call as one exact object that a human approves, denies or edits, and that the platform then runs once. Standing
-- permissions that the operator writes. Taint: that a run has read what somebody outside the company wrote, and what came of that run.

CREATE TABLE approvals (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents,
  epoch integer NOT NULL,
  run_id uuid,
  task_id uuid REFERENCES tasks,
  tool varchar(100) NOT NULL,
  -- SHA-256 over the tool's description and input schema when it was called; the schema itself, for who edits the arguments.
  schema_version text NOT NULL,
  input_schema jsonb NOT NULL,
  arguments jsonb NOT NULL,
  -- [{name, sha256, bytes}]; the contents stand in call_files.
  files jsonb NOT NULL DEFAULT '[]',
  -- SHA-256 over all that is approved: tool, schema version, arguments, files, agent, epoch, expiry.
  digest text NOT NULL,
  -- The same without agent, epoch and expiry: equal requests of whomever.
  call_digest text NOT NULL,
  amount_micro_usd bigint NOT NULL CHECK (amount_micro_usd >= 0),
  summary text NOT NULL,
  -- The rule that wants it, and in words.
  rule varchar(60) NOT NULL,
  reason text NOT NULL,
  status varchar(10) NOT NULL DEFAULT 'waiting' CHECK (status IN
    ('waiting', 'approved', 'denied', 'edited', 'expired', 'executing', 'done', 'failed', 'unknown')),
  -- How often the same call was asked for while it waited.
  asked integer NOT NULL DEFAULT 1,
  -- The agent waits for the answer in its call: it is not told by message.
  inline boolean NOT NULL DEFAULT false,
  decision_id uuid REFERENCES decisions,
  permission_id uuid,
  edited_from uuid REFERENCES approvals,
  receipt_id uuid,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  answered_at timestamptz,
  answered_by varchar(255),
  comment text,
  started_at timestamptz,
  -- While it executes: nobody says anything of it until then, and its outcome is unknown.
  lease_until timestamptz,
  ended_at timestamptz,
  result jsonb,
  error text
);
CREATE INDEX approvals_recent ON approvals (company_id, id DESC);
CREATE INDEX approvals_open ON approvals (company_id, status, expires_at) WHERE status IN ('waiting', 'approved', 'executing');
CREATE UNIQUE INDEX approvals_once ON approvals (company_id, agent_id, epoch, call_digest) WHERE status = 'waiting';
CREATE INDEX approvals_by_agent ON approvals (agent_id, tool, created_at);

CREATE TABLE call_files (
  company_id uuid NOT NULL REFERENCES companies,
  sha256 char(64) NOT NULL,
  content bytea NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (company_id, sha256)
);

CREATE TABLE standing_permissions (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  name varchar(60) NOT NULL,
  tool varchar(100) NOT NULL,
  -- A role of the fleet file, workers included; null: every role.
  role varchar(100),
  -- [{path, is, value}]: all of them must hold of the arguments.
  constraints jsonb NOT NULL,
  times_max integer NOT NULL CHECK (times_max > 0),
  amount_max_micro_usd bigint NOT NULL CHECK (amount_max_micro_usd >= 0),
  period varchar(5) NOT NULL CHECK (period IN ('hour', 'day', 'week', 'month', 'total')),
  until timestamptz,
  created_by varchar(255) NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_by varchar(255)
);
CREATE UNIQUE INDEX standing_permissions_name ON standing_permissions (company_id, name) WHERE revoked_at IS NULL;

ALTER TABLE approvals ADD FOREIGN KEY (permission_id) REFERENCES standing_permissions;
ALTER TABLE actions ALTER COLUMN decision_id DROP NOT NULL;
ALTER TABLE actions ADD COLUMN approval_id uuid REFERENCES approvals;
ALTER TABLE actions ADD COLUMN permission_id uuid REFERENCES standing_permissions;
ALTER TABLE actions ADD CONSTRAINT actions_permitted CHECK (decision_id IS NOT NULL OR approval_id IS NOT NULL OR permission_id IS NOT NULL);
-- Whatever happens around it, an approval acts once.
CREATE UNIQUE INDEX actions_once ON actions (approval_id) WHERE approval_id IS NOT NULL;
CREATE INDEX actions_by_permission ON actions (permission_id, created_at) WHERE permission_id IS NOT NULL;
CREATE INDEX actions_by_agent ON actions (agent_id, tool, created_at);
ALTER TABLE publications ALTER COLUMN decision_id DROP NOT NULL;
ALTER TABLE publications ADD COLUMN approval_id uuid REFERENCES approvals;
ALTER TABLE publications ADD COLUMN permission_id uuid REFERENCES standing_permissions;
ALTER TABLE publications ADD COLUMN files jsonb NOT NULL DEFAULT '[]';

-- What an untrusted text has touched: where it came from, null where nothing did.
ALTER TABLE runs ADD COLUMN taint text;
-- Of an incarnation that calls tools before its first run.
ALTER TABLE sessions ADD COLUMN taint text;
ALTER TABLE messages ADD COLUMN taint text;
ALTER TABLE tasks ADD COLUMN taint text;
ALTER TABLE tasks ADD COLUMN tools text[];
ALTER TABLE decisions ADD COLUMN taint text;
ALTER TABLE agent_history ADD COLUMN taint text;
ALTER TABLE agent_state ADD COLUMN taint text;
CREATE INDEX agent_history_tainted ON agent_history (agent_id) WHERE taint IS NOT NULL OR source = 'outside';

-- What taints an agent now: its latest run of its present incarnation, or the incarnation itself where it has had none.
CREATE FUNCTION aito_taint(agent uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN EXISTS (SELECT 1 FROM runs r WHERE r.agent_id = a.id AND r.epoch = a.epoch)
    THEN (SELECT r.taint FROM runs r WHERE r.agent_id = a.id AND r.epoch = a.epoch ORDER BY r.started_at DESC, r.id DESC LIMIT 1)
    ELSE (SELECT s.taint FROM sessions s WHERE s.agent_id = a.id AND s.epoch = a.epoch LIMIT 1) END
  FROM agents a WHERE a.id = agent
$$;

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['approvals', 'call_files', 'standing_permissions']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', t);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO aito_app', t);
  END LOOP;
END $$;
GRANT UPDATE ON approvals, standing_permissions TO aito_app;

SELECT bind_keys_to_company();
