-- Up Migration
-- One row per escalation, channel and number (1 is the first notice, each further one a reminder): what is claimed before it is
-- sent cannot be sent twice. Ideas of agents, near-duplicates merged by meaning.

CREATE TABLE escalation_notices (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  escalation_id uuid NOT NULL REFERENCES escalations ON DELETE CASCADE,
  channel varchar(20) NOT NULL,
  number integer NOT NULL CHECK (number >= 1),
  status varchar(10) NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'sending', 'sent', 'failed', 'unknown', 'dropped')),
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  claimed_at timestamptz,
  sent_at timestamptz,
  created_at timestamptz NOT NULL,
  UNIQUE (escalation_id, channel, number)
);
CREATE INDEX escalation_notices_open ON escalation_notices (company_id, due_at) WHERE status IN ('waiting', 'sending');

ALTER TABLE escalations DROP COLUMN notified_at, DROP COLUMN notice_attempts, DROP COLUMN notice_error;

CREATE TABLE ideas (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents,
  title varchar(255) NOT NULL,
  text text NOT NULL,
  kind varchar(255),
  amount_micro_usd bigint NOT NULL DEFAULT 0 CHECK (amount_micro_usd >= 0),
  status varchar(10) NOT NULL CHECK (status IN ('new', 'kept', 'merged', 'promoted', 'dropped')),
  score integer CHECK (score BETWEEN 0 AND 100),
  score_parts jsonb,
  similarity real,
  merged_into uuid REFERENCES ideas,
  mentions integer NOT NULL DEFAULT 1,
  decision_id uuid REFERENCES decisions,
  embedding vector,
  embedding_model text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CHECK ((status = 'merged') = (merged_into IS NOT NULL)),
  CHECK ((status = 'promoted') = (decision_id IS NOT NULL))
);
CREATE INDEX ideas_recent ON ideas (company_id, id DESC);
CREATE UNIQUE INDEX ideas_one_decision ON ideas (decision_id) WHERE decision_id IS NOT NULL;

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['escalation_notices', 'ideas']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO aito_app', t);
  END LOOP;
END $$;
