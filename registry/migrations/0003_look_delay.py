"""The database's side of a look's delay: it is bounded, and none begins anew."""

from django.db import migrations

# What the CHECKs can't see: a renewal begins where the first delay ends, and of what is written only the end may move,
# and only to an earlier time. A row goes with its owner alone, so that no delay begins anew.
GUARD = """
CREATE FUNCTION registry_look_delay_is_bounded() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.number > 1 THEN
      PERFORM 1 FROM public.registry_lookdelay d
        WHERE d.registrant_id = NEW.registrant_id AND d.incident_id = NEW.incident_id
          AND d.number = NEW.number - 1 AND d.ends_at = NEW.starts_at;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'a renewal begins where the delay before it ends' USING ERRCODE = 'restrict_violation';
      END IF;
    END IF;
  ELSIF NEW.ends_at > OLD.ends_at
      OR (OLD.id, OLD.registrant_id, OLD.incident_id, OLD.camera_id, OLD.number, OLD.reason, OLD.placed_by_id, OLD.starts_at)
         IS DISTINCT FROM
         (NEW.id, NEW.registrant_id, NEW.incident_id, NEW.camera_id, NEW.number, NEW.reason, NEW.placed_by_id, NEW.starts_at)
  THEN
    RAISE EXCEPTION 'a delay can only be made shorter' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER registry_look_delay_is_bounded BEFORE INSERT OR UPDATE
  ON registry_lookdelay FOR EACH ROW EXECUTE FUNCTION registry_look_delay_is_bounded();

CREATE FUNCTION registry_look_delay_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM public.registry_registrant r WHERE r.id = OLD.registrant_id;
  IF FOUND THEN
    RAISE EXCEPTION 'a delay is kept as long as its owner is registered' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER registry_look_delay_stays AFTER DELETE ON registry_lookdelay
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_look_delay_stays();
"""


class Migration(migrations.Migration):
    replaces = [("registry", "0009_look_delay")]
    dependencies = [("registry", "0002_canvass")]
    operations = [migrations.RunSQL(GUARD)]
