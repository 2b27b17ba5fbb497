-- Up Migration
-- How each channel did last, whatever it told: one row a channel, written with the end of every attempt.
CREATE TABLE notice_channels (
  company_id uuid NOT NULL REFERENCES companies,
  channel varchar(20) NOT NULL,
  last_sent_at timestamptz,
  last_failed_at timestamptz,
  last_error text,
  PRIMARY KEY (company_id, channel)
);
ALTER TABLE notice_channels ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_channels FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON notice_channels USING (company_id = nullif(current_setting('aito.company_id', true), '')::uuid)
  WITH CHECK (company_id = nullif(current_setting('aito.company_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE (last_sent_at, last_failed_at, last_error) ON notice_channels TO aito_app;

-- What an alert lists, each with the record that it is about: a briefing's matters, decisions and tasks.
ALTER TABLE alerts ADD COLUMN items jsonb NOT NULL DEFAULT '[]';

SELECT bind_keys_to_company();
