"""Books of a period, reminders, bills for old COREs, single COREs that go to the shelf and from it."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from shop.guards import function, keeps_once_set, never, steps, trigger

DUE_DAYS = "UPDATE shop_claim SET old_due_on = current_date + 30 WHERE state = 'old_unit_due';"
"""Whoever was asked for an old CORE before has as long as everybody."""

GUARD = "".join(
    [
        steps(
            "shop_order",
            [
                ">draft",
                "draft>awaiting_payment",
                "draft>awaiting_approval",
                "draft>on_account",
                "awaiting_payment>paid",
                "awaiting_payment>completed",
                "awaiting_payment>expired",
                "awaiting_payment>cancelled",
                "expired>paid",
                "awaiting_approval>on_account",
                "awaiting_approval>completed",
                "awaiting_approval>cancelled",
                "paid>cancelled",
                "on_account>cancelled",
                "paid>partly_shipped",
                "paid>shipped",
                "on_account>partly_shipped",
                "on_account>shipped",
                "partly_shipped>shipped",
                "shipped>partly_shipped",
                "shipped>completed",
            ],
        ),
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
                "old_unit_due>charged",
                "charged>closed",
            ],
        ),
        "DROP TRIGGER shop_claim_keeps_set ON shop_claim;\n",
        keeps_once_set("shop_claim", "replacement_id", "ended_at", "old_due_on", "charge_id"),
        never("shop_reminder", "UPDATE OR DELETE"),
        never("shop_bookcheck", "DELETE"),
        # A bill is on account by the claim whose old CORE it is for, and by no purchase order. It is never `paid`:
        # that is a sum over its checks.
        "DROP TRIGGER shop_order_is_bought ON shop_order;\n",
        trigger(
            "shop_order_is_bought",
            "BEFORE UPDATE OF state ON shop_order",
            "shop_order_is_bought()",
            only_if="NEW.method <> 'charge' AND OLD.state <> NEW.state AND (NEW.state IN ('paid', 'on_account') "
            "OR NEW.state = 'completed' AND OLD.state <> 'shipped')",
        ),
        function(
            "shop_order_is_billed",
            """
BEGIN
  PERFORM 1 FROM public.shop_claim c
    WHERE c.charge_id = NEW.id AND c.state = 'charged' AND NEW.state = 'on_account';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a bill is for an old CORE of a claim' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger(
            "shop_order_is_billed",
            "BEFORE UPDATE OF state ON shop_order",
            "shop_order_is_billed()",
            only_if="NEW.state NOT IN ('draft', 'cancelled') AND OLD.state <> NEW.state AND NEW.method = 'charge'",
        ),
        # Only a bill goes from the draft straight to the account.
        trigger(
            "shop_order_is_ordered",
            "BEFORE UPDATE OF state ON shop_order",
            "shop_refuse()",
            only_if="OLD.state = 'draft' AND NEW.state = 'on_account' AND NEW.method <> 'charge'",
        ),
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("integration", "0005_after_views"),
        ("registry", "0022_declaring_types"),
        ("shop", "0008_renewals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BookCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("own_in", models.BigIntegerField(default=0)),
                ("own_out", models.BigIntegerField(default=0)),
                ("told_in", models.BigIntegerField(default=0)),
                ("told_out", models.BigIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("soon", "Before the day"),
                            ("late", "After the day"),
                            ("later", "Two weeks after"),
                            ("last", "A month after"),
                        ],
                        max_length=8,
                    ),
                ),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="claim",
            name="claim_state_in_list",
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="order_placed_has_method",
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="order_one_draft",
        ),
        migrations.RemoveConstraint(
            model_name="shoptask",
            name="shop_task_kind_in_list",
        ),
        migrations.AddField(
            model_name="claim",
            name="charge",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="charged_claim",
                to="shop.order",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="old_due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="stockmovement",
            name="core",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stock_movements",
                to="integration.core",
            ),
        ),
        migrations.RunSQL(DUE_DAYS),
        migrations.AlterField(
            model_name="claim",
            name="state",
            field=models.CharField(
                choices=[
                    ("opened", "We look at it"),
                    ("approved", "You get another CORE"),
                    ("declined", "Declined"),
                    ("replacement_shipped", "Another CORE is on its way"),
                    ("old_unit_due", "Please send the old one"),
                    ("charged", "The old one is billed"),
                    ("closed", "Closed"),
                ],
                default="opened",
                editable=False,
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="order",
            name="method",
            field=models.CharField(
                blank=True,
                choices=[("card", "Card"), ("purchase_order", "Purchase order"), ("charge", "Bill for an old CORE")],
                editable=False,
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="shoptask",
            name="kind",
            field=models.CharField(
                choices=[
                    ("payment_doubt", "A payment is not what was asked for"),
                    ("paid_twice", "An order was paid twice and one payment goes back"),
                    ("paid_late", "An order was paid when nothing was left, and the payment goes back"),
                    ("refund_failed", "A refund failed"),
                    ("refund_external", "A refund was made outside the portal"),
                    ("renewal_stuck", "The next year of a CORE can't be announced"),
                    ("unknown_object", "The payment service told of something that is not in the books"),
                    ("difference", "The books and the payment service differ"),
                    ("invoice_overdue", "An invoice was not paid a month after its day"),
                    ("old_unit_late", "An old CORE did not come back in time"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="creditnote",
            index=models.Index(fields=["issued_at"], name="credit_note_by_day"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["issued_at"], name="invoice_by_day"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("due_on__isnull", False)), fields=["due_on"], name="invoice_by_due_day"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["captured_at"], name="payment_by_day"),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(fields=["submitted_at"], name="refund_by_day"),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(fields=["settled_at"], name="refund_by_end"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["opened", "approved", "declined", "replacement_shipped", "old_unit_due", "charged", "closed"],
                    )
                ),
                name="claim_state_in_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "charged"), _negated=True), ("charge__isnull", False), _connector="OR"
                ),
                name="claim_charged_has_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["old_unit_due", "charged"]), _negated=True),
                    ("old_due_on__isnull", False),
                    _connector="OR",
                ),
                name="claim_due_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("method__in", ["", "charge"]), ("placed_at__isnull", True), ("state", "draft")),
                    models.Q(
                        models.Q(("state", "draft"), _negated=True),
                        ("method__in", ["card", "purchase_order", "charge"]),
                        ("placed_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="order_placed_has_method",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("method", ""), ("renews__isnull", True), ("state", "draft")),
                fields=("registrant",),
                name="order_one_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="shoptask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "payment_doubt",
                            "paid_twice",
                            "paid_late",
                            "refund_failed",
                            "refund_external",
                            "renewal_stuck",
                            "unknown_object",
                            "difference",
                            "invoice_overdue",
                            "old_unit_late",
                        ],
                    )
                ),
                name="shop_task_kind_in_list",
            ),
        ),
        migrations.AddField(
            model_name="bookcheck",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="claim",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="shop.claim",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="invoice",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="shop.invoice",
            ),
        ),
        migrations.AddIndex(
            model_name="bookcheck",
            index=models.Index(fields=["first", "last", "-asked_at"], name="book_check_of_period"),
        ),
        migrations.AddConstraint(
            model_name="bookcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("last__gte", models.F("first"))), name="book_check_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="bookcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("finished_at__isnull", True), ("finished_at__gte", models.F("asked_at")), _connector="OR"
                ),
                name="book_check_ends_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", ["soon", "late", "later", "last"])), name="reminder_step_in_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claim__isnull", True), ("invoice__isnull", False)),
                    models.Q(("claim__isnull", False), ("invoice__isnull", True)),
                    _connector="OR",
                ),
                name="reminder_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("invoice__isnull", False)),
                fields=("invoice", "step"),
                name="reminder_of_invoice_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("claim__isnull", False)), fields=("claim", "step"), name="reminder_of_claim_once"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["-placed_at", "-id"], name="order_by_day"),
        ),
        migrations.RunSQL(GUARD),
    ]
