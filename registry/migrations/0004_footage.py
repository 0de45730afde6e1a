"""The database's side of footage: none is seen without its entry, and none deleted early, on hold or without a trace."""

from django.db import migrations

# A file's row stays for good. What it is of never changes. Its deletion begins only after its day, announced, without
# a hold; it ends only when nobody can find the file any more. No row keeps its file for less than its category's floor.
EVIDENCE = """
CREATE FUNCTION registry_evidence_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'evidence is not deleted: it becomes a tombstone' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' AND NEW.state <> 'kept' THEN
    RAISE EXCEPTION 'evidence begins as kept' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' OR (OLD.category_id, OLD.kept_until) IS DISTINCT FROM (NEW.category_id, NEW.kept_until) THEN
    PERFORM 1 FROM public.registry_retentioncategory c
      WHERE c.id = NEW.category_id AND NEW.kept_until >= NEW.received_at + c.floor_days * interval '24 hours';
    IF NOT FOUND THEN
      RAISE EXCEPTION 'evidence is kept at least as long as its category says' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF TG_OP = 'INSERT' THEN
    RETURN NEW;
  END IF;
  IF (OLD.id, OLD.number, OLD.request_id, OLD.upload_id, OLD.size, OLD.sha256, OLD.content_type, OLD.received_at)
     IS DISTINCT FROM
     (NEW.id, NEW.number, NEW.request_id, NEW.upload_id, NEW.size, NEW.sha256, NEW.content_type, NEW.received_at) THEN
    RAISE EXCEPTION 'evidence stays as it was received' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'kept' AND NEW.state = 'kept' THEN
    RETURN NEW;
  END IF;
  IF (OLD.category_id, OLD.kept_until, OLD.announced_at) IS DISTINCT FROM
     (NEW.category_id, NEW.kept_until, NEW.announced_at) THEN
    RAISE EXCEPTION 'the time to keep this is over, and stays what it was' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'kept' AND NEW.state = 'deleting' THEN
    IF OLD.kept_until > now() OR OLD.announced_at IS NULL OR OLD.announced_at > now() THEN
      RAISE EXCEPTION 'evidence is kept until its day, and its deletion announced' USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM 1 FROM public.registry_legalhold h JOIN public.registry_footagerequest r ON r.id = OLD.request_id
      WHERE h.state = 'placed' AND h.incident_id = r.incident_id
        AND (h.evidence_id IS NULL OR h.evidence_id = OLD.id);
    IF FOUND THEN
      RAISE EXCEPTION 'a legal hold keeps this evidence' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF OLD.state = 'deleting' AND NEW.state = 'deleted' THEN
    PERFORM 1 FROM public.registry_footage_location l WHERE l.evidence = OLD.id;
    IF FOUND THEN
      RAISE EXCEPTION 'the file of this evidence is still there' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF OLD.state <> NEW.state THEN
    RAISE EXCEPTION 'evidence goes from kept to deleting to deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER registry_evidence_stays BEFORE INSERT OR UPDATE OR DELETE
  ON registry_evidence FOR EACH ROW EXECUTE FUNCTION registry_evidence_stays();
"""

HOLDS = """
CREATE FUNCTION registry_hold_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state = 'lifted'
     OR (OLD.incident_id, OLD.evidence_id, OLD.reason, OLD.placed_by_id, OLD.placed_at) IS DISTINCT FROM
        (NEW.incident_id, NEW.evidence_id, NEW.reason, NEW.placed_by_id, NEW.placed_at) THEN
    RAISE EXCEPTION 'a legal hold is lifted, and nothing else' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER registry_hold_stays BEFORE UPDATE OR DELETE
  ON registry_legalhold FOR EACH ROW EXECUTE FUNCTION registry_hold_stays();

CREATE FUNCTION registry_floor_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the least time to keep footage never goes down' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER registry_floor_stays BEFORE UPDATE ON registry_retentioncategory FOR EACH ROW
  WHEN (NEW.floor_days < OLD.floor_days) EXECUTE FUNCTION registry_floor_stays();
"""

# Where a received file lies. The application may add a place and never read one: the function below tells it,
# for a ticket that was given for the committed entry of this view (see audit.log.tickets). Nobody plays or downloads a file
# once its deletion has begun, whatever ticket they have.
LOCATION = """
CREATE TABLE registry_footage_location (
  evidence uuid PRIMARY KEY REFERENCES registry_evidence (id),
  storage_key text NOT NULL UNIQUE CHECK (storage_key <> '')
);
REVOKE ALL ON registry_footage_location FROM portal_app;
GRANT INSERT ON registry_footage_location TO portal_app;

CREATE FUNCTION registry_footage_location_of(token text, wanted_event text, actor_kind text, actor_id text,
                                             wanted_sign_in text, wanted_evidence uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  place text;
BEGIN
  IF wanted_event IN ('registry:evidence:view', 'registry:evidence:download')
     AND public.audit_ticket_is_good(token, wanted_event, actor_kind, actor_id, wanted_sign_in,
                                     'evidence', wanted_evidence::text) THEN
    SELECT l.storage_key INTO place FROM public.registry_footage_location l
      JOIN public.registry_evidence e ON e.id = l.evidence AND e.state = 'kept'
      WHERE l.evidence = wanted_evidence;
  END IF;
  IF place IS NULL THEN
    RAISE EXCEPTION 'no footage without a ticket for this view of it' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN place;
END $$;
REVOKE ALL ON FUNCTION registry_footage_location_of(text, text, text, text, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_footage_location_of(text, text, text, text, text, uuid) TO portal_app;
"""

# For one more purpose the place is told: to delete the file, once its row says that this has begun.
DELETION = """
CREATE FUNCTION registry_footage_to_delete(wanted uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT l.storage_key FROM public.registry_footage_location l
    JOIN public.registry_evidence e ON e.id = l.evidence AND e.state = 'deleting'
    WHERE l.evidence = wanted
$$;
CREATE FUNCTION registry_forget_footage(wanted uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM public.registry_footage_location l USING public.registry_evidence e
    WHERE l.evidence = wanted AND e.id = wanted AND e.state = 'deleting'
$$;
REVOKE ALL ON FUNCTION registry_footage_to_delete(uuid), registry_forget_footage(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_footage_to_delete(uuid), registry_forget_footage(uuid) TO portal_app;
"""


class Migration(migrations.Migration):
    replaces = [("registry", "0003_guard")]
    dependencies = [("registry", "0003_look_delay"), ("audit", "0002_guard")]
    operations = [migrations.RunSQL(part) for part in (EVIDENCE, HOLDS, LOCATION, DELETION)]
