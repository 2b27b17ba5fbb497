-- Up Migration
-- How often the run that had an item was ended from outside (its agent killed, the engine restarted): not the item's fault, so it is
-- counted apart from losses.

ALTER TABLE work ADD COLUMN interruptions integer NOT NULL DEFAULT 0 CHECK (interruptions >= 0);
