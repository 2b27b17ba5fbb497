-- Up Migration
-- Memories that can be found by meaning, by words and by time, and that say where they came from. A memory of a client is found for
-- that client only; one in quarantine is found by nobody. One index per embedder in use: vectors of two models are never compared.

ALTER TABLE agent_history DROP COLUMN search;
ALTER TABLE agent_history
  ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('english', summary)) STORED,
  -- own: what the agent did; agent: what a colleague said to it; outside: text from outside the company, which is never a rule.
  ADD COLUMN source varchar(10) NOT NULL DEFAULT 'own' CHECK (source IN ('own', 'agent', 'outside')),
  -- Who or what it came from: a colleague's name, an address.
  ADD COLUMN source_ref text,
  ADD COLUMN client_id uuid REFERENCES clients,
  -- The days that the text speaks of.
  ADD COLUMN days date[] NOT NULL DEFAULT '{}',
  ADD COLUMN quarantined_at timestamptz,
  ADD COLUMN quarantine_reason text,
  -- A text that its embedder refused is tried again then.
  ADD COLUMN embed_after timestamptz;
CREATE INDEX agent_history_search ON agent_history USING gin (search);
CREATE INDEX agent_history_days ON agent_history USING gin (days) WHERE days <> '{}';
CREATE INDEX agent_history_when ON agent_history (company_id, created_at);
CREATE INDEX agent_history_client ON agent_history (company_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX agent_history_run ON agent_history (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX agent_history_unembedded ON agent_history (company_id, id) WHERE embedding_model IS NULL AND quarantined_at IS NULL;
CREATE INDEX agent_history_model ON agent_history (company_id, embedding_model, id) WHERE embedding_model IS NOT NULL;

-- The index of an embedder's vectors. For the programs' role, which owns no table; the name is made from what is checked here.
CREATE FUNCTION memory_index(model text, dimensions integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  IF model !~ '^[A-Za-z0-9._:/-]{1,100}$' OR dimensions NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION 'no index for model % with % dimensions', model, dimensions USING ERRCODE = 'invalid_parameter_value';
  END IF;
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON agent_history USING hnsw ((embedding::vector(%s)) vector_cosine_ops)
    WHERE embedding_model = %L', 'agent_history_meaning_' || left(md5(model || ':' || dimensions), 12), dimensions, model);
END $$;
REVOKE ALL ON FUNCTION memory_index(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION memory_index(text, integer) TO aito_app;
SELECT memory_index('use-lite-en', 512);

CREATE TABLE history_summaries (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies,
  agent_id uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
  client_id uuid REFERENCES clients,
  period varchar(5) NOT NULL CHECK (period IN ('day', 'week', 'month')),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  summary text NOT NULL,
  -- What it sums up: ids of agent_history for a day, of history_summaries for a week or month. The originals stay.
  parts uuid[] NOT NULL,
  entries integer NOT NULL,
  search tsvector GENERATED ALWAYS AS (to_tsvector('english', summary)) STORED,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX history_summaries_once ON history_summaries
  (agent_id, period, starts_at, coalesce(client_id, '00000000-0000-0000-0000-000000000000'));
CREATE INDEX history_summaries_parts ON history_summaries USING gin (parts);
ALTER TABLE history_summaries ENABLE ROW LEVEL SECURITY;
ALTER TABLE history_summaries FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON history_summaries USING (company_id = nullif(current_setting('aito.company_id', true), '')::uuid)
  WITH CHECK (company_id = nullif(current_setting('aito.company_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON history_summaries TO aito_app;

SELECT bind_keys_to_company();
