-- Up Migration
-- What ends by itself: a run has a lease that progress extends, and a deadline that nothing does; work that ends one container
-- after another is given up; failed runs in a row are counted apart from the failures of containers.

ALTER TABLE runs ADD COLUMN lease_until timestamptz;
ALTER TABLE runs ADD COLUMN deadline_at timestamptz;
CREATE INDEX runs_open ON runs (company_id, agent_id) WHERE status = 'running';
-- Runs whose container ended, or whose lease ran out, while they held this item.
ALTER TABLE work ADD COLUMN losses integer NOT NULL DEFAULT 0;
CREATE INDEX work_by_run ON work (run_id) WHERE run_id IS NOT NULL AND done_at IS NULL;
ALTER TABLE agents ADD COLUMN failed_runs integer NOT NULL DEFAULT 0;
-- Past workers stay for the history; every pass reads the others.
CREATE INDEX agents_here ON agents (company_id)
  WHERE NOT (kind = 'worker' AND desired = 'gone' AND status = 'inactive' AND container_id IS NULL);
CREATE INDEX outbox_published ON outbox (company_id, published_at) WHERE published_at IS NOT NULL;
-- The lease is the run's.
ALTER TABLE work DROP COLUMN lease_until;
