-- Up Migration
-- Authority and autonomy: what a decision permits and what has been spent of it, dangerous actions that ran, metrics with their
-- writer, triggers that fired on them, and arguments that heads exchanged.

ALTER TABLE decisions ADD COLUMN emergency boolean NOT NULL DEFAULT false;
-- The dangerous call that an approval releases: {v, tool, argumentsDigest, arguments, amountMicroUsd, timesMax}.
ALTER TABLE decisions ADD COLUMN attached_action jsonb;
-- SHA-256 over what is proposed, as it is compared when a vetoed proposal comes back.
ALTER TABLE decisions ADD COLUMN content_digest text;
-- The task whose budget the amount is taken from; null: the company's own.
ALTER TABLE decisions ADD COLUMN paid_by_task_id uuid REFERENCES tasks;
CREATE INDEX decisions_vetoed ON decisions (company_id, resolved_at) WHERE status = 'vetoed';
CREATE INDEX decisions_by_payer ON decisions (paid_by_task_id) WHERE paid_by_task_id IS NOT NULL;

-- The task whose budget this task's own budget was taken from.
ALTER TABLE tasks ADD COLUMN paid_by_task_id uuid REFERENCES tasks;
CREATE INDEX tasks_by_payer ON tasks (paid_by_task_id) WHERE paid_by_task_id IS NOT NULL;
CREATE INDEX tasks_by_parent ON tasks (parent_task_id) WHERE parent_task_id IS NOT NULL;
CREATE INDEX tasks_by_decision ON tasks (decision_id) WHERE decision_id IS NOT NULL;

CREATE TABLE decision_arguments (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  decision_id uuid NOT NULL REFERENCES decisions ON DELETE CASCADE,
  agent_id uuid NOT NULL REFERENCES agents,
  head varchar(100) NOT NULL,
  turn integer NOT NULL,
  text text NOT NULL,
  message_id uuid NOT NULL REFERENCES messages,
  created_at timestamptz NOT NULL,
  UNIQUE (decision_id, head, turn)
);

CREATE TABLE metrics (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  name varchar(100) NOT NULL,
  value numeric(18, 6) NOT NULL,
  unit varchar(40) NOT NULL,
  entity varchar(100) NOT NULL,
  period varchar(40),
  recorded_by varchar(100) NOT NULL,
  agent_id uuid REFERENCES agents,
  -- The receipt of the call that wrote it; it is stored right after the call, so that no key can hold it.
  receipt_id uuid,
  created_at timestamptz NOT NULL
);
CREATE INDEX metrics_recent ON metrics (company_id, name, created_at DESC);

CREATE TABLE trigger_firings (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  rule_key varchar(255) NOT NULL,
  kind varchar(40) NOT NULL,
  subject varchar(100) NOT NULL,
  detail text NOT NULL,
  decision_id uuid REFERENCES decisions,
  fired_at timestamptz NOT NULL,
  cleared_at timestamptz
);
CREATE UNIQUE INDEX trigger_firings_once ON trigger_firings (company_id, rule_key, subject) WHERE cleared_at IS NULL;
CREATE INDEX trigger_firings_recent ON trigger_firings (company_id, rule_key, subject, fired_at DESC);

CREATE TABLE actions (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents,
  decision_id uuid NOT NULL REFERENCES decisions,
  task_id uuid REFERENCES tasks,
  tool varchar(100) NOT NULL,
  arguments_digest text NOT NULL,
  amount_micro_usd bigint NOT NULL CHECK (amount_micro_usd >= 0),
  summary text NOT NULL,
  -- How it can be undone; null: it cannot.
  undo text,
  receipt_id uuid,
  created_at timestamptz NOT NULL
);
CREATE INDEX actions_by_decision ON actions (decision_id);

CREATE TABLE publications (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  title varchar(255) NOT NULL,
  text text NOT NULL,
  agent_id uuid NOT NULL REFERENCES agents,
  decision_id uuid NOT NULL REFERENCES decisions,
  created_at timestamptz NOT NULL
);
CREATE INDEX publications_recent ON publications (company_id, created_at DESC);

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['decision_arguments', 'metrics', 'trigger_firings', 'actions', 'publications']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', t);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO aito_app', t);
  END LOOP;
END $$;
-- What was said, measured, done and published stays as it was; a firing is cleared when its condition is over.
GRANT UPDATE ON trigger_firings TO aito_app;
