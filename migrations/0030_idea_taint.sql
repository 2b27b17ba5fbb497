-- Up Migration
-- What an agent thought of after it had read text from outside carries that, as its decisions and memories do.
ALTER TABLE ideas ADD COLUMN taint text;
