-- Up Migration
-- A receipt says how a call ended, which system answered, and the facts in the answer; what is signed is `body`, the stored text, so
-- that whoever has the public key can check it. Results are bounded here; the whole text stands apart under its hash, for a while.

CREATE TABLE receipt_keys (
  company_id uuid NOT NULL REFERENCES companies,
  id varchar(32) NOT NULL,
  -- Ed25519, SPKI as base64url.
  public_key text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (company_id, id)
);

CREATE TABLE receipt_texts (
  company_id uuid NOT NULL REFERENCES companies,
  sha256 char(64) NOT NULL,
  gzip bytea NOT NULL,
  -- The newest receipt that refers to it.
  used_at timestamptz NOT NULL,
  PRIMARY KEY (company_id, sha256)
);
CREATE INDEX receipt_texts_age ON receipt_texts (company_id, used_at);

ALTER TABLE receipts
  ADD COLUMN status varchar(10) NOT NULL DEFAULT 'failed' CHECK (status IN ('succeeded', 'failed', 'refused', 'unknown', 'shadowed')),
  -- Its success counts as evidence for the task: the tool changes something beside what its caller says of itself.
  ADD COLUMN effect boolean NOT NULL DEFAULT false,
  ADD COLUMN source varchar(60) NOT NULL DEFAULT 'aito',
  ADD COLUMN facts jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN result_text text NOT NULL DEFAULT '',
  ADD COLUMN result_sha256 char(64),
  ADD COLUMN result_characters integer NOT NULL DEFAULT 0,
  -- Null for receipts of before, whose signature only the gateway could check.
  ADD COLUMN body text,
  ADD COLUMN key_id varchar(32);
UPDATE receipts SET status = 'succeeded' WHERE ok;
ALTER TABLE receipts ALTER COLUMN status DROP DEFAULT;
CREATE INDEX receipts_of_task ON receipts (company_id, task_id, id) WHERE task_id IS NOT NULL;
-- What was signed is not changed.
REVOKE UPDATE ON receipts FROM aito_app;

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['receipt_keys', 'receipt_texts']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', t);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO aito_app', t);
  END LOOP;
END $$;
GRANT UPDATE, DELETE ON receipt_texts TO aito_app;
