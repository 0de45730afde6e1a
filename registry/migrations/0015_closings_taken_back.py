"""The closing of an incident is settled ten minutes later; until then it can be taken back."""

from django.db import migrations, models

# What was closed before was settled at that moment.
EARLIER = """
UPDATE registry_incident SET settled_at = coalesce(closed_at, lapsed_at) WHERE state = 'closed';
"""

# Owners were told: nothing opens the incident again.
STAYS_SETTLED = """
CREATE FUNCTION registry_incident_stays_settled() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'an incident whose closing was settled stays closed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER registry_incident_stays_settled BEFORE UPDATE ON registry_incident FOR EACH ROW
  WHEN (OLD.settled_at IS NOT NULL AND (NEW.settled_at IS DISTINCT FROM OLD.settled_at OR NEW.state <> 'closed'))
  EXECUTE FUNCTION registry_incident_stays_settled();
"""

# As in 0002_canvass, but that owners can answer until the closing is settled; none is asked anew.
REQUESTS = """
CREATE OR REPLACE FUNCTION registry_request_is_nearby() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM public.registry_canvass c JOIN public.registry_incident i ON i.id = c.incident_id
    WHERE c.id = NEW.canvass_id AND i.id = NEW.incident_id AND i.settled_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a footage request needs an open incident, the one of its canvass'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0014_business_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalincident",
            name="settled_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="incident",
            name="settled_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(EARLIER),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True), ("state", "closed")),
                fields=["closed_at"],
                name="incident_to_settle",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("lapsed_at__isnull", True)),
                    models.Q(("settled_at__isnull", False), ("state", "closed")),
                    _connector="OR",
                ),
                name="incident_settled_once_closed",
            ),
        ),
        migrations.RunSQL(STAYS_SETTLED),
        migrations.RunSQL(REQUESTS),
    ]
