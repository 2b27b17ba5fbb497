-- Up Migration
-- Calls of tools whose effect is in another system and that no approval journals (git): written down before anything leaves, gone with
-- their receipt. What is left when its lease is over gets a receipt that says that its outcome is unknown.
CREATE TABLE begun_calls (
  -- The receipt's.
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents,
  epoch int NOT NULL,
  run_id uuid,
  task_id uuid REFERENCES tasks ON DELETE SET NULL,
  tool varchar(100) NOT NULL,
  arguments_digest text NOT NULL,
  effect boolean NOT NULL,
  source varchar(60) NOT NULL,
  begun_at timestamptz NOT NULL,
  lease_until timestamptz NOT NULL
);
CREATE INDEX begun_calls_lease ON begun_calls (company_id, lease_until);

ALTER TABLE begun_calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE begun_calls FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON begun_calls USING (company_id = nullif(current_setting('aito.company_id', true), '')::uuid)
  WITH CHECK (company_id = nullif(current_setting('aito.company_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON begun_calls TO aito_app;

-- What outside systems and tools are left alone for now, so that a second gateway, or the next one, does not begin to ask them anew.
CREATE TABLE breakers (
  company_id uuid NOT NULL REFERENCES companies,
  name varchar(200) NOT NULL,
  failures int NOT NULL,
  -- How often in a row it opened: each time it is left alone for longer.
  opens int NOT NULL,
  -- Null: it works, but asked to be left alone until then.
  open_since timestamptz,
  open_until timestamptz NOT NULL,
  last_error text,
  PRIMARY KEY (company_id, name)
);

ALTER TABLE breakers ENABLE ROW LEVEL SECURITY;
ALTER TABLE breakers FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON breakers USING (company_id = nullif(current_setting('aito.company_id', true), '')::uuid)
  WITH CHECK (company_id = nullif(current_setting('aito.company_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON breakers TO aito_app;

SELECT bind_keys_to_company();
