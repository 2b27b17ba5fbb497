-- Up Migration
-- Keys with which programs outside call models. Only a key's hash is stored; what it may spend is its budget (scope key). After a
-- rotation the hash before it works until its overlap is over.

CREATE TABLE gateway_keys (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  name varchar(60) NOT NULL,
  key_hash text NOT NULL UNIQUE,
  old_key_hash text UNIQUE,
  old_key_until timestamptz,
  -- Null: every model that has a price.
  models jsonb,
  created_by varchar(100) NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  last_used_at timestamptz
);
CREATE UNIQUE INDEX gateway_keys_one_standing ON gateway_keys (company_id, name) WHERE revoked_at IS NULL;

ALTER TABLE gateway_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON gateway_keys USING (company_id = nullif(current_setting('aito.company_id', true), '')::uuid)
  WITH CHECK (company_id = nullif(current_setting('aito.company_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON gateway_keys TO aito_app;
