-- Up Migration
-- What an agent was last replaced for: the digest of the configuration that was rolled out to it, until a life under it was a good one.
-- An agent that is quarantined with it did not survive that change.
ALTER TABLE agents ADD COLUMN change_digest varchar(64);
