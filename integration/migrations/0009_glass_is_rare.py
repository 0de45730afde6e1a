"""Broken glass shows a camera once a day, and counts for a person twice a week, over all incidents."""

from django.db import migrations

# Two of the seven days on either side, so that no order of writing makes room for a third. A question that waits counts
# as if it were broken; one that nobody confirmed does not. Two sessions count each other: the second waits for the
# person's row and reads again, which a snapshot of the whole transaction (REPEATABLE READ) would not.
RARE = """
CREATE FUNCTION integration_glass_is_rare() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  at_most CONSTANT integer := 2;
  within CONSTANT interval := '7 days';
  moment timestamptz := coalesce(NEW.starts_at, NEW.declared_at);
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'glass is broken where others'' glass is seen: READ COMMITTED' USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM FROM public.accounts_user u WHERE u.id IN (NEW.declared_by_id, NEW.seconded_by_id)
    ORDER BY u.id FOR NO KEY UPDATE;
  IF EXISTS (
      SELECT FROM unnest(ARRAY[NEW.declared_by_id, NEW.seconded_by_id]) AS two(person)
       WHERE at_most <= (
         SELECT count(*) FROM public.integration_declaration d
          WHERE d.kind = 'break_glass' AND d.id <> NEW.id AND two.person IN (d.declared_by_id, d.seconded_by_id)
            AND (d.state = 'proposed' OR d.starts_at > moment - within AND d.starts_at < moment + within))) THEN
    RAISE EXCEPTION 'a person breaks glass twice in 7 days' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION integration_glass_is_rare() FROM PUBLIC;
CREATE TRIGGER integration_declaration_glass_asked BEFORE INSERT ON integration_declaration FOR EACH ROW
  WHEN (NEW.kind = 'break_glass') EXECUTE FUNCTION integration_glass_is_rare();
CREATE TRIGGER integration_declaration_glass_broken BEFORE UPDATE ON integration_declaration FOR EACH ROW
  WHEN (NEW.kind = 'break_glass' AND OLD.starts_at IS NULL AND NEW.starts_at IS NOT NULL)
  EXECUTE FUNCTION integration_glass_is_rare();
"""

# A day from when it was last seen, on either side. By the camera of the registry, whose row the second session waits
# for. After integration_view_is_sound, which holds the declaration: the order of the services.
ONE_GLASS = """
CREATE FUNCTION integration_view_is_of_one_glass() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  rest CONSTANT interval := '24 hours';
  seen uuid;
BEGIN
  PERFORM FROM public.integration_declaration d WHERE d.id = NEW.declaration_id AND d.kind = 'break_glass';
  IF NOT FOUND THEN
    RETURN NEW;
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a view under glass begins where others'' views are seen: READ COMMITTED'
      USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT k.id INTO seen FROM public.integration_devicecamera b JOIN public.registry_camera k ON k.id = b.camera_id
    WHERE b.id = NEW.camera_id FOR NO KEY UPDATE OF k;
  IF EXISTS (
      SELECT FROM public.integration_viewgrant v
        JOIN public.integration_declaration d ON d.id = v.declaration_id
        JOIN public.integration_devicecamera b ON b.id = v.camera_id
       WHERE b.camera_id = seen AND d.kind = 'break_glass' AND d.id <> NEW.declaration_id
         AND coalesce(v.ended_at, v.ends_at) > NEW.began_at - rest AND v.began_at < NEW.ends_at + rest) THEN
    RAISE EXCEPTION 'a camera that was viewed under one glass is closed to any other glass for 24 hours'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION integration_view_is_of_one_glass() FROM PUBLIC;
CREATE TRIGGER integration_view_of_one_glass_begins BEFORE INSERT ON integration_viewgrant FOR EACH ROW
  WHEN (NEW.state = 'running') EXECUTE FUNCTION integration_view_is_of_one_glass();
CREATE TRIGGER integration_view_of_one_glass_is_extended BEFORE UPDATE ON integration_viewgrant FOR EACH ROW
  WHEN (NEW.state = 'running' AND NEW.ends_at > OLD.ends_at) EXECUTE FUNCTION integration_view_is_of_one_glass();
"""

# What is counted is not taken back: neither a row, nor which camera a view was of while that camera is there.
KEPT = """
CREATE FUNCTION integration_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'what was declared, and what was seen by it, stays' USING ERRCODE = 'restrict_violation';
END $$;
REVOKE ALL ON FUNCTION integration_stays() FROM PUBLIC;
CREATE TRIGGER integration_declaration_stays BEFORE DELETE ON integration_declaration
  FOR EACH ROW EXECUTE FUNCTION integration_stays();
CREATE TRIGGER integration_view_stays BEFORE DELETE ON integration_viewgrant
  FOR EACH ROW EXECUTE FUNCTION integration_stays();

CREATE FUNCTION integration_view_keeps_camera() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM public.integration_devicecamera b WHERE b.id = OLD.camera_id;
  IF FOUND THEN
    RAISE EXCEPTION 'a view keeps its camera as long as there is one' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION integration_view_keeps_camera() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER integration_view_keeps_camera AFTER UPDATE ON integration_viewgrant
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.camera_id IS NOT NULL AND NEW.camera_id IS NULL) EXECUTE FUNCTION integration_view_keeps_camera();
"""


class Migration(migrations.Migration):
    dependencies = [("integration", "0008_camera_problems")]
    operations = [migrations.RunSQL(part) for part in (RARE, ONE_GLASS, KEPT)]
