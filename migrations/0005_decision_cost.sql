-- Up Migration
-- What a decision cost in model calls is read from the runs that were about it.

CREATE INDEX runs_reasons ON runs USING gin (reasons jsonb_path_ops);
CREATE INDEX usage_by_run ON usage (run_id) WHERE run_id IS NOT NULL;
