"""Warranty claims, with what the database holds of them."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import shop.models.warranty
from shop.guards import keeps, keeps_once_set, never, steps, trigger

GUARD = "".join(
    [
        steps(
            "shop_claim",
            [
                ">opened",
                "opened>approved",
                "opened>declined",
                "approved>replacement_shipped",
                "replacement_shipped>old_unit_due",
                "replacement_shipped>closed",
                "old_unit_due>closed",
            ],
        ),
        keeps("shop_claim", "number", "core_id", "problem", "opened_at"),
        keeps_once_set("shop_claim", "replacement_id", "ended_at"),
        trigger("shop_claim_forgets", "BEFORE UPDATE ON shop_claim", "shop_forgets()"),
        never("shop_claim", "DELETE"),
        never("shop_claimpicture", "UPDATE OR DELETE"),
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("integration", "0002_sharing"),
        ("registry", "0021_longer_drafts"),
        ("shop", "0006_terms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "number",
                    models.CharField(
                        default=shop.models.warranty.claim_number, editable=False, max_length=16, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("opened", "We look at it"),
                            ("approved", "You get another CORE"),
                            ("declined", "Declined"),
                            ("replacement_shipped", "Another CORE is on its way"),
                            ("old_unit_due", "Please send the old one"),
                            ("closed", "Closed"),
                        ],
                        default="opened",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("problem", models.TextField(max_length=1000, verbose_name="what is wrong")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("replaced_at", models.DateTimeField(blank=True, null=True)),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "core",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="integration.core"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registrant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="claims",
                        to="registry.registrant",
                    ),
                ),
                (
                    "replacement",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces_in_claim",
                        to="integration.core",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClaimPicture",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(editable=False, max_length=80, unique=True)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pictures", to="shop.claim"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["state", "opened_at"], name="claim_by_state"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["opened", "approved", "declined", "replacement_shipped", "old_unit_due", "closed"])
                ),
                name="claim_state_in_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("problem", ""), _negated=True), name="claim_says_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="claim_decided_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaced_at__isnull", True), ("replacement__isnull", True)),
                    models.Q(("replaced_at__isnull", False), ("replacement__isnull", False)),
                    _connector="OR",
                ),
                name="claim_replaced_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "declined"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="claim_declined_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["opened", "approved", "declined"]), ("replacement__isnull", False), _connector="OR"
                ),
                name="claim_replaced_has_core",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["closed", "declined"]), _negated=True),
                fields=("core",),
                name="claim_one_of_a_core",
            ),
        ),
        migrations.RunSQL(GUARD),
    ]
