-- Up Migration
-- What models were asked and answered, for replay: texts by the hash of what is kept (secrets removed, compressed), once each; a
-- recording has the id of its call's usage row. Off unless the fleet file says `recording`, which also bounds it.

CREATE TABLE recording_texts (
  company_id uuid NOT NULL REFERENCES companies,
  sha256 char(64) NOT NULL,
  gzip bytea NOT NULL,
  stored_bytes integer NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (company_id, sha256)
);

CREATE TABLE recordings (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  request_sha256 char(64) NOT NULL,
  response_sha256 char(64) NOT NULL,
  -- The answer came to its end.
  whole boolean NOT NULL,
  created_at timestamptz NOT NULL,
  FOREIGN KEY (company_id, request_sha256) REFERENCES recording_texts,
  FOREIGN KEY (company_id, response_sha256) REFERENCES recording_texts
);
CREATE INDEX recordings_age ON recordings (company_id, created_at);
CREATE INDEX recordings_by_request ON recordings (company_id, request_sha256);
CREATE INDEX recordings_by_response ON recordings (company_id, response_sha256);

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['recording_texts', 'recordings']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', t);
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON %I TO aito_app', t);
  END LOOP;
END $$;
