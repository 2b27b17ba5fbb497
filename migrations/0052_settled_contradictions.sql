-- Up Migration
-- A contradiction lasts until one side withdraws its figure; before, the end of its task ended it. Those that ended so stay ended.
DELETE FROM contradictions x USING tasks t WHERE t.id = x.task_id AND t.status NOT IN ('blocked', 'pending', 'running');
