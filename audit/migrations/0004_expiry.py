"""How texts of the log end: by one function, after a year at the earliest, and never those of an incident on hold."""

from django.db import migrations

# The floor holds for everyone, whatever is set anywhere: a row younger than a year can't be deleted.
FLOOR = """
CREATE FUNCTION audit_detail_floor() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.at > clock_timestamp() - interval '1 year' THEN
    RAISE EXCEPTION 'a text of the log is kept for a year at least' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
REVOKE ALL ON FUNCTION audit_detail_floor() FROM PUBLIC;
CREATE TRIGGER audit_detail_floor BEFORE DELETE ON audit_detail FOR EACH ROW EXECUTE FUNCTION audit_detail_floor();
ALTER TABLE audit_detail ENABLE ALWAYS TRIGGER audit_detail_floor;
CREATE INDEX audit_detail_at ON audit_detail (at);
"""

# Which incidents are on hold is what the log says, so nobody can lift a hold on the side: placed, and not lifted.
EXPIRE = """
CREATE FUNCTION audit_expire(before timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held uuid[];
  gone integer;
  kept bigint;
BEGIN
  IF before > clock_timestamp() - interval '1 year' THEN
    RAISE EXCEPTION 'texts of the log are kept for a year at least' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT coalesce(array_agg(DISTINCT placed.incident_id), '{}') INTO held
    FROM public.audit_entry placed
   WHERE placed.event = 'registry:hold:place' AND placed.outcome = 'done' AND NOT EXISTS (
     SELECT FROM public.audit_entry lifted
      WHERE lifted.incident_id = placed.incident_id AND lifted.event = 'registry:hold:lift'
        AND lifted.outcome = 'done' AND lifted.facts->>'hold' = placed.facts->>'hold');
  WITH old AS (
    SELECT digest FROM public.audit_detail d
     WHERE d.at < before AND (d.incident_id IS NULL OR d.incident_id <> ALL (held))
     ORDER BY d.at LIMIT most FOR UPDATE SKIP LOCKED)
  DELETE FROM public.audit_detail d USING old WHERE d.digest = old.digest;
  GET DIAGNOSTICS gone = ROW_COUNT;
  IF gone = 0 THEN
    RETURN 0;
  END IF;
  SELECT count(*) INTO kept FROM public.audit_detail d WHERE d.at < before AND d.incident_id = ANY (held);
  INSERT INTO public.audit_entry (event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in,
                                  subject_kind, subject_id, offence_type, premises_type, area, facts)
  VALUES ('audit:texts:expire', 'done', 'task', 'audit.expire', 'task', '', '', 'log', 'texts', '', '', '',
          jsonb_build_object('texts', gone, 'on_hold', kept, 'before', to_char(before AT TIME ZONE 'UTC', 'YYYY-MM-DD')));
  RETURN gone;
END $$;
REVOKE ALL ON FUNCTION audit_expire(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_expire(timestamptz, integer) TO portal_app;
"""


class Migration(migrations.Migration):
    replaces = [("audit", "0005_expiry")]
    dependencies = [("audit", "0003_tree")]
    operations = [migrations.RunSQL(FLOOR), migrations.RunSQL(EXPIRE)]
