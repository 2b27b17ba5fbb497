-- Up Migration
-- As begun_calls.trace, of an approved call: what to look for in the other system, should nobody hear how it ended.
ALTER TABLE approvals ADD COLUMN trace jsonb;
