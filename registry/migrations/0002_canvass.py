"""The database's side of a canvass: only inside its area, polygon or circle, and beyond the limits only as approved."""

from django.db import migrations

# A polygon as PostgreSQL knows it, from the corners as they are kept: [longitude, latitude], the first one repeated.
# The size is measured again, in a plane, by the shape that the guard of cameras asks.
AREA = """
CREATE FUNCTION registry_polygon(corners jsonb) RETURNS polygon LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT ('(' || string_agg(format('(%s,%s)', corner ->> 0, corner ->> 1), ',' ORDER BY number) || ')')::polygon
    FROM jsonb_array_elements(corners) WITH ORDINALITY AS each (corner, number)
   WHERE number < jsonb_array_length(corners)
$$;
ALTER TABLE registry_canvass
  ADD CONSTRAINT canvass_corners_form CHECK (
    corners IS NULL OR (jsonb_typeof(corners) = 'array' AND jsonb_array_length(corners) BETWEEN 4 AND 51
                        AND corners -> 0 = corners -> -1)),
  ADD CONSTRAINT canvass_is_measured CHECK (
    CASE WHEN corners IS NULL THEN abs(square_miles - pi() * radius_m ^ 2 / 1609.344 ^ 2) <= square_miles * 0.001
         ELSE abs(square_miles - area(path(registry_polygon(corners))) * cos(radians(latitude))
                                 * (radians(1) * 6371008.8) ^ 2 / 1609.344 ^ 2) <= square_miles * 0.01 END);
"""

# A request belongs to an open incident, and is the canvass's own. New ones are looked at once for a statement, not once
# for a row: a canvass asks thousands about thousands of cameras in two statements.
REQUESTS = """
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
CREATE TRIGGER registry_request_is_nearby BEFORE UPDATE OF canvass_id, incident_id
  ON registry_footagerequest FOR EACH ROW EXECUTE FUNCTION registry_request_is_nearby();

CREATE FUNCTION registry_requests_are_nearby() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM (SELECT DISTINCT canvass_id, incident_id FROM added) a
    LEFT JOIN public.registry_canvass c ON c.id = a.canvass_id AND c.incident_id = a.incident_id
    LEFT JOIN public.registry_incident i ON i.id = c.incident_id
    WHERE (i.state = 'open') IS NOT TRUE;
  IF FOUND THEN
    RAISE EXCEPTION 'a footage request needs an open incident, the one of its canvass'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER registry_requests_are_nearby AFTER INSERT ON registry_footagerequest
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION registry_requests_are_nearby();
"""

# A camera is asked about only when it is registered and not paused, its point is exact, it is the asked registrant's,
# nobody left it out, and it lies inside the canvass's area: the circle by great-circle distance on the mean sphere of
# 6,371,008.8 m, 1 m of tolerance; the polygon in the plane of longitude and latitude, border included.
CAMERAS = """
CREATE FUNCTION registry_cameras_are_nearby() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  PERFORM 1
    FROM added a
    LEFT JOIN public.registry_footagerequest r ON r.id = a.request_id
    LEFT JOIN (SELECT c.id, c.latitude, c.longitude, c.radius_m, public.registry_polygon(c.corners) AS shape
                 FROM public.registry_canvass c
                WHERE c.id IN (SELECT o.canvass_id FROM added n
                                 JOIN public.registry_footagerequest o ON o.id = n.request_id)
               OFFSET 0) c ON c.id = r.canvass_id
    LEFT JOIN public.registry_incident i ON i.id = r.incident_id
    LEFT JOIN public.registry_camera k ON k.id = a.camera_id
    LEFT JOIN public.registry_premises p ON p.id = k.premises_id
   WHERE (p.registrant_id = r.registrant_id AND i.state = 'open' AND k.removed_at IS NULL
          AND k.paused_at IS NULL
          AND p.precision IN ('pinned', 'rooftop')
          AND (c.shape IS NULL OR c.shape @> point(p.longitude, p.latitude))
          AND NOT EXISTS (SELECT 1 FROM public.registry_leftout l WHERE l.canvass_id = c.id AND l.camera_id = k.id)
          AND 2 * 6371008.8 * asin(least(1.0, sqrt(
                power(sin(radians(p.latitude - c.latitude) / 2), 2)
                + cos(radians(c.latitude)) * cos(radians(p.latitude))
                  * power(sin(radians(p.longitude - c.longitude) / 2), 2)))) <= c.radius_m + 1
         ) IS NOT TRUE;
  IF FOUND THEN
    RAISE EXCEPTION 'this camera may not be asked about: not inside the search area of an open incident'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER registry_cameras_are_nearby AFTER INSERT ON registry_requestcamera
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION registry_cameras_are_nearby();
CREATE TRIGGER registry_changed_cameras_are_nearby AFTER UPDATE ON registry_requestcamera
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION registry_cameras_are_nearby();
"""

# What was sent stays as it was sent, and what supervisors read stays as they read it: a change before sending
# needs the canvass to be a draft again, and every word about it to be void.
STAYS = """
CREATE FUNCTION registry_canvass_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM public.registry_approval a WHERE a.canvass_id = OLD.id AND a.voided_at IS NULL;
  IF FOUND OR OLD.sent_at IS NOT NULL OR NEW.state <> 'draft' THEN
    RAISE EXCEPTION 'a sent or approved canvass keeps its incident, area, window, purpose and reason'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER registry_canvass_stays BEFORE UPDATE ON registry_canvass FOR EACH ROW
  WHEN ((OLD.incident_id, OLD.latitude, OLD.longitude, OLD.radius_m, OLD.corners, OLD.square_miles,
         OLD.beyond_limits, OLD.starts_at, OLD.ends_at, OLD.purpose_id, OLD.reason)
        IS DISTINCT FROM
        (NEW.incident_id, NEW.latitude, NEW.longitude, NEW.radius_m, NEW.corners, NEW.square_miles,
         NEW.beyond_limits, NEW.starts_at, NEW.ends_at, NEW.purpose_id, NEW.reason))
  EXECUTE FUNCTION registry_canvass_stays();
"""

# Three people's word is not needed, but two different ones': whoever prepared, asked or sends does not approve.
APPROVED = """
CREATE FUNCTION registry_canvass_is_approved() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM public.registry_approval a
    WHERE a.canvass_id = NEW.id AND a.granted AND a.voided_at IS NULL
      AND a.decided_by_id NOT IN (a.asked_by_id, NEW.created_by_id, NEW.sent_by_id);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a canvass beyond the limits is sent as somebody else approved it'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER registry_canvass_is_approved BEFORE INSERT OR UPDATE ON registry_canvass FOR EACH ROW
  WHEN (NEW.state = 'sent' AND NEW.beyond_limits) EXECUTE FUNCTION registry_canvass_is_approved();
"""


class Migration(migrations.Migration):
    replaces = [("registry", "0006_places"), ("registry", "0012_canvass_guard")]
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunSQL(part) for part in (AREA, REQUESTS, CAMERAS, STAYS, APPROVED)]
