-- Up Migration
-- What an agent repeats of one figure is one side: `side` is the first claim of it, and contradictions are of those only. `restates`: the claim
-- that a human refuted and that this one states again; what humans refuted themselves is read apart from however many of these.
ALTER TABLE claims
  ADD COLUMN side uuid,
  ADD COLUMN restates uuid,
  ADD CONSTRAINT claims_restates_refuted CHECK (restates IS NULL OR refuted_at IS NOT NULL);
GRANT UPDATE (side, restates) ON claims TO aito_app;
