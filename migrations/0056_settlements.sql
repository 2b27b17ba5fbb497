-- Up Migration
-- What humans have settled is listed, and can be taken back.
CREATE INDEX claims_refuted ON claims (company_id, refuted_at DESC) WHERE refuted_at IS NOT NULL AND restates IS NULL;
