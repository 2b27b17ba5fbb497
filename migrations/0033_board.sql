-- Up Migration
-- The board: tasks shown as GitHub issues. A row for each task counts what GitHub must be told (wanted) and what it was told (done);
-- the trigger counts in the task's own transaction, so that no change is forgotten, and does nothing for a company without a board.

CREATE TABLE boards (
  company_id uuid PRIMARY KEY REFERENCES companies,
  repository varchar(255) NOT NULL,
  -- Issues changed before it have been read, as GitHub writes the time.
  read_to varchar(40),
  etag text,
  poll_at timestamptz NOT NULL,
  synced_at timestamptz,
  paused_until timestamptz,
  last_error text,
  -- Which gateway mirrors: one at a time.
  holder uuid,
  lease_until timestamptz,
  created_at timestamptz NOT NULL
);

CREATE TABLE board_issues (
  task_id uuid PRIMARY KEY REFERENCES tasks,
  company_id uuid NOT NULL REFERENCES companies,
  wanted bigint NOT NULL DEFAULT 1,
  done bigint NOT NULL DEFAULT 0,
  number integer,
  -- As both sides last had it, and what was about to be written.
  base jsonb,
  sent jsonb,
  -- The issue may have been made since then, and nobody wrote down its number.
  creating_at timestamptz,
  comments_at varchar(40),
  attempts integer NOT NULL DEFAULT 0,
  retry_at timestamptz,
  last_error text,
  UNIQUE (company_id, number)
);
CREATE INDEX board_issues_waiting ON board_issues (company_id, task_id) WHERE wanted > done;

CREATE TABLE board_notes (
  company_id uuid NOT NULL REFERENCES companies,
  task_id uuid NOT NULL REFERENCES tasks,
  key varchar(200) NOT NULL,
  body text NOT NULL,
  attempted boolean NOT NULL DEFAULT false,
  sent boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (task_id, key)
);

-- Comments of people that were brought in.
CREATE TABLE board_comments (
  company_id uuid NOT NULL REFERENCES companies,
  comment_id bigint NOT NULL,
  task_id uuid NOT NULL REFERENCES tasks,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (company_id, comment_id)
);

CREATE FUNCTION aito_board_wants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO board_issues (task_id, company_id) SELECT NEW.id, NEW.company_id
    WHERE EXISTS (SELECT 1 FROM boards b WHERE b.company_id = NEW.company_id)
    ON CONFLICT (task_id) DO UPDATE SET wanted = board_issues.wanted + 1, retry_at = NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER board_wants AFTER INSERT OR UPDATE OF title, description, status, priority, assigned_to, worker_agent_id ON tasks
  FOR EACH ROW EXECUTE FUNCTION aito_board_wants();

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['boards', 'board_issues', 'board_notes', 'board_comments']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO aito_app', t);
  END LOOP;
END $$;

SELECT bind_keys_to_company();
