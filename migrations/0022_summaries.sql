-- Up Migration
-- Summaries of days, weeks and months can be found by meaning, say who wrote them, and are as trustworthy as the least of their parts.

ALTER TABLE history_summaries
  -- The model that wrote it; null: sentences of its parts, taken over as they are.
  ADD COLUMN model varchar(100),
  -- Of its parts the one to be trusted least. Text from outside is in no summary.
  ADD COLUMN source varchar(10) NOT NULL DEFAULT 'own' CHECK (source IN ('own', 'agent')),
  ADD COLUMN embedding vector,
  ADD COLUMN embedding_model varchar(100),
  ADD COLUMN embed_after timestamptz;
CREATE INDEX history_summaries_of ON history_summaries (company_id, agent_id, period, starts_at DESC);
CREATE INDEX history_summaries_unembedded ON history_summaries (company_id, id) WHERE embedding_model IS NULL;

-- An operator's question is the company's own call: nobody's agent, and no key's.
ALTER TABLE usage DROP CONSTRAINT usage_has_caller;
ALTER TABLE usage ADD CONSTRAINT usage_has_caller CHECK (agent_id IS NOT NULL OR key_id IS NOT NULL OR action = 'ask');

-- The index of an embedder's vectors, at half precision: half the memory, and what it finds is ranked by the full vectors. Its graph is
-- held in memory while it is built: so much at most, then on disk; without parallel workers, whose memory would be taken from the
-- container's small /dev/shm.
CREATE OR REPLACE FUNCTION memory_index(model text, dimensions integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp SET maintenance_work_mem = '256MB' SET max_parallel_maintenance_workers = 0 AS $$
BEGIN
  IF model !~ '^[A-Za-z0-9._:/-]{1,100}$' OR dimensions NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION 'no index for model % with % dimensions', model, dimensions USING ERRCODE = 'invalid_parameter_value';
  END IF;
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON agent_history USING hnsw ((embedding::halfvec(%s)) halfvec_cosine_ops)
    WHERE embedding_model = %L', 'agent_history_near_' || left(md5(model || ':' || dimensions), 12), dimensions, model);
END $$;
DO $$ DECLARE old text; models text[]; each text; BEGIN
  -- Collected first: no index is made on a table that a loop is reading.
  SELECT coalesce(array_agg(DISTINCT embedding_model || ' ' || vector_dims(embedding)), '{}') INTO models
    FROM agent_history WHERE embedding IS NOT NULL;
  FOREACH each IN ARRAY models LOOP
    PERFORM memory_index(split_part(each, ' ', 1), split_part(each, ' ', 2)::int);
  END LOOP;
  PERFORM memory_index('use-lite-en', 512);
  FOR old IN SELECT indexname FROM pg_indexes WHERE tablename = 'agent_history' AND indexname LIKE 'agent\_history\_meaning\_%' LOOP
    EXECUTE format('DROP INDEX %I', old);
  END LOOP;
END $$;

-- Row-level security keeps a text search from its index: Postgres asks nothing of a row before the policy does, unless it is sure that the
-- asking tells nothing. These two hold to the same company by themselves, and so may use it.
CREATE FUNCTION memory_word_counts(words text[], at_most integer) RETURNS TABLE (lexeme text, df integer) LANGUAGE plpgsql STABLE
  SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE company uuid := nullif(current_setting('aito.company_id', true), '')::uuid; word text;
BEGIN
  FOREACH word IN ARRAY words LOOP
    lexeme := word;
    SELECT count(*)::int INTO df FROM (SELECT 1 FROM agent_history h
      WHERE h.search @@ quote_literal(word)::tsquery AND h.company_id = company LIMIT at_most) x;
    RETURN NEXT;
  END LOOP;
END $$;

-- Those memories that hold one of the words of any_word and pass the filter, ranked by Okapi BM25 over all words: roughly first (which words),
-- then exactly the best of those (how often, in how long a text). filter: {agents, client (null: the company's own alone), sources, from, to, not}.
CREATE FUNCTION memory_by_words(words text[], weights float8[], any_word tsquery, filter jsonb, candidates integer, usual float8, wanted integer)
  RETURNS TABLE (id uuid, score float8) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  company uuid := nullif(current_setting('aito.company_id', true), '')::uuid;
  conditions text := 'h.quarantined_at IS NULL AND h.company_id = $1 AND h.search @@ $2';
  rough text;
BEGIN
  IF filter ? 'agents' THEN conditions := conditions || ' AND h.agent_id = ANY (ARRAY(SELECT jsonb_array_elements_text($3 -> ''agents''))::uuid[])'; END IF;
  IF filter ? 'client' THEN conditions := conditions || ' AND (h.client_id IS NULL OR h.client_id = ($3 ->> ''client'')::uuid)'; END IF;
  IF filter ? 'sources' THEN conditions := conditions || ' AND h.source = ANY (ARRAY(SELECT jsonb_array_elements_text($3 -> ''sources'')))'; END IF;
  IF filter ? 'not' THEN conditions := conditions || ' AND h.id <> ALL (ARRAY(SELECT jsonb_array_elements_text($3 -> ''not''))::uuid[])'; END IF;
  IF filter ? 'from' THEN
    conditions := conditions || ' AND (h.created_at >= ($3 ->> ''from'')::date AND h.created_at < ($3 ->> ''to'')::date + 1
      OR h.days && ARRAY(SELECT d::date FROM generate_series(($3 ->> ''from'')::date, ($3 ->> ''to'')::date, interval ''1 day'') d))';
  END IF;
  SELECT string_agg(format('CASE WHEN h.search @@ %L::tsquery THEN %s ELSE 0 END', quote_literal(w), weight::text), ' + ') INTO rough
    FROM unnest(words, weights) AS u(w, weight);
  RETURN QUERY EXECUTE format('
    WITH holding AS MATERIALIZED (SELECT h.id, h.search, h.created_at FROM agent_history h WHERE %s ORDER BY h.created_at DESC LIMIT $4),
    likely AS MATERIALIZED (SELECT h.* FROM holding h ORDER BY (%s) DESC, h.created_at DESC LIMIT greatest($7 * 2, 150))
    SELECT c.id, sum(q.weight * n.tf * 2.2 / (n.tf + 1.2 * (0.25 + 0.75 * length(c.search) / $6)))::float8 AS score
    FROM likely c CROSS JOIN LATERAL unnest(c.search) w JOIN unnest($5, $8) AS q(lexeme, weight) ON q.lexeme = w.lexeme
    CROSS JOIN LATERAL (SELECT greatest(1, coalesce(array_length(w.positions, 1), 1))::float8 AS tf) n
    GROUP BY c.id, c.created_at ORDER BY score DESC, c.created_at DESC LIMIT $7', conditions, rough)
    USING company, any_word, filter, candidates, words, usual, wanted, weights;
END $$;
REVOKE ALL ON FUNCTION memory_word_counts(text[], integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION memory_by_words(text[], float8[], tsquery, jsonb, integer, float8, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION memory_word_counts(text[], integer) TO aito_app;
GRANT EXECUTE ON FUNCTION memory_by_words(text[], float8[], tsquery, jsonb, integer, float8, integer) TO aito_app;
