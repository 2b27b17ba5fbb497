-- Up Migration
-- Incarnations in a row that ended before they had begun (no gateway, no usable token): what the rest before the next one grows with.
ALTER TABLE agents ADD COLUMN unbegun integer NOT NULL DEFAULT 0;
