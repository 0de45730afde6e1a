"""A file is given when its owner says so, after looking at it; until then it is no evidence."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

STATES = [
    ("receiving", "Arriving"),
    ("ready", "Here, not given yet"),
    ("checking", "Being checked"),
    ("received", "Received"),
    ("refused", "Refused"),
    ("removed", "Removed"),
]

# Until now a file was given when it had arrived whole.
GIVEN_BEFORE = """
UPDATE registry_upload SET given_at = coalesce(finished_at, touched_at) WHERE state IN ('checking', 'received');
"""

# No row of evidence without its owner's word, whatever the code does; and that word stays.
GUARD = """
CREATE FUNCTION registry_evidence_was_given() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM public.registry_upload u
    WHERE u.id = NEW.upload_id AND u.request_id = NEW.request_id AND u.given_at IS NOT NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a file is evidence once its owner has given it' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER registry_evidence_was_given BEFORE INSERT
  ON registry_evidence FOR EACH ROW EXECUTE FUNCTION registry_evidence_was_given();

CREATE FUNCTION registry_given_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'when a file was given stays as it was' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER registry_given_stays BEFORE UPDATE ON registry_upload FOR EACH ROW
  WHEN (OLD.given_at IS NOT NULL AND NEW.given_at IS DISTINCT FROM OLD.given_at)
  EXECUTE FUNCTION registry_given_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_confirmed_places")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="given_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="upload",
            name="state",
            field=models.CharField(choices=STATES, default="receiving", editable=False, max_length=10),
        ),
        migrations.RunSQL(GIVEN_BEFORE),
        migrations.RemoveConstraint(model_name="upload", name="upload_state_in_list"),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=Q(state__in=[state for state, _label in STATES]), name="upload_state_in_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=Q(given_at__isnull=False) | ~Q(state__in=["checking", "received"]),
                name="upload_given_before_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=~Q(state="ready") | Q(received=F("size"), finished_at__isnull=False, given_at__isnull=True),
                name="upload_ready_is_whole",
            ),
        ),
        migrations.CreateModel(
            name="Preview",
            fields=[
                (
                    "upload",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="preview",
                        serialize=False,
                        to="registry.upload",
                    ),
                ),
                ("still", models.BinaryField(blank=True, editable=False)),
                ("seconds", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ("recorded_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(GUARD),
    ]
