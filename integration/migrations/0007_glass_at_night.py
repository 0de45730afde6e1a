"""Glass is broken without a supervisor: the second of the two speaks for the incident in place of a verification."""

from django.db import migrations

# Both functions are those of 0002_view_guard but for broken glass. It needs no verified incident, and the second of
# the two no assignment: at night nobody is there who could verify or assign. What the second person's word allows is
# bound to the declaration itself, so it ends with it.
DECLARED = """
CREATE OR REPLACE FUNCTION integration_declaration_is_sound() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  i record;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (OLD.incident_id, OLD.kind, OLD.latitude, OLD.longitude, OLD.precision, OLD.radius_m, OLD.beyond_limits,
        OLD.reason, OLD.declared_by_id, OLD.declared_at) IS DISTINCT FROM
       (NEW.incident_id, NEW.kind, NEW.latitude, NEW.longitude, NEW.precision, NEW.radius_m, NEW.beyond_limits,
        NEW.reason, NEW.declared_by_id, NEW.declared_at)
       OR (OLD.starts_at IS NOT NULL AND (OLD.starts_at, OLD.first_at, OLD.seconded_by_id) IS DISTINCT FROM
                                         (NEW.starts_at, NEW.first_at, NEW.seconded_by_id))
       OR (OLD.state = 'ended' AND (OLD.ended_at, OLD.ends_at, NEW.state) IS DISTINCT FROM
                                   (NEW.ended_at, NEW.ends_at, 'ended')) THEN
      RAISE EXCEPTION 'a declaration keeps its incident, circle, word and times' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF NEW.state = 'ended' THEN
    RAISE EXCEPTION 'a declaration does not begin at its end' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'ended' OR (TG_OP = 'UPDATE' AND NEW.state = OLD.state
                             AND NEW.ends_at IS NOT DISTINCT FROM OLD.ends_at) THEN
    RETURN NEW;
  END IF;
  IF NEW.radius_m > 642.04 AND NOT NEW.beyond_limits THEN
    RAISE EXCEPTION 'a circle above half a square mile needs a second person' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT n.state, n.source, n.opened_by_id, n.verified_at, n.confirmed_at INTO i
    FROM public.registry_incident n WHERE n.id = NEW.incident_id FOR SHARE;
  IF i.state <> 'open'
     OR (NEW.kind <> 'break_glass' AND i.verified_at IS NULL AND i.confirmed_at IS NULL) THEN
    RAISE EXCEPTION 'only an open and verified incident is declared critical' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.kind = 'type' AND (i.source <> 'dispatch' OR i.confirmed_at IS NULL) THEN
    RAISE EXCEPTION 'only an incident from dispatch is critical by its type' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.kind = 'supervisor' AND (NEW.declared_by_id = i.opened_by_id OR TG_OP = 'INSERT' AND NOT EXISTS (
       SELECT 1 FROM public.accounts_user u
        WHERE u.id = NEW.declared_by_id AND u.role = 'supervisor' AND u.is_active)) THEN
    RAISE EXCEPTION 'an incident is declared critical by a supervisor who did not open it'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.kind = 'break_glass' AND NEW.state = 'in_force' AND (
       2 <> (SELECT count(*) FROM public.accounts_user u
              WHERE u.id IN (NEW.declared_by_id, NEW.seconded_by_id)
                AND u.role IN ('deputy', 'supervisor') AND u.is_active)
       OR NOT EXISTS (SELECT 1 FROM public.registry_assignment a
                       WHERE a.incident_id = NEW.incident_id AND a.user_id = NEW.declared_by_id)) THEN
    RAISE EXCEPTION 'the glass is broken by two deputies or supervisors, one of whom works on the incident'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'in_force' AND EXISTS (
       SELECT 1 FROM public.integration_declaration d
        WHERE d.incident_id = NEW.incident_id AND d.id <> NEW.id AND d.first_at < NEW.first_at) THEN
    RAISE EXCEPTION 'the 24 hours of an incident count from its first declaration'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""

GRANTED = """
CREATE OR REPLACE FUNCTION integration_view_is_sound() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d record;
  distance_m double precision;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (OLD.declaration_id, OLD.incident_id, OLD.deputy_id, OLD.reason, OLD.network, OLD.session, OLD.began_at,
        OLD.premises_kind, OLD.zip_code) IS DISTINCT FROM
       (NEW.declaration_id, NEW.incident_id, NEW.deputy_id, NEW.reason, NEW.network, NEW.session, NEW.began_at,
        NEW.premises_kind, NEW.zip_code)
       OR (NEW.camera_id IS NOT NULL AND NEW.camera_id IS DISTINCT FROM OLD.camera_id)
       OR (OLD.state = 'ended' AND (OLD.ended_at, OLD.ends_at, OLD."end", OLD.condition, OLD.minutes, NEW.state)
            IS DISTINCT FROM (NEW.ended_at, NEW.ends_at, NEW."end", NEW.condition, NEW.minutes, 'ended')) THEN
      RAISE EXCEPTION 'a view keeps what it was granted for, and ends once' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF NEW.state <> 'running' OR (TG_OP = 'UPDATE' AND NEW.ends_at <= OLD.ends_at) THEN
    RETURN NEW;
  END IF;
  SELECT c.latitude, c.longitude, c.radius_m INTO d
    FROM public.integration_declaration c JOIN public.registry_incident i ON i.id = c.incident_id
   WHERE c.id = NEW.declaration_id AND i.id = NEW.incident_id
     AND i.state = 'open'
     AND (c.kind = 'break_glass' OR i.verified_at IS NOT NULL OR i.confirmed_at IS NOT NULL)
     AND c.state = 'in_force' AND c.starts_at <= NEW.began_at AND c.ends_at >= NEW.ends_at
     AND c.ends_at > clock_timestamp()
     FOR SHARE OF c, i;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a view needs a declaration in force of an open incident that a second person spoke for'
      USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT 2 * 6371008.8 * asin(least(1.0, sqrt(
           power(sin(radians(p.latitude - d.latitude) / 2), 2)
           + cos(radians(d.latitude)) * cos(radians(p.latitude))
             * power(sin(radians(p.longitude - d.longitude) / 2), 2))))
    INTO distance_m
    FROM public.integration_devicecamera b
    JOIN public.integration_core o ON o.id = b.core_id
    JOIN public.registry_camera k ON k.id = b.camera_id
    JOIN public.registry_premises p ON p.id = k.premises_id
   WHERE b.id = NEW.camera_id AND b.removed_at IS NULL AND k.removed_at IS NULL AND k.paused_at IS NULL
     AND o.state = 'active' AND p.precision IN ('pinned', 'rooftop')
     AND NOT EXISTS (SELECT 1 FROM public.integration_sharingpause s
                      WHERE s.registrant_id = p.registrant_id AND s.ended_at IS NULL);
  IF NOT FOUND OR distance_m > d.radius_m + 1 THEN
    RAISE EXCEPTION 'this camera may not be seen: not behind an active CORE inside the circle, or paused'
      USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM 1 FROM public.registry_assignment a JOIN public.accounts_user u ON u.id = a.user_id
    WHERE a.incident_id = NEW.incident_id AND u.id = NEW.deputy_id AND u.is_active
      AND u.role IN ('deputy', 'supervisor');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'only somebody who works on the incident sees a camera' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("integration", "0006_spanish_names")]
    operations = [
        migrations.RunSQL(DECLARED),
        migrations.RunSQL(GRANTED),
    ]
