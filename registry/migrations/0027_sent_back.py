"""Incidents that a supervisor sent back, with their guard; and canvasses by which one owner was asked by name."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Nobody looks at a draft and sends it within a second: such a canvass of one request was sent by an act for one camera.
KNOWN = """
UPDATE registry_canvass c SET by_name = true
  WHERE c.sent_at < c.created_at + interval '1 second'
    AND (SELECT count(*) FROM registry_footagerequest r WHERE r.canvass_id = c.id) = 1;
"""

# What a supervisor said stays as it was said, and is answered once, whatever the code does.
GUARD = """
CREATE FUNCTION registry_correction_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'a correction stays as it was asked for, and is made once' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER registry_correction_stays BEFORE UPDATE ON registry_correction FOR EACH ROW
  WHEN (
    OLD.made_at IS NOT NULL
    OR (NEW.incident_id, NEW.sentence, NEW.asked_by_id, NEW.asked_at)
      IS DISTINCT FROM (OLD.incident_id, OLD.sentence, OLD.asked_by_id, OLD.asked_at)
  )
  EXECUTE FUNCTION registry_correction_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0026_asked_after_all"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="canvass",
            name="by_name",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sentence", models.CharField(editable=False, max_length=500)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("made_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="registry.incident",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("made_at__isnull", True)),
                        fields=("incident",),
                        name="correction_one_at_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sentence", ""), _negated=True), name="correction_has_sentence"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("made_at__isnull", True), ("made_by__isnull", True)),
                            models.Q(("made_at__isnull", False), ("made_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="correction_made_pair",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, "DROP FUNCTION registry_correction_stays CASCADE"),
    ]
