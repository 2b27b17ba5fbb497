-- Up Migration
-- Discipline on the bus: how far a message is from what started its chain, which answer came late or never, and how often two
-- agents have written in turns without anything else happening.

ALTER TABLE messages ADD COLUMN hops integer NOT NULL DEFAULT 0 CHECK (hops >= 0);
-- Its deadline passed without an answer and its sender was told so.
ALTER TABLE messages ADD COLUMN overdue_at timestamptz;
-- It answers a message whose deadline had passed.
ALTER TABLE messages ADD COLUMN late boolean NOT NULL DEFAULT false;
CREATE INDEX messages_by_sender ON messages (from_agent, created_at) WHERE from_agent IS NOT NULL;
DROP INDEX messages_awaiting;
CREATE INDEX messages_awaiting ON messages (company_id, response_deadline)
  WHERE requires_response AND responded_at IS NULL AND overdue_at IS NULL;
CREATE UNIQUE INDEX messages_one_no_answer ON messages (in_reply_to) WHERE from_name = 'system' AND payload ? 'no_answer';

-- When its refused messages were last made known.
ALTER TABLE agents ADD COLUMN throttled_at timestamptz;

-- One row for two agents that write to each other; low_agent < high_agent.
CREATE TABLE conversations (
  company_id uuid NOT NULL REFERENCES companies,
  low_agent uuid NOT NULL REFERENCES agents,
  high_agent uuid NOT NULL REFERENCES agents,
  last_from uuid NOT NULL REFERENCES agents,
  turns integer NOT NULL,
  since timestamptz NOT NULL,
  stopped_at timestamptz,
  PRIMARY KEY (company_id, low_agent, high_agent),
  CHECK (low_agent < high_agent)
);
ALTER TABLE conversations ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversations FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON conversations USING (company_id = nullif(current_setting('aito.company_id', true), '')::uuid)
  WITH CHECK (company_id = nullif(current_setting('aito.company_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON conversations TO aito_app;
