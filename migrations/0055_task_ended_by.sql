-- Up Migration
-- Who ended a task: a finish that is handed in again is a repeat only where the same agent ended it. Null: open, or ended before this was written.
ALTER TABLE tasks ADD COLUMN ended_by text;
