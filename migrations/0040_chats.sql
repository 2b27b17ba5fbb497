-- Up Migration
-- Answers by chat buttons. A chat belongs to one operator and one account there: who presses is who linked it, and may what that operator
-- may at that moment.
CREATE TABLE chats (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  chat varchar(64) NOT NULL,
  account varchar(64) NOT NULL,
  account_name varchar(100) NOT NULL,
  -- As the audit names them.
  operator varchar(60) NOT NULL,
  -- Null: the machine's owner.
  operator_id uuid REFERENCES operators,
  linked_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE UNIQUE INDEX chats_one ON chats (company_id, chat) WHERE ended_at IS NULL;

-- What an operator types into the chat to link it; once, within minutes.
CREATE TABLE chat_codes (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  code_hash varchar(64) NOT NULL,
  operator varchar(60) NOT NULL,
  operator_id uuid REFERENCES operators,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  UNIQUE (company_id, code_hash)
);

-- One button under one message: one answer to one exact thing, in one linked chat, once.
CREATE TABLE chat_buttons (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  token_hash varchar(64) NOT NULL,
  chat_id uuid NOT NULL REFERENCES chats,
  kind varchar(20) NOT NULL CHECK (kind IN ('approval', 'escalation')),
  subject uuid NOT NULL,
  answer varchar(20) NOT NULL CHECK (answer IN ('approve', 'deny', 'veto')),
  -- Of the call that the message showed.
  digest varchar(64),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  UNIQUE (company_id, token_hash)
);
CREATE INDEX chat_buttons_subject ON chat_buttons (company_id, subject) WHERE used_at IS NULL;

-- Which gateway asks the chat for what was written and pressed there, and from where on.
CREATE TABLE chat_polls (
  company_id uuid PRIMARY KEY REFERENCES companies,
  holder varchar(64) NOT NULL,
  lease_until timestamptz NOT NULL,
  next_update bigint NOT NULL DEFAULT 0
);

DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['chats', 'chat_codes', 'chat_buttons', 'chat_polls'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY company ON %I USING (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)
      WITH CHECK (company_id = nullif(current_setting(''aito.company_id'', true), '''')::uuid)', name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE (ended_at) ON chats TO aito_app;
GRANT SELECT, INSERT, UPDATE (used_at) ON chat_codes TO aito_app;
GRANT SELECT, INSERT, UPDATE (used_at) ON chat_buttons TO aito_app;
GRANT SELECT, INSERT, UPDATE (holder, lease_until, next_update) ON chat_polls TO aito_app;

SELECT bind_keys_to_company();
