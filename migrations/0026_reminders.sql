-- Up Migration
-- What waits for a human's approval is told again until it is answered; a day's briefing is made once, whoever makes it.
ALTER TABLE alert_notices
  ADD COLUMN number smallint NOT NULL DEFAULT 1 CHECK (number BETWEEN 1 AND 1000),
  -- Quiet hours hold a notice back until then; null: at once.
  ADD COLUMN due_at timestamptz;
ALTER TABLE alert_notices DROP CONSTRAINT alert_notices_alert_id_channel_key;
ALTER TABLE alert_notices ADD CONSTRAINT alert_notices_alert_id_channel_number_key UNIQUE (alert_id, channel, number);
ALTER TABLE alert_notices DROP CONSTRAINT alert_notices_status_check;
ALTER TABLE alert_notices ADD CONSTRAINT alert_notices_status_check
  CHECK (status IN ('waiting', 'sending', 'sent', 'failed', 'unknown', 'dropped'));
CREATE UNIQUE INDEX alerts_one_briefing ON alerts (company_id, subject) WHERE kind = 'briefing';
