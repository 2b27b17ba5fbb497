-- Up Migration
-- The login of the programs that always run. It owns nothing, is no superuser and inherits nothing: what it may do to rows it may do as
-- aito_app or aito_sealer, which every transaction becomes. The migrate step gives it its password.

DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'aito_control') THEN CREATE ROLE aito_control NOLOGIN NOINHERIT; END IF;
END $$;
GRANT aito_app, aito_sealer TO aito_control WITH INHERIT FALSE, SET TRUE;

-- A program finds its company by the slug before there is a scope.
GRANT SELECT, INSERT ON companies TO aito_control;
CREATE POLICY control ON companies TO aito_control USING (true) WITH CHECK (true);
