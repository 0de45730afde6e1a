"""Returns and what is deducted from them, with what the database holds of them."""

import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import shop.models.returns
from shop.guards import function, keeps, keeps_once_set, never, steps, trigger

RETURN_STEPS = [
    ">requested",
    ">approved",
    "requested>approved",
    "requested>declined",
    "requested>withdrawn",
    "approved>withdrawn",
    "label_sent>withdrawn",
    "approved>label_sent",
    "label_sent>in_transit",
    "approved>received",
    "label_sent>received",
    "in_transit>received",
    "received>inspected",
    "inspected>accepted",
    "inspected>rejected",
    "accepted>refunding",
    "refunding>closed",
    "closed>refunding",
]

GUARD = "".join(
    [
        steps("shop_return", RETURN_STEPS),
        keeps(
            "shop_return",
            *("number", "item_id", "order_id", "line_id", "core_id", "position", "schedule_id", "age_months"),
            *("whole", "device", "fee", "age_off", "fee_back", "lowest", "requested_at"),
        ),
        keeps_once_set("shop_return", "refund", "parts_off", "received_at", "inspected_at"),
        trigger("shop_return_forgets", "BEFORE UPDATE ON shop_return", "shop_forgets()"),
        never("shop_return", "DELETE"),
        never("shop_returnpart", "UPDATE OR DELETE"),
        never("shop_deductionschedule", "UPDATE OR DELETE"),
        never("shop_agestep", "UPDATE OR DELETE"),
        never("shop_partdeduction", "UPDATE OR DELETE"),
        # What was published when somebody bought is never added to.
        function(
            "shop_deduction_is_new",
            """
BEGIN
  PERFORM 1 FROM public.shop_deductionschedule s
    JOIN public.shop_order o ON o.placed_at >= s.published_at
    WHERE s.id = NEW.schedule_id;
  IF FOUND THEN
    RAISE EXCEPTION 'what is deducted was published already, and somebody bought by it' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger("shop_agestep_is_new", "BEFORE INSERT ON shop_agestep", "shop_deduction_is_new()"),
        trigger("shop_partdeduction_is_new", "BEFORE INSERT ON shop_partdeduction", "shop_deduction_is_new()"),
        # However many clerks pay a return in the same second: no more goes back than it is worth.
        function(
            "shop_refund_of_return",
            """
DECLARE
  worth bigint;
BEGIN
  SELECT r.refund - r.credited INTO worth FROM public.shop_return r
    JOIN public.shop_payment p ON p.id = NEW.payment_id AND p.order_id = r.order_id
    WHERE r.id = NEW.of_return_id AND r.state IN ('accepted', 'refunding', 'closed')
    FOR NO KEY UPDATE OF r;
  IF NOT FOUND OR NEW.source <> 'return' THEN
    RAISE EXCEPTION 'a return is paid from its own order, once it is accepted' REFUSED;
  END IF;
  IF worth < (SELECT sum(x.cents) FROM public.shop_refund x WHERE x.of_return_id = NEW.of_return_id
              AND x.state IN ('requested', 'submitted', 'pending', 'succeeded')) THEN
    RAISE EXCEPTION 'no more goes back than a return is worth' REFUSED;
  END IF;
  RETURN NULL;
END""",
        ),
        trigger(
            "shop_refund_of_return",
            "AFTER INSERT OR UPDATE OF state ON shop_refund",
            "shop_refund_of_return()",
            only_if="NEW.of_return_id IS NOT NULL",
        ),
        trigger(
            "shop_refund_keeps_its_return",
            "BEFORE UPDATE OF of_return_id ON shop_refund",
            "shop_refuse()",
            only_if="OLD.of_return_id IS DISTINCT FROM NEW.of_return_id",
        ),
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("integration", "0002_sharing"),
        ("registry", "0021_longer_drafts"),
        ("shop", "0004_shipments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReturnPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cents", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ReturnPicture",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(editable=False, max_length=80, unique=True)),
                ("taken_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="DeductionSchedule",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(unique=True)),
                ("lowest", models.PositiveSmallIntegerField(verbose_name="what goes back at least")),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AgeStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_months", models.PositiveSmallIntegerField()),
                ("basis_points", models.PositiveSmallIntegerField()),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="shop.deductionschedule"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartDeduction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("name_es", models.CharField(max_length=80)),
                ("basis_points", models.PositiveSmallIntegerField()),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="shop.deductionschedule"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "number",
                    models.CharField(
                        default=shop.models.returns.return_number, editable=False, max_length=16, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Being checked"),
                            ("approved", "Send it back"),
                            ("declined", "Declined"),
                            ("withdrawn", "Taken back"),
                            ("label_sent", "The label is sent"),
                            ("in_transit", "On its way"),
                            ("received", "Received"),
                            ("inspected", "Inspected"),
                            ("accepted", "Accepted"),
                            ("rejected", "Another parcel came"),
                            ("refunding", "The money is on its way"),
                            ("closed", "Paid out"),
                        ],
                        default="requested",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("age_months", models.PositiveSmallIntegerField()),
                ("whole", models.BigIntegerField()),
                ("device", models.BigIntegerField()),
                ("fee", models.BigIntegerField()),
                ("age_off", models.BigIntegerField()),
                ("fee_back", models.BigIntegerField()),
                ("lowest", models.BigIntegerField()),
                ("parts_off", models.BigIntegerField(blank=True, null=True)),
                ("refund", models.BigIntegerField(blank=True, null=True)),
                ("credited", models.BigIntegerField(default=0)),
                ("requested_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "carrier",
                    models.CharField(
                        blank=True,
                        choices=[("usps", "USPS"), ("ups", "UPS"), ("fedex", "FedEx"), ("office", "The office itself")],
                        max_length=10,
                        verbose_name="carrier",
                    ),
                ),
                ("tracking", models.CharField(blank=True, max_length=40, verbose_name="tracking number")),
                ("labelled_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("found", models.CharField(blank=True, max_length=40, verbose_name="serial number in the parcel")),
                ("inspected_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="what was seen")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "core",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="integration.core"
                    ),
                ),
                (
                    "inspected_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="shop.shipmentitem"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="shop.orderline"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="shop.order"
                    ),
                ),
                (
                    "received_by",
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
                        related_name="returns",
                        to="registry.registrant",
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shop.deductionschedule",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="refund",
            name="of_return",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="shop.return",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("of_return__isnull", False), ("state__in", ["pending", "requested", "submitted", "succeeded"])
                ),
                fields=("of_return", "payment"),
                name="refund_of_return_once",
            ),
        ),
        migrations.AddField(
            model_name="returnpart",
            name="of_return",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="shop.return"
            ),
        ),
        migrations.AddField(
            model_name="returnpart",
            name="part",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="shop.partdeduction"
            ),
        ),
        migrations.AddField(
            model_name="returnpicture",
            name="of_return",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pictures", to="shop.return"
            ),
        ),
        migrations.AddIndex(
            model_name="deductionschedule",
            index=models.Index(fields=["-published_at"], name="deduction_by_day"),
        ),
        migrations.AddConstraint(
            model_name="deductionschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("lowest__gte", 1000), ("lowest__lte", 10000)), name="deduction_lowest"
            ),
        ),
        migrations.AddConstraint(
            model_name="agestep",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis_points__lte", 9000)), name="age_step_never_all"
            ),
        ),
        migrations.AddConstraint(
            model_name="agestep",
            constraint=models.UniqueConstraint(fields=("schedule", "from_months"), name="age_step_once"),
        ),
        migrations.AddConstraint(
            model_name="partdeduction",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis_points__gt", 0), ("basis_points__lte", 9000)), name="part_never_all"
            ),
        ),
        migrations.AddConstraint(
            model_name="partdeduction",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("name_es", ""), _negated=True)),
                name="part_has_names",
            ),
        ),
        migrations.AddConstraint(
            model_name="partdeduction",
            constraint=models.UniqueConstraint(fields=("schedule", "position"), name="part_one_at_a_place"),
        ),
        migrations.AddIndex(
            model_name="return",
            index=models.Index(fields=["state", "requested_at"], name="return_by_state"),
        ),
        migrations.AddIndex(
            model_name="return",
            index=models.Index(fields=["registrant", "-requested_at"], name="return_of_registrant"),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "requested",
                            "approved",
                            "declined",
                            "withdrawn",
                            "label_sent",
                            "in_transit",
                            "received",
                            "inspected",
                            "accepted",
                            "rejected",
                            "refunding",
                            "closed",
                        ],
                    )
                ),
                name="return_state_in_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("device__gt", 0),
                    ("fee__gte", 0),
                    ("fee_back__gte", 0),
                    (
                        "whole",
                        django.db.models.expressions.CombinedExpression(models.F("device"), "+", models.F("fee")),
                    ),
                    ("age_off__gte", 0),
                    ("age_off__lt", models.F("device")),
                    ("fee_back__lte", models.F("fee")),
                    ("lowest__gt", 0),
                    ("lowest__lte", models.F("device")),
                    ("position__gte", 1),
                ),
                name="return_worth",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("refund__isnull", True),
                    models.Q(
                        (
                            "refund__gte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("lowest"), "+", models.F("fee_back")
                            ),
                        ),
                        (
                            "refund__lte",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("device"), "-", models.F("age_off")
                                ),
                                "+",
                                models.F("fee_back"),
                            ),
                        ),
                    ),
                    (
                        "refund",
                        django.db.models.expressions.CombinedExpression(models.F("lowest"), "+", models.F("fee_back")),
                    ),
                    _connector="OR",
                ),
                name="return_refund_is_worth",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("accepted", "refunding", "closed")), _negated=True),
                    models.Q(("inspected_at__isnull", False), ("refund__isnull", False)),
                    _connector="OR",
                ),
                name="return_done_has_refund",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("received_at__isnull", True), ("received_by__isnull", True)),
                    models.Q(("received_at__isnull", False), ("received_by__isnull", False)),
                    _connector="OR",
                ),
                name="return_received_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("inspected_at__isnull", True), ("inspected_by__isnull", True)),
                    models.Q(("inspected_at__isnull", False), ("inspected_by__isnull", False)),
                    _connector="OR",
                ),
                name="return_inspected_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["declined", "rejected", "withdrawn"]), _negated=True),
                fields=("item",),
                name="return_item_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["declined", "rejected", "withdrawn"]), _negated=True),
                fields=("line", "position"),
                name="return_piece_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnpart",
            constraint=models.CheckConstraint(condition=models.Q(("cents__gt", 0)), name="return_part_off"),
        ),
        migrations.AddConstraint(
            model_name="returnpart",
            constraint=models.UniqueConstraint(fields=("of_return", "part"), name="return_part_once"),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credited", 0),
                    models.Q(
                        ("credited__gt", 0),
                        ("credited__lte", models.F("refund")),
                        ("refund__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="return_credited",
            ),
        ),
        migrations.RunSQL(GUARD),
    ]
