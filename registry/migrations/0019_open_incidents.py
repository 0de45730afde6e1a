"""One person has six open incidents that nobody has verified; the agency may allow fewer."""

import django.core.validators
from django.db import migrations, models

# Six is what no setting can pass; fewer is the services' to hold. However an incident comes to be open and unverified:
# opened, opened again, or changed. Two sessions count each other: the second waits for the person's row and reads again,
# which a snapshot of the whole transaction (REPEATABLE READ) would not.
ROOM = """
CREATE FUNCTION registry_incident_has_room() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'an incident is opened where others are seen: READ COMMITTED' USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM FROM public.accounts_user u WHERE u.id = NEW.opened_by_id FOR NO KEY UPDATE;
  IF 6 <= (SELECT count(*) FROM public.registry_incident i
            WHERE i.opened_by_id = NEW.opened_by_id AND i.id <> NEW.id AND i.state = 'open'
              AND i.verified_at IS NULL AND i.confirmed_at IS NULL) THEN
    RAISE EXCEPTION 'a person has six open incidents that nobody has verified' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION registry_incident_has_room() FROM PUBLIC;
CREATE TRIGGER registry_incident_has_room_to_open BEFORE INSERT ON registry_incident FOR EACH ROW
  WHEN (NEW.state = 'open' AND NEW.verified_at IS NULL AND NEW.confirmed_at IS NULL AND NEW.opened_by_id IS NOT NULL)
  EXECUTE FUNCTION registry_incident_has_room();
CREATE TRIGGER registry_incident_has_room_to_wait BEFORE UPDATE ON registry_incident FOR EACH ROW
  WHEN (NEW.state = 'open' AND NEW.verified_at IS NULL AND NEW.confirmed_at IS NULL AND NEW.opened_by_id IS NOT NULL
        AND NOT (OLD.state = 'open' AND OLD.verified_at IS NULL AND OLD.confirmed_at IS NULL
                 AND OLD.opened_by_id IS NOT DISTINCT FROM NEW.opened_by_id))
  EXECUTE FUNCTION registry_incident_has_room();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0018_length_of_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicallimits",
            name="unverified_incidents_open",
            field=models.PositiveSmallIntegerField(
                default=6,
                help_text="One person has so many at a time. The next one waits until a supervisor has verified one.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(6)],
                verbose_name="open incidents that nobody has verified",
            ),
        ),
        migrations.AddField(
            model_name="limits",
            name="unverified_incidents_open",
            field=models.PositiveSmallIntegerField(
                default=6,
                help_text="One person has so many at a time. The next one waits until a supervisor has verified one.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(6)],
                verbose_name="open incidents that nobody has verified",
            ),
        ),
        migrations.AddConstraint(
            model_name="limits",
            constraint=models.CheckConstraint(
                condition=models.Q(("unverified_incidents_open__gte", 1), ("unverified_incidents_open__lte", 6)),
                name="limits_unverified_incidents_open_range",
            ),
        ),
        migrations.RunSQL(ROOM),
    ]
