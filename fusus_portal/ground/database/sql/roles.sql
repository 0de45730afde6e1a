-- Once for each cluster, as superuser. Running it again changes nothing.
-- Passwords and pg_hba.conf are set apart from this file.
DO $$
DECLARE
  role text;
BEGIN
  IF to_regrole('portal_owner') IS NULL THEN
    CREATE ROLE portal_owner NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
  END IF;
  FOREACH role IN ARRAY ARRAY['portal_migrator', 'portal_app', 'portal_sealer'] LOOP
    IF to_regrole(role) IS NULL THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', role);
    END IF;
  END LOOP;
END $$;

-- The migrator may only become the owner, and is it from the start, whatever client signs in.
GRANT portal_owner TO portal_migrator WITH INHERIT FALSE, SET TRUE, ADMIN FALSE;
ALTER ROLE portal_migrator SET role = 'portal_owner';
ALTER ROLE portal_migrator SET lock_timeout = '5s';
