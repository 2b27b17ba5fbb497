-- Up Migration
-- What an agent wrote whose run had read from outside is told on the board once a human said so: which text was put before one, and which
-- was released, by its hash.

ALTER TABLE board_issues ADD COLUMN asked char(32), ADD COLUMN released char(32);
