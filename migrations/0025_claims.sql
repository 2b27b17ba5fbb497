-- Up Migration
-- What agents say of the company is kept with what the verifier found: reports with the numbers in their text that nothing backs,
-- claims with the receipts they cite, contradictions between two agents with the task that settles them, and finished work.

CREATE TABLE reports (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents,
  task_id uuid REFERENCES tasks,
  run_id uuid REFERENCES runs ON DELETE SET NULL,
  -- The call that brought it.
  receipt_id uuid,
  text text NOT NULL,
  finishes boolean NOT NULL,
  accepted boolean NOT NULL,
  refusal text,
  marks jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL
);
CREATE INDEX reports_of_task ON reports (company_id, task_id, id) WHERE task_id IS NOT NULL;

CREATE TABLE claims (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  report_id uuid REFERENCES reports ON DELETE CASCADE,
  agent_id uuid NOT NULL REFERENCES agents,
  task_id uuid REFERENCES tasks,
  metric varchar(100) NOT NULL,
  -- As it was written; numbers are compared exactly, never as floats.
  value text NOT NULL,
  unit varchar(40) NOT NULL,
  period_from timestamptz,
  period_to timestamptz,
  entity varchar(100) NOT NULL,
  receipts text[] NOT NULL,
  verified boolean NOT NULL,
  why text,
  -- When the fact was measured that it was resolved to, and by which system.
  observed_at timestamptz,
  source varchar(60),
  created_at timestamptz NOT NULL,
  CHECK ((period_from IS NULL) = (period_to IS NULL)),
  CHECK (verified = (observed_at IS NOT NULL))
);
CREATE INDEX claims_of_metric ON claims (company_id, metric, entity, id);
CREATE INDEX claims_recent ON claims (company_id, id DESC);
CREATE INDEX claims_of_task ON claims (company_id, task_id) WHERE task_id IS NOT NULL;
CREATE INDEX claims_by_receipt ON claims USING gin (receipts);

CREATE TABLE contradictions (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  first_claim uuid NOT NULL REFERENCES claims ON DELETE CASCADE,
  second_claim uuid NOT NULL REFERENCES claims ON DELETE CASCADE,
  task_id uuid REFERENCES tasks,
  created_at timestamptz NOT NULL,
  UNIQUE (first_claim, second_claim)
);
CREATE INDEX contradictions_second ON contradictions (company_id, second_claim);

CREATE TABLE works (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  task_id uuid NOT NULL REFERENCES tasks,
  agent_id uuid NOT NULL REFERENCES agents,
  text text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX works_of_task ON works (company_id, task_id, id);

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['reports', 'claims', 'contradictions', 'works']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', t);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO aito_app', t);
  END LOOP;
END $$;

SELECT bind_keys_to_company();
