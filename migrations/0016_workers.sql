-- Up Migration
-- Workers that start workers, and tasks that end every container.

-- 0: a standing agent; 1: its worker; 2: a worker's worker.
ALTER TABLE agents ADD COLUMN depth integer NOT NULL DEFAULT 0 CHECK (depth >= 0);
UPDATE agents SET depth = 1 WHERE kind = 'worker';
-- It ended every container that it was given: nobody starts the same again for a day.
ALTER TABLE tasks ADD COLUMN quarantined_at timestamptz;
CREATE INDEX tasks_by_creator ON tasks (created_by, created_at) WHERE created_by IS NOT NULL;
CREATE INDEX tasks_quarantined ON tasks (company_id, quarantined_at) WHERE quarantined_at IS NOT NULL;
CREATE INDEX receipts_by_task ON receipts (task_id) WHERE task_id IS NOT NULL;
