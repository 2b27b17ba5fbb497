-- Up Migration
-- What outside tools say of themselves, version by version: agents are offered only the words that an operator has approved. The schemas
-- are kept as the canonical text that is hashed.
CREATE TABLE tool_pins (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  server varchar(60) NOT NULL,
  tool varchar(60) NOT NULL,
  hash char(64) NOT NULL,
  description text NOT NULL,
  input_schema text NOT NULL,
  output_schema text,
  -- Why it can never be offered, whatever is answered.
  problem text,
  status varchar(10) NOT NULL CHECK (status IN ('waiting', 'approved', 'refused', 'replaced')),
  -- The server said these words when it was last heard.
  present boolean NOT NULL,
  first_seen_at timestamptz NOT NULL,
  answered_at timestamptz,
  answered_by varchar(60),
  CHECK ((status IN ('approved', 'refused') AND answered_at IS NOT NULL) OR status IN ('waiting', 'replaced'))
);
CREATE UNIQUE INDEX tool_pins_one_each ON tool_pins (company_id, server, tool, hash) WHERE status <> 'replaced';
CREATE UNIQUE INDEX tool_pins_one_approved ON tool_pins (company_id, server, tool) WHERE status = 'approved';

ALTER TABLE tool_pins ENABLE ROW LEVEL SECURITY;
ALTER TABLE tool_pins FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON tool_pins USING (company_id = nullif(current_setting('aito.company_id', true), '')::uuid)
  WITH CHECK (company_id = nullif(current_setting('aito.company_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON tool_pins TO aito_app;

SELECT bind_keys_to_company();
