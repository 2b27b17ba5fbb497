-- Up Migration
-- Events from outside that came in by a signed hook. A delivery counts once: by its id, and by what was signed, because GitHub's scheme
-- signs neither id nor time. The rows stay: they are what makes a delivery of years ago worth nothing.
CREATE TABLE hook_deliveries (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  hook varchar(60) NOT NULL,
  delivery_id varchar(200) NOT NULL,
  -- SHA-256 of what was signed.
  proof varchar(64) NOT NULL,
  event varchar(100),
  action varchar(100),
  outcome varchar(20) NOT NULL CHECK (outcome IN ('task', 'wake', 'board', 'nothing', 'unreadable', 'failed')),
  why text,
  task_id uuid REFERENCES tasks,
  received_at timestamptz NOT NULL,
  UNIQUE (company_id, hook, delivery_id),
  UNIQUE (company_id, hook, proof)
);
CREATE INDEX hook_deliveries_recent ON hook_deliveries (company_id, hook, received_at);

ALTER TABLE hook_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE hook_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON hook_deliveries USING (company_id = nullif(current_setting('aito.company_id', true), '')::uuid)
  WITH CHECK (company_id = nullif(current_setting('aito.company_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE (task_id) ON hook_deliveries TO aito_app;

SELECT bind_keys_to_company();
