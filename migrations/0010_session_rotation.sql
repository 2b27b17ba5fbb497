-- A session is replaced within the hour and the one before it stands for a short overlap; both are bound to the key of the container
-- that said hello.
ALTER TABLE sessions ADD COLUMN session_at timestamptz;
ALTER TABLE sessions ADD COLUMN previous_hash text UNIQUE;
ALTER TABLE sessions ADD COLUMN previous_until timestamptz;
ALTER TABLE sessions ADD COLUMN container_key text;
