-- A row refers to rows of its own company only: foreign keys are checked without row-level security, so the company is part of each
-- of them. Later migrations that add tables end with the same call.
CREATE FUNCTION bind_keys_to_company() RETURNS void LANGUAGE plpgsql AS $$
DECLARE k record;
BEGIN
  FOR k IN
    SELECT c.oid, c.conname, c.conrelid::regclass AS tab, c.confrelid::regclass AS ref, a.attname AS col, c.confdeltype AS del,
      r.relname AS refname
    FROM pg_constraint c
    JOIN pg_class r ON r.oid = c.confrelid
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1] AND f.attname = 'id'
    WHERE c.contype = 'f' AND cardinality(c.conkey) = 1 AND c.connamespace = 'public'::regnamespace
      AND EXISTS (SELECT 1 FROM pg_attribute x WHERE x.attrelid = c.conrelid AND x.attname = 'company_id')
      AND EXISTS (SELECT 1 FROM pg_attribute x WHERE x.attrelid = c.confrelid AND x.attname = 'company_id')
    ORDER BY c.conname
  LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = k.refname || '_within_company') THEN
      EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I UNIQUE (company_id, id)', k.ref, k.refname || '_within_company');
    END IF;
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', k.tab, k.conname);
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (company_id, %I) REFERENCES %s (company_id, id)%s', k.tab, k.conname,
      k.col, k.ref, CASE k.del WHEN 'c' THEN ' ON DELETE CASCADE' WHEN 'n' THEN format(' ON DELETE SET NULL (%I)', k.col) ELSE '' END);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION bind_keys_to_company() FROM PUBLIC;

SELECT bind_keys_to_company();
