"""The database's side of two promises: who may be asked (R3), and no footage seen without its entry (R5)."""

from django.db import migrations

# A request belongs to an open incident, and is the canvass's own.
# A camera is asked about only when it is registered, its point is exact, it is the asked registrant's, and it
# lies inside the canvass's circle: great-circle distance on the mean sphere of 6,371,008.8 m, 1 m of tolerance.
ONLY_NEARBY = """
CREATE FUNCTION registry_request_is_nearby() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM public.registry_canvass c JOIN public.registry_incident i ON i.id = c.incident_id
    WHERE c.id = NEW.canvass_id AND i.id = NEW.incident_id AND i.state = 'open';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a footage request needs an open incident, the one of its canvass'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER registry_request_is_nearby BEFORE INSERT OR UPDATE OF canvass_id, incident_id
  ON registry_footagerequest FOR EACH ROW EXECUTE FUNCTION registry_request_is_nearby();

CREATE FUNCTION registry_camera_is_nearby() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  distance_m double precision;
  allowed_m double precision;
BEGIN
  SELECT 2 * 6371008.8 * asin(least(1.0, sqrt(
           power(sin(radians(p.latitude - c.latitude) / 2), 2)
           + cos(radians(c.latitude)) * cos(radians(p.latitude))
             * power(sin(radians(p.longitude - c.longitude) / 2), 2)))),
         c.radius_m
    INTO distance_m, allowed_m
    FROM public.registry_footagerequest r
    JOIN public.registry_canvass c ON c.id = r.canvass_id
    JOIN public.registry_incident i ON i.id = r.incident_id
    JOIN public.registry_camera k ON k.id = NEW.camera_id
    JOIN public.registry_premises p ON p.id = k.premises_id AND p.registrant_id = r.registrant_id
   WHERE r.id = NEW.request_id AND i.state = 'open' AND k.removed_at IS NULL
     AND p.precision IN ('pinned', 'rooftop');
  IF NOT FOUND OR distance_m > allowed_m + 1 THEN
    RAISE EXCEPTION 'this camera may not be asked about: not inside the search area of an open incident'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER registry_camera_is_nearby BEFORE INSERT OR UPDATE
  ON registry_requestcamera FOR EACH ROW EXECUTE FUNCTION registry_camera_is_nearby();
"""

# What has been sent stays as it was sent: the circle can't be moved under the requests afterwards.
SENT_STAYS = """
CREATE FUNCTION registry_canvass_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'a sent canvass keeps its incident, circle, window and reason' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER registry_canvass_stays BEFORE UPDATE ON registry_canvass FOR EACH ROW
  WHEN (OLD.sent_at IS NOT NULL
        AND (OLD.incident_id, OLD.latitude, OLD.longitude, OLD.radius_m, OLD.starts_at, OLD.ends_at, OLD.reason)
            IS DISTINCT FROM
            (NEW.incident_id, NEW.latitude, NEW.longitude, NEW.radius_m, NEW.starts_at, NEW.ends_at, NEW.reason))
  EXECUTE FUNCTION registry_canvass_stays();
"""

# Where a received file lies. The application may add a place and never read one: the function below tells it,
# for a ticket that was given for the committed entry of this view (see audit.tickets).
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
    SELECT l.storage_key INTO place FROM public.registry_footage_location l WHERE l.evidence = wanted_evidence;
  END IF;
  IF place IS NULL THEN
    RAISE EXCEPTION 'no footage without a ticket for this view of it' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN place;
END $$;
REVOKE ALL ON FUNCTION registry_footage_location_of(text, text, text, text, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_footage_location_of(text, text, text, text, text, uuid) TO portal_app;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_incident_types"), ("audit", "0002_guard")]
    operations = [
        migrations.RunSQL(ONLY_NEARBY),
        migrations.RunSQL(SENT_STAYS),
        migrations.RunSQL(LOCATION),
    ]
