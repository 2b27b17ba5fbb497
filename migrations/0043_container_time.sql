-- Up Migration
-- How long each container lived: what infrastructure costs is counted from it. Written by the database whenever an agent gains or loses
-- its container, so that no way of starting or ending one can forget it.
CREATE TABLE container_lives (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents,
  epoch integer NOT NULL,
  container_id varchar(100) NOT NULL,
  task_id uuid REFERENCES tasks,
  client_id uuid REFERENCES clients,
  started_at timestamptz NOT NULL,
  ended_at timestamptz CHECK (ended_at >= started_at)
);
CREATE UNIQUE INDEX container_lives_open ON container_lives (agent_id) WHERE ended_at IS NULL;
CREATE INDEX container_lives_by_end ON container_lives (company_id, ended_at);

ALTER TABLE container_lives ENABLE ROW LEVEL SECURITY;
ALTER TABLE container_lives FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON container_lives USING (company_id = nullif(current_setting('aito.company_id', true), '')::uuid)
  WITH CHECK (company_id = nullif(current_setting('aito.company_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE (ended_at) ON container_lives TO aito_app;

-- Business time is the program's: a row that is changed says when.
CREATE FUNCTION aito_container_life() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE container_lives SET ended_at = greatest(started_at, NEW.updated_at) WHERE agent_id = NEW.id AND ended_at IS NULL;
  IF NEW.container_id IS NOT NULL THEN
    INSERT INTO container_lives (id, company_id, agent_id, epoch, container_id, task_id, client_id, started_at)
    VALUES (gen_random_uuid(), NEW.company_id, NEW.id, NEW.epoch, NEW.container_id, NEW.task_id, NEW.client_id, NEW.updated_at);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER container_life AFTER UPDATE OF container_id ON agents FOR EACH ROW
  WHEN (OLD.container_id IS DISTINCT FROM NEW.container_id) EXECUTE FUNCTION aito_container_life();

-- What stands now, from when its incarnation began. What ended before this version was not written down as a length.
INSERT INTO container_lives (id, company_id, agent_id, epoch, container_id, task_id, client_id, started_at)
SELECT gen_random_uuid(), company_id, id, epoch, container_id, task_id, client_id, coalesce(started_at, updated_at)
FROM agents WHERE container_id IS NOT NULL;

-- What an operator holds back: paused, it keeps its container and takes no new run; stopped, it has none, also after a deploy.
ALTER TABLE agents ADD COLUMN held varchar(10) CHECK (held IN ('paused', 'stopped')), ADD COLUMN held_at timestamptz,
  ADD COLUMN held_by varchar(100);

-- The conversation that a message is part of: the id of its first one.
ALTER TABLE messages ADD COLUMN thread_id uuid;
WITH RECURSIVE thread AS (
  SELECT id, id AS root FROM messages WHERE in_reply_to IS NULL
  UNION ALL SELECT m.id, thread.root FROM messages m JOIN thread ON m.in_reply_to = thread.id
)
UPDATE messages SET thread_id = thread.root FROM thread WHERE thread.id = messages.id;
CREATE FUNCTION aito_thread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.thread_id := coalesce((SELECT thread_id FROM messages WHERE id = NEW.in_reply_to), NEW.in_reply_to, NEW.id);
  RETURN NEW;
END $$;
CREATE TRIGGER message_thread BEFORE INSERT ON messages FOR EACH ROW WHEN (NEW.thread_id IS NULL) EXECUTE FUNCTION aito_thread();
CREATE INDEX messages_by_thread ON messages (company_id, thread_id, created_at, id);

SELECT bind_keys_to_company();
