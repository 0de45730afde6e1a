-- The guard of sealed tables. Its schema is the superuser's, so the owner of the tables can't replace it.
CREATE SCHEMA IF NOT EXISTS audit_guard;
REVOKE ALL ON SCHEMA audit_guard FROM PUBLIC;
GRANT USAGE ON SCHEMA audit_guard TO portal_owner, portal_app, portal_sealer;

CREATE TABLE IF NOT EXISTS audit_guard.sealed (
  relid regclass PRIMARY KEY,
  fingerprint text NOT NULL,
  sealed_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON audit_guard.sealed TO portal_owner, portal_app, portal_sealer;

-- Trigger of every sealed table: a change of a row is refused whoever asks.
CREATE OR REPLACE FUNCTION audit_guard.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% on %.% refused: rows are only ever added', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

-- Opening and closing a table of the ledger are entries of the log themselves, unless the log is empty.
CREATE OR REPLACE FUNCTION audit_guard.note(act text, target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  facts jsonb;
BEGIN
  IF to_regclass('public.audit_entry') IS NULL OR NOT EXISTS (SELECT FROM public.audit_entry) THEN
    RETURN;
  END IF;
  facts := jsonb_build_object('sha256', encode(sha256(convert_to(audit_guard.fingerprint(target), 'UTF8')), 'hex'));
  INSERT INTO public.audit_entry (event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in,
                                  subject_kind, subject_id, offence_type, premises_type, area, facts)
  VALUES (act, 'done', 'task', 'database:' || session_user, 'database', '', '', 'table', target::text, '', '', '', facts);
END $$;

-- Seals a table for good. Wants its ENABLE ALWAYS statement triggers in place (tgtype: 1 row, 2 before, 8 delete, 16 update, 32 truncate).
CREATE OR REPLACE FUNCTION audit_guard.seal(target regclass) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  missing text;
BEGIN
  SELECT string_agg(act, ', ') INTO missing
    FROM (VALUES ('DELETE', 8), ('UPDATE', 16), ('TRUNCATE', 32)) wanted(act, bit)
   WHERE NOT EXISTS (
     SELECT 1 FROM pg_trigger t
      WHERE t.tgrelid = target AND t.tgenabled = 'A'
        AND t.tgtype & wanted.bit <> 0 AND t.tgtype & 1 = 0 AND t.tgtype & 2 <> 0
        AND t.tgqual IS NULL AND t.tgattr = ''::int2vector
        AND t.tgfoid = 'audit_guard.refuse_change()'::regprocedure);
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION '% can not be sealed: no ENABLE ALWAYS statement trigger refuses %', target, missing
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  INSERT INTO audit_guard.sealed (relid, fingerprint)
  VALUES (target, audit_guard.fingerprint(target))
  ON CONFLICT (relid) DO NOTHING;
  IF FOUND THEN
    PERFORM audit_guard.note('audit:table:seal', target);
  END IF;
END $$;

-- Granted to nobody: a superuser runs it before a migration that alters a sealed table and ends with seal().
CREATE OR REPLACE FUNCTION audit_guard.unseal(target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM audit_guard.sealed WHERE relid = target;
  IF FOUND THEN
    PERFORM audit_guard.note('audit:table:unseal', target);
  END IF;
END $$;

-- What a migration calls before it alters a sealed table. A new log without an entry has nothing to protect yet and is
-- opened; one with entries must have been opened by a superuser.
CREATE OR REPLACE FUNCTION audit_guard.unseal_empty(target regclass) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM audit_guard.sealed WHERE relid = target) THEN
    LOCK TABLE public.audit_entry IN SHARE ROW EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM public.audit_entry) THEN
      RAISE EXCEPTION '% is sealed', target USING ERRCODE = 'insufficient_privilege',
        HINT = 'A superuser must run audit_guard.unseal() first: see docs/operations.md.';
    END IF;
    DELETE FROM audit_guard.sealed WHERE relid = target;
  END IF;
END $$;

-- After any DDL, whatever it was: each sealed table must still be what was sealed.
CREATE OR REPLACE FUNCTION audit_guard.on_ddl() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  sealed record;
BEGIN
  FOR sealed IN SELECT relid::oid AS oid, fingerprint FROM audit_guard.sealed LOOP
    IF audit_guard.fingerprint(sealed.oid) IS DISTINCT FROM sealed.fingerprint THEN
      RAISE EXCEPTION '% refused: a sealed table would differ from its seal', tg_tag
        USING ERRCODE = 'insufficient_privilege', HINT = 'A superuser must unseal the table first.';
    END IF;
  END LOOP;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit_guard FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_guard.seal(regclass), audit_guard.unseal_empty(regclass), audit_guard.refuse_change()
  TO portal_owner;
GRANT EXECUTE ON FUNCTION audit_guard.fingerprint(oid) TO portal_owner, portal_app, portal_sealer;

DROP EVENT TRIGGER IF EXISTS audit_guard_ddl;
CREATE EVENT TRIGGER audit_guard_ddl ON ddl_command_end EXECUTE FUNCTION audit_guard.on_ddl();
ALTER EVENT TRIGGER audit_guard_ddl ENABLE ALWAYS;
