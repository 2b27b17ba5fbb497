-- Up Migration
-- What to look for in the other system, should nobody hear how a begun call ended: written before it is sent.
ALTER TABLE begun_calls ADD COLUMN trace jsonb;
