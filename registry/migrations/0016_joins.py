"""Questions to join an incident, and their guard."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# A question stays what it was, and is answered once, whatever the code does.
GUARD = """
CREATE FUNCTION registry_join_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'a question to join stays as it was asked, and is answered once' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER registry_join_stays BEFORE UPDATE ON registry_joinquestion FOR EACH ROW
  WHEN (
    OLD.state <> 'asked'
    OR (NEW.number, NEW.incident_id, NEW.asked_by_id, NEW.asked_at, NEW.ends_at)
      IS DISTINCT FROM (OLD.number, OLD.incident_id, OLD.asked_by_id, OLD.asked_at, OLD.ends_at)
  )
  EXECUTE FUNCTION registry_join_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0015_closings_taken_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JoinQuestion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(editable=False, max_length=20, verbose_name="incident number")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Waits for an answer"), ("admitted", "Yes"), ("declined", "No")],
                        default="asked",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ends_at", models.DateTimeField(editable=False)),
                ("answered_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="joins", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joins",
                        to="registry.incident",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["asked_by", "-asked_at"], name="join_by_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "admitted", "declined"])), name="join_state_in_list"
                    ),
                    models.CheckConstraint(condition=models.Q(("number", ""), _negated=True), name="join_has_number"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("asked_at"))), name="join_ends_later"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="join_answered_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("state", "asked")),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_at__lt", models.F("ends_at")),
                                ("incident__isnull", False),
                                ("state__in", ["admitted", "declined"]),
                            ),
                            _connector="OR",
                        ),
                        name="join_answered_once_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by__isnull", True),
                            models.Q(("answered_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="join_answered_by_second_person",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD),
    ]
