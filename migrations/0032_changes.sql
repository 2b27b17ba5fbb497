-- Changes that agents propose in git repositories, and the reviews that count for their merge. A change is one branch and one pull
-- request of one task: whoever is killed between the two finds this row, and goes on with it.
CREATE TABLE changes (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  task_id uuid NOT NULL REFERENCES tasks,
  -- Who proposed it, and the standing agent that it was done for.
  agent_id uuid NOT NULL REFERENCES agents,
  owner_id uuid NOT NULL REFERENCES agents,
  repository varchar(255) NOT NULL,
  branch varchar(255) NOT NULL,
  base varchar(255) NOT NULL,
  title varchar(255) NOT NULL,
  status varchar(20) NOT NULL CHECK (status IN ('begun', 'open', 'merged')),
  number integer,
  url text,
  head_sha varchar(64),
  merge_sha varchar(64),
  merged_by uuid REFERENCES agents,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (company_id, task_id, repository),
  CHECK (status = 'begun' OR (number IS NOT NULL AND head_sha IS NOT NULL)),
  CHECK ((status = 'merged') = (merge_sha IS NOT NULL))
);
CREATE INDEX changes_recent ON changes (company_id, id DESC);

CREATE TABLE change_reviews (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  change_id uuid NOT NULL REFERENCES changes,
  agent_id uuid NOT NULL REFERENCES agents,
  -- Of this commit, and no later one.
  head_sha varchar(64) NOT NULL,
  verdict varchar(20) NOT NULL CHECK (verdict IN ('approve', 'request_changes', 'comment')),
  body text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX change_reviews_of_change ON change_reviews (company_id, change_id, id);

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['changes', 'change_reviews']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', t);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO aito_app', t);
  END LOOP;
END $$;
GRANT UPDATE ON changes TO aito_app;

SELECT bind_keys_to_company();
