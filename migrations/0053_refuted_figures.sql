-- Up Migration
-- A human can settle a contradiction of two agents: what does not hold is refuted, by whom, why, and for which claim (null: none of them holds).
ALTER TABLE claims
  ADD COLUMN refuted_at timestamptz,
  ADD COLUMN refuted_by text,
  ADD COLUMN refuted_why text,
  ADD COLUMN upheld uuid,
  ADD CONSTRAINT claims_refuted_whole CHECK ((refuted_at IS NULL) = (refuted_by IS NULL) AND (refuted_at IS NULL) = (refuted_why IS NULL)
    AND (upheld IS NULL OR refuted_at IS NOT NULL));
GRANT UPDATE (refuted_at, refuted_by, refuted_why, upheld) ON claims TO aito_app;
