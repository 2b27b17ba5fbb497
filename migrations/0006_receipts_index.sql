-- Up Migration
-- Receipts are looked up by when they were made: those of the run that brought a proposal, beside the proposal's own.
CREATE INDEX receipts_recent ON receipts (company_id, created_at DESC);
