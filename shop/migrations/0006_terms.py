"""Subscriptions and terms, with what the database holds of them."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from shop.guards import keeps, keeps_once_set, never, steps, trigger

GUARD = "".join(
    [
        steps(
            "shop_subscription",
            [
                ">active",
                "active>cancel_scheduled",
                "cancel_scheduled>active",
                "active>ended",
                "cancel_scheduled>ended",
            ],
        ),
        keeps("shop_subscription", "item_id", "line_id", "position", "begun_at"),
        keeps_once_set("shop_subscription", "ended_at"),
        trigger("shop_subscription_forgets", "BEFORE UPDATE ON shop_subscription", "shop_forgets()"),
        never("shop_subscription", "DELETE"),
        keeps("shop_term", "subscription_id", "line_id", "starts_on", "ends_on", "fee"),
        never("shop_term", "DELETE"),
        # Two ranges, one of them of the number of the subscription, so that no extension is needed.
        """
ALTER TABLE shop_term ADD CONSTRAINT term_one_at_a_time EXCLUDE USING gist (
  int8range(subscription_id, subscription_id, '[]') WITH &&,
  daterange(starts_on, ends_on) WITH &&);
""",
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("integration", "0002_sharing"),
        ("registry", "0021_longer_drafts"),
        ("shop", "0005_returns"),
    ]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("cancel_scheduled", "Ends with its year"), ("ended", "Ended")],
                        default="active",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "core",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="subscriptions", to="integration.core"
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="subscription", to="shop.shipmentitem"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="subscriptions", to="shop.orderline"
                    ),
                ),
                (
                    "registrant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="subscriptions",
                        to="registry.registrant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("fee", models.BigIntegerField()),
                ("refunded", models.BigIntegerField(default=0)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="shop.orderline"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="shop.subscription"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("state", "cancel_scheduled")), fields=["ends_on"], name="subscription_ending"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "cancel_scheduled", "ended"])),
                name="subscription_state_in_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ends_on__isnull", True), ("state", "active")),
                    models.Q(("ended_at__isnull", True), ("ends_on__isnull", False), ("state", "cancel_scheduled")),
                    models.Q(("ended_at__isnull", False), ("state", "ended")),
                    _connector="OR",
                ),
                name="subscription_end_is_said",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(fields=("line", "position"), name="subscription_piece_once"),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "ended"), _negated=True), fields=("core",), name="subscription_core_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="term_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee__gte", 0), ("refunded__gte", 0), ("refunded__lte", models.F("fee"))),
                name="term_fee",
            ),
        ),
        migrations.RunSQL(GUARD),
    ]
