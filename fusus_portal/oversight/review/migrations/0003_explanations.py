"""Cards that reviewers from outside want explained, and the paper of a week that a council reads."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Nothing of a review is ever deleted, and an explanation is given once.
KEPT = """
REVOKE DELETE ON review_reviewexplanation FROM portal_app;

CREATE FUNCTION review_explanation_is_kept() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (OLD.id, OLD.card_id, OLD.wanted_by_id, OLD.wanted_at)
       IS DISTINCT FROM (NEW.id, NEW.card_id, NEW.wanted_by_id, NEW.wanted_at)
     OR OLD.state = 'given' THEN
    RAISE EXCEPTION 'an explanation stays what it is, and is given once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_explanation_is_kept BEFORE UPDATE ON review_reviewexplanation
  FOR EACH ROW EXECUTE FUNCTION review_explanation_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("review", "0002_guard"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField("reviewpaper", "council", models.BinaryField(default=b"")),
        migrations.CreateModel(
            name="ReviewExplanation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("wanted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("wanted", "Wanted"), ("given", "Explained")], default="wanted", max_length=10
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=1000)),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                (
                    "card",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="explanation",
                        to="review.reviewcard",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "wanted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["wanted_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["wanted", "given"])),
                        name="review_explanation_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_at__isnull", True), ("given_by__isnull", True)),
                            models.Q(("given_at__isnull", False), ("given_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="review_explanation_given_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("given_at__isnull", False),
                                ("state", "given"),
                                models.Q(("text", ""), _negated=True),
                            ),
                            models.Q(("given_at__isnull", True), ("state", "wanted"), ("text", "")),
                            _connector="OR",
                        ),
                        name="review_explanation_given_has_text",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT),
    ]
