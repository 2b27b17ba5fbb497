-- Up Migration
-- Who leads the company, term by term (at most one term is open); what the reconciler last planned for each agent, for "why";
-- what the operator must know without having been asked (a crash loop, lost heads), and how each channel told it.

CREATE TABLE lead_terms (
  company_id uuid NOT NULL REFERENCES companies,
  term bigint NOT NULL CHECK (term >= 1),
  agent_id uuid NOT NULL REFERENCES agents,
  acting boolean NOT NULL,
  reason text NOT NULL,
  began_at timestamptz NOT NULL,
  ended_at timestamptz,
  lost_since timestamptz,
  back_since timestamptz,
  PRIMARY KEY (company_id, term),
  CHECK (ended_at IS NULL OR ended_at >= began_at)
);
CREATE UNIQUE INDEX lead_terms_one_open ON lead_terms (company_id) WHERE ended_at IS NULL;

CREATE TABLE agent_plans (
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid PRIMARY KEY REFERENCES agents ON DELETE CASCADE,
  now_do varchar(20) NOT NULL,
  now_why text NOT NULL,
  now_since timestamptz NOT NULL,
  acted_do varchar(20),
  acted_why text,
  acted_at timestamptz
);

CREATE TABLE alerts (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  kind varchar(40) NOT NULL,
  subject varchar(100) NOT NULL,
  title text NOT NULL,
  detail text NOT NULL,
  opened_at timestamptz NOT NULL,
  closed_at timestamptz
);
CREATE UNIQUE INDEX alerts_one_open ON alerts (company_id, kind, subject) WHERE closed_at IS NULL;

CREATE TABLE alert_notices (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  alert_id uuid NOT NULL REFERENCES alerts ON DELETE CASCADE,
  channel varchar(20) NOT NULL,
  status varchar(10) NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'sending', 'sent', 'failed', 'unknown')),
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  claimed_at timestamptz,
  sent_at timestamptz,
  created_at timestamptz NOT NULL,
  UNIQUE (alert_id, channel)
);
CREATE INDEX alert_notices_open ON alert_notices (company_id) WHERE status IN ('waiting', 'sending');

-- Takes no new run: its container is replaced as soon as the open one has ended.
ALTER TABLE agents ADD COLUMN replacing boolean NOT NULL DEFAULT false;

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['lead_terms', 'agent_plans', 'alerts', 'alert_notices']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO aito_app', t);
  END LOOP;
END $$;
