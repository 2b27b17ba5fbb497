-- Up Migration
-- Operators with roles: accounts with a password and a one-time code, their sessions and API keys. Without any account the company is
-- run by the machine's owner (the operator key, and sessions by link), who is an owner.

CREATE TABLE operators (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  name varchar(40) NOT NULL,
  role varchar(10) NOT NULL CHECK (role IN ('owner', 'approver', 'viewer')),
  -- argon2id in PHC form; null until the account is set up.
  password_hash text,
  -- Sealed with a key made from the link key: the database alone does not tell it.
  totp_sealed text,
  -- The time step of the last code that was taken: a code works once.
  totp_last_step integer,
  created_by varchar(60) NOT NULL,
  created_at timestamptz NOT NULL,
  set_up_at timestamptz,
  disabled_at timestamptz,
  CHECK ((password_hash IS NULL) = (totp_sealed IS NULL)),
  UNIQUE (company_id, name)
);

CREATE TABLE operator_recovery_codes (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  operator_id uuid NOT NULL REFERENCES operators ON DELETE CASCADE,
  code_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE UNIQUE INDEX operator_recovery_codes_code ON operator_recovery_codes (operator_id, code_hash);

-- Null: the machine's owner.
CREATE TABLE operator_api_keys (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  operator_id uuid REFERENCES operators,
  name varchar(60) NOT NULL,
  key_hash text NOT NULL UNIQUE,
  scopes jsonb NOT NULL,
  created_by varchar(60) NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  last_used_at timestamptz
);
CREATE INDEX operator_api_keys_recent ON operator_api_keys (company_id, id DESC);

-- Failed sign-ins of an account, an address, and both, within a window.
CREATE TABLE operator_attempts (
  company_id uuid NOT NULL REFERENCES companies,
  subject varchar(120) NOT NULL,
  attempts integer NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (company_id, subject)
);

ALTER TABLE login_links ADD COLUMN operator_id uuid REFERENCES operators;
ALTER TABLE operator_sessions ADD COLUMN operator_id uuid REFERENCES operators;
ALTER TABLE operator_sessions ADD COLUMN how varchar(10) NOT NULL DEFAULT 'link' CHECK (how IN ('link', 'password'));
ALTER TABLE operator_sessions ADD COLUMN address varchar(60) NOT NULL DEFAULT '';
ALTER TABLE operator_sessions ADD COLUMN user_agent varchar(200) NOT NULL DEFAULT '';
CREATE INDEX operator_sessions_recent ON operator_sessions (company_id, id DESC);

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['operators', 'operator_recovery_codes', 'operator_api_keys', 'operator_attempts']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON operators, operator_api_keys TO aito_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON operator_recovery_codes, operator_attempts TO aito_app;

SELECT bind_keys_to_company();
