-- Up Migration
-- Kill switches: what an operator has stopped, until it is resumed by a second act. Clients: for whom a part of the work is done.

CREATE TABLE clients (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  slug varchar(60) NOT NULL,
  name varchar(255) NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (company_id, slug)
);

ALTER TABLE agents ADD COLUMN client_id uuid REFERENCES clients;
ALTER TABLE tasks ADD COLUMN client_id uuid REFERENCES clients;
CREATE INDEX tasks_by_client ON tasks (client_id) WHERE client_id IS NOT NULL;

CREATE TABLE kill_switches (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  scope varchar(12) NOT NULL CHECK (scope IN ('company', 'client', 'department', 'agent', 'task')),
  target varchar(255) NOT NULL,
  reason text NOT NULL,
  pressed_by varchar(100) NOT NULL,
  pressed_from varchar(255) NOT NULL,
  pressed_at timestamptz NOT NULL,
  resumed_by varchar(100),
  resumed_from varchar(255),
  resumed_at timestamptz,
  resume_reason text,
  CHECK ((scope = 'company') = (target = '')),
  CHECK ((resumed_at IS NULL) = (resumed_by IS NULL) AND (resumed_at IS NULL) = (resumed_from IS NULL))
);
CREATE UNIQUE INDEX kill_switches_on ON kill_switches (company_id, scope, target) WHERE resumed_at IS NULL;
CREATE INDEX kill_switches_recent ON kill_switches (company_id, pressed_at DESC);

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['clients', 'kill_switches']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO aito_app', t);
  END LOOP;
END $$;
