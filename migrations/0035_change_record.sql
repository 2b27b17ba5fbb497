-- What a change was at each commit, and what its reviewers wrote on its lines: the chain from the decision to the merge commit is read
-- from here, also where GitHub does not answer.
CREATE TABLE change_commits (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  change_id uuid NOT NULL REFERENCES changes,
  agent_id uuid NOT NULL REFERENCES agents,
  sha varchar(64) NOT NULL,
  title varchar(255) NOT NULL,
  -- The whole pull request's files with their hunks as of this commit, cut to what a page shows.
  files jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (company_id, change_id, sha)
);

ALTER TABLE change_reviews ADD COLUMN comments jsonb NOT NULL DEFAULT '[]';

ALTER TABLE change_commits ENABLE ROW LEVEL SECURITY;
ALTER TABLE change_commits FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON change_commits USING (company_id = nullif(current_setting('aito.company_id', true), '')::uuid)
  WITH CHECK (company_id = nullif(current_setting('aito.company_id', true), '')::uuid);
GRANT SELECT, INSERT ON change_commits TO aito_app;

SELECT bind_keys_to_company();
