"""Further years of a CORE: their orders, the cards that are charged for them, and what the database holds of them."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from shop.guards import checked_at_commit, function, keeps_once_set, steps, trigger

ORDER_STEPS = [
    ">draft",
    "draft>awaiting_payment",
    "draft>awaiting_approval",
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
]

SUBSCRIPTION_STEPS = [
    ">active",
    "active>past_due",
    "past_due>lapsed",
    "past_due>active",
    "lapsed>active",
    "active>cancel_scheduled",
    "cancel_scheduled>active",
    "active>ended",
    "past_due>ended",
    "lapsed>ended",
    "cancel_scheduled>ended",
]

GUARD = "".join(
    [
        steps("shop_order", ORDER_STEPS),
        steps("shop_subscription", SUBSCRIPTION_STEPS),
        trigger("shop_order_keeps_year", "BEFORE UPDATE ON shop_order", "shop_keeps('renews_id', 'year_from')"),
        trigger("shop_attempt_keeps_card", "BEFORE UPDATE ON shop_paymentattempt", "shop_keeps('customer', 'card')"),
        keeps_once_set("shop_cardchange", "session_id", "settled_at"),
        keeps_once_set("shop_term", "void_at"),
        # A further year is one line, and never dearer than what was agreed to when the CORE was bought.
        function(
            "shop_renewal_is_placed",
            """
BEGIN
  PERFORM 1 FROM public.shop_subscription s JOIN public.shop_orderline bought ON bought.id = s.line_id
    JOIN public.shop_orderline l ON l.order_id = NEW.id
    WHERE s.id = NEW.renews_id AND s.registrant_id = NEW.registrant_id AND l.product_id = bought.product_id
      AND l.kind = 'service' AND l.quantity = 1 AND l.unit_cents <= bought.yearly_fee
      AND (SELECT count(*) FROM public.shop_orderline x WHERE x.order_id = NEW.id) = 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a further year is one line, at most as dear as agreed' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger(
            "shop_renewal_is_placed",
            "BEFORE UPDATE OF state ON shop_order",
            "shop_renewal_is_placed()",
            only_if="OLD.state = 'draft' AND NEW.state <> 'draft' AND NEW.renews_id IS NOT NULL",
        ),
        # Bought is bought: by money, or by an approved purchase order, goods and years alike.
        "DROP TRIGGER shop_order_is_bought ON shop_order;\nDROP FUNCTION shop_order_is_bought();\n",
        function(
            "shop_order_is_bought",
            """
BEGIN
  IF (NEW.renews_id IS NOT NULL) <> (NEW.state = 'completed') THEN
    RAISE EXCEPTION 'a year is completed when it is bought, and goods are sent first' REFUSED;
  END IF;
  IF NEW.state = 'paid' OR OLD.state = 'awaiting_payment' THEN
    PERFORM 1 FROM (SELECT sum(p.captured - p.held) AS kept FROM public.shop_payment p WHERE p.order_id = NEW.id) s
      WHERE s.kept >= NEW.total;
  ELSE
    PERFORM 1 FROM public.shop_purchaseorder p
      WHERE p.order_id = NEW.id AND p.approved_at IS NOT NULL AND p.total = NEW.total;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an order is bought by money, or by an approved purchase order' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger(
            "shop_order_is_bought",
            "BEFORE UPDATE OF state ON shop_order",
            "shop_order_is_bought()",
            only_if="OLD.state <> NEW.state AND (NEW.state IN ('paid', 'on_account') "
            "OR NEW.state = 'completed' AND OLD.state <> 'shipped')",
        ),
        # What is bought is a year: no money is taken for one without its days.
        function(
            "shop_renewal_has_its_year",
            """
BEGIN
  PERFORM 1 FROM public.shop_order o WHERE o.id = NEW.id AND (o.renews_id IS NULL OR o.state <> 'completed')
    UNION ALL SELECT 1 FROM public.shop_term t JOIN public.shop_orderline l ON l.id = t.line_id
    WHERE l.order_id = NEW.id AND t.subscription_id = NEW.renews_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a year that is bought has its days' REFUSED;
  END IF;
  RETURN NULL;
END""",
        ),
        checked_at_commit("shop_renewal_has_its_year", "AFTER UPDATE ON shop_order", "shop_renewal_has_its_year()"),
        function(
            "shop_term_is_bought",
            """
BEGIN
  PERFORM 1 FROM public.shop_subscription s JOIN public.shop_orderline l ON l.id = NEW.line_id
    JOIN public.shop_order o ON o.id = l.order_id
    WHERE s.id = NEW.subscription_id
      AND (s.line_id = NEW.line_id OR o.renews_id = s.id AND o.state = 'completed' AND l.total = NEW.fee);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a year is paid by the order of its CORE, or by its own' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger("shop_term_is_bought", "BEFORE INSERT ON shop_term", "shop_term_is_bought()"),
        # A year lies on no shelf and in no parcel.
        function(
            "shop_is_about_goods",
            """
BEGIN
  PERFORM 1 FROM public.shop_order o WHERE o.id = NEW.order_id AND o.renews_id IS NOT NULL;
  IF FOUND THEN
    RAISE EXCEPTION 'nothing is sent or reserved for a further year' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger("shop_shipment_is_about_goods", "BEFORE INSERT ON shop_shipment", "shop_is_about_goods()"),
        trigger("shop_reservation_is_about_goods", "BEFORE INSERT ON shop_reservation", "shop_is_about_goods()"),
        # A year that was given back before it began takes no days from another.
        """
ALTER TABLE shop_term DROP CONSTRAINT term_one_at_a_time;
ALTER TABLE shop_term ADD CONSTRAINT term_one_at_a_time EXCLUDE USING gist (
  int8range(subscription_id, subscription_id, '[]') WITH &&,
  daterange(starts_on, ends_on) WITH &&) WHERE (void_at IS NULL);
""",
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("integration", "0005_after_views"),
        ("registry", "0022_declaring_types"),
        ("shop", "0007_warranty"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CardChange",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("session_id", models.CharField(blank=True, max_length=255)),
                ("url", models.TextField(blank=True)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("saved", models.BooleanField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CardOnFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer", models.CharField(max_length=255)),
                ("method", models.CharField(max_length=255)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="order_one_draft",
        ),
        migrations.RemoveConstraint(
            model_name="shoptask",
            name="shop_task_kind_in_list",
        ),
        migrations.RemoveConstraint(
            model_name="subscription",
            name="subscription_state_in_list",
        ),
        migrations.RemoveConstraint(
            model_name="subscription",
            name="subscription_end_is_said",
        ),
        migrations.AddField(
            model_name="order",
            name="reminded_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="renews",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="renewals",
                to="shop.subscription",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="year_from",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="card",
            field=models.CharField(blank=True, editable=False, max_length=255),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="customer",
            field=models.CharField(blank=True, editable=False, max_length=255),
        ),
        migrations.AddField(
            model_name="subscription",
            name="past_due_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="subscription",
            name="stopped",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="term",
            name="void_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
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
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="state",
            field=models.CharField(
                choices=[
                    ("active", "Active"),
                    ("past_due", "Past due"),
                    ("lapsed", "Stopped, not paid"),
                    ("cancel_scheduled", "Ends with its year"),
                    ("ended", "Ended"),
                ],
                default="active",
                editable=False,
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("state__in", ["lapsed", "past_due"])),
                fields=["past_due_on"],
                name="subscription_owing",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("renews__isnull", True), ("state", "draft")),
                fields=("registrant",),
                name="order_one_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("renews__isnull", True), ("year_from__isnull", True)),
                    models.Q(("renews__isnull", False), ("year_from__isnull", False)),
                    _connector="OR",
                ),
                name="order_renews_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("renews__isnull", True),
                    (
                        "state__in",
                        ["awaiting_approval", "awaiting_payment", "cancelled", "completed", "draft", "expired"],
                    ),
                    _connector="OR",
                ),
                name="order_renewal_has_no_parcel",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("renews__isnull", False), ("state__in", ["awaiting_approval", "awaiting_payment"])),
                fields=("renews",),
                name="order_one_waiting_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("card", ""), ("customer", "")),
                    models.Q(
                        models.Q(("card", ""), _negated=True),
                        models.Q(("customer", ""), _negated=True),
                        ("session_id", ""),
                    ),
                    _connector="OR",
                ),
                name="attempt_card_or_page",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("card", ""), _negated=True), models.Q(("intent_id", ""), _negated=True)),
                fields=("intent_id",),
                name="attempt_intent_once",
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
                        ],
                    )
                ),
                name="shop_task_kind_in_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "past_due", "lapsed", "cancel_scheduled", "ended"])),
                name="subscription_state_in_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ends_on__isnull", True), ("state", "active")),
                    models.Q(("ended_at__isnull", True), ("ends_on__isnull", False), ("state", "cancel_scheduled")),
                    models.Q(
                        ("ended_at__isnull", True), ("ends_on__isnull", True), ("state__in", ["lapsed", "past_due"])
                    ),
                    models.Q(("ended_at__isnull", False), ("state", "ended")),
                    _connector="OR",
                ),
                name="subscription_end_is_said",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("past_due_on__isnull", False), ("state__in", ["lapsed", "past_due"])),
                    models.Q(
                        models.Q(("state__in", ["lapsed", "past_due"]), _negated=True),
                        ("past_due_on__isnull", True),
                        ("stopped", False),
                    ),
                    _connector="OR",
                ),
                name="subscription_owes_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.UniqueConstraint(fields=("subscription", "line"), name="term_paid_once"),
        ),
        migrations.AddField(
            model_name="cardchange",
            name="registrant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="card_changes", to="registry.registrant"
            ),
        ),
        migrations.AddField(
            model_name="cardonfile",
            name="registrant",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="card_on_file", to="registry.registrant"
            ),
        ),
        migrations.AddIndex(
            model_name="cardchange",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)), fields=["begun_at"], name="card_change_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="cardchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("session_id", ""), _negated=True), fields=("session_id",), name="card_change_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="cardchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("saved__isnull", True), ("settled_at__isnull", True)),
                    models.Q(("saved__isnull", False), ("settled_at__isnull", False)),
                    _connector="OR",
                ),
                name="card_change_settled_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardonfile",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("customer", ""), _negated=True), models.Q(("method", ""), _negated=True)),
                name="card_on_file_names",
            ),
        ),
        migrations.RunSQL(GUARD),
    ]
