-- Up Migration
-- Revisions of the fleet are made by the file when the company starts, and by operators in the console. Started again with the same file,
-- the company keeps what an operator deployed since.
ALTER TABLE fleets
  ADD COLUMN source varchar(10) NOT NULL DEFAULT 'file' CHECK (source IN ('file', 'console')),
  ADD COLUMN made_by varchar(80) NOT NULL DEFAULT 'system',
  ADD COLUMN comment text NOT NULL DEFAULT '';
