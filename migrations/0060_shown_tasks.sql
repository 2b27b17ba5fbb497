-- Up Migration
-- A run is about the tasks that it was shown, too, and not only about those that it was woken for: a stop of one of them stops it.
ALTER TABLE runs ADD COLUMN shown_tasks uuid[] NOT NULL DEFAULT '{}';
