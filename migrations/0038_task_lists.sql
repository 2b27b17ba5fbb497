-- Up Migration
-- Lists of tasks, newest first, of all states or of one, read no more rows than they show.

CREATE INDEX tasks_newest ON tasks (company_id, created_at DESC, id DESC);
CREATE INDEX tasks_by_status ON tasks (company_id, status, created_at DESC, id DESC);

-- Tried again by an operator: at most one such task is open for an ended one.
ALTER TABLE tasks ADD COLUMN retry_of uuid REFERENCES tasks (id) ON DELETE SET NULL;
CREATE UNIQUE INDEX tasks_one_open_retry ON tasks (company_id, retry_of) WHERE retry_of IS NOT NULL AND completed_at IS NULL;

SELECT bind_keys_to_company();
