-- Up Migration
-- Lists of tasks, newest first, of all states or of one, read no more rows than they show.

CREATE INDEX tasks_newest ON tasks (company_id, created_at DESC, id DESC);
CREATE INDEX tasks_by_status ON tasks (company_id, status, created_at DESC, id DESC);
