"""Parcels, with what the database holds of them."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import shop.models.shipments
from shop.guards import function, keeps, keeps_once_set, never, steps, trigger

ORDER_STEPS = [
    ">draft",
    "draft>awaiting_payment",
    "draft>awaiting_approval",
    "awaiting_payment>paid",
    "awaiting_payment>expired",
    "awaiting_payment>cancelled",
    "expired>paid",
    "awaiting_approval>on_account",
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

SHIPMENT_STEPS = [
    ">packing",
    "packing>labelled",
    "packing>dropped",
    "labelled>dropped",
    "labelled>handed_over",
    "handed_over>delivered",
    "handed_over>lost",
]

GUARD = "".join(
    [
        steps("shop_order", ORDER_STEPS),
        steps("shop_shipment", SHIPMENT_STEPS),
        keeps("shop_shipment", "number", "order_id", "begun_by_id", "begun_at"),
        keeps_once_set("shop_shipment", "labelled_at", "handed_over_at", "ended_at"),
        never("shop_shipment", "DELETE"),
        # Never more is sent than was ordered, by whatever number of clerks: the line is locked while it is counted.
        function(
            "shop_item_is_owed",
            """
DECLARE
  ordered integer;
BEGIN
  PERFORM 1 FROM public.shop_shipment s WHERE s.id = NEW.shipment_id AND s.state = 'packing';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'something is put only into a parcel that is being packed' REFUSED;
  END IF;
  SELECT l.quantity INTO ordered FROM public.shop_orderline l
    JOIN public.shop_shipment s ON s.id = NEW.shipment_id AND s.order_id = l.order_id
    WHERE l.id = NEW.line_id FOR NO KEY UPDATE OF l;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a parcel holds what its own order is about' REFUSED;
  END IF;
  IF ordered < (SELECT sum(i.quantity) FROM public.shop_shipmentitem i
                WHERE i.line_id = NEW.line_id AND i.void_at IS NULL) THEN
    RAISE EXCEPTION 'no more is sent than was ordered' REFUSED;
  END IF;
  RETURN NULL;
END""",
        ),
        trigger("shop_item_is_owed", "AFTER INSERT ON shop_shipmentitem", "shop_item_is_owed()"),
        keeps("shop_shipmentitem", "shipment_id", "line_id", "core_id", "quantity", "packed_at"),
        keeps_once_set("shop_shipmentitem", "void_at", "back_at"),
        never("shop_shipmentitem", "DELETE"),
        keeps("shop_shippingdelay", "order_id", "sent_by_then", "asked_by_id", "asked_at"),
        keeps_once_set("shop_shippingdelay", "agreed_at"),
        never("shop_shippingdelay", "DELETE"),
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("integration", "0002_sharing"),
        ("shop", "0003_reconciliation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Shipment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "number",
                    models.CharField(
                        default=shop.models.shipments.parcel_number, editable=False, max_length=16, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("packing", "Being packed"),
                            ("labelled", "Labeled"),
                            ("handed_over", "On its way"),
                            ("delivered", "Delivered"),
                            ("lost", "Lost"),
                            ("dropped", "Not sent"),
                        ],
                        default="packing",
                        editable=False,
                        max_length=12,
                    ),
                ),
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
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("labelled_at", models.DateTimeField(blank=True, null=True)),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "handed_over_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shipments", to="shop.order"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ShipmentItem",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("quantity", models.PositiveSmallIntegerField(verbose_name="quantity")),
                ("packed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("void_at", models.DateTimeField(blank=True, null=True)),
                ("back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "core",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipment_items",
                        to="integration.core",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="shop.orderline"
                    ),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="shop.shipment"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ShippingDelay",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sent_by_then", models.DateField(verbose_name="sent by")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="delays", to="shop.order"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="shipment",
            index=models.Index(fields=["state", "begun_at"], name="shipment_by_state"),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["packing", "labelled", "handed_over", "delivered", "lost", "dropped"])
                ),
                name="shipment_state_in_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(("carrier__in", ["", "usps", "ups", "fedex", "office"])),
                name="shipment_carrier_in_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handed_over_at__isnull", True), ("handed_over_by__isnull", True)),
                    models.Q(("handed_over_at__isnull", False), ("handed_over_by__isnull", False)),
                    _connector="OR",
                ),
                name="shipment_handed_over_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handed_over_at__isnull", True), ("state__in", ["packing", "dropped"])),
                    models.Q(("handed_over_at__isnull", True), ("labelled_at__isnull", False), ("state", "labelled")),
                    models.Q(
                        ("state__in", ["handed_over", "delivered", "lost"]),
                        ("handed_over_at__isnull", False),
                        ("labelled_at__isnull", False),
                        models.Q(("carrier", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="shipment_on_its_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("carrier__in", ["", "office"]), models.Q(("tracking", ""), _negated=True), _connector="OR"
                ),
                name="shipment_has_tracking",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "packing")), fields=("order",), name="shipment_one_is_packed"
            ),
        ),
        migrations.AddConstraint(
            model_name="shipmentitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("core__isnull", True), ("quantity__gte", 1), ("quantity__lte", 100)),
                    models.Q(("core__isnull", False), ("quantity", 1)),
                    _connector="OR",
                ),
                name="shipment_item_quantity",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipmentitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("back_at__isnull", True), ("core__isnull", False), ("void_at__isnull", True)),
                fields=("core",),
                name="shipment_serial_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipmentitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("core__isnull", True), ("void_at__isnull", True)),
                fields=("shipment", "line"),
                name="shipment_line_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="shippingdelay",
            constraint=models.UniqueConstraint(
                condition=models.Q(("agreed_at__isnull", True)), fields=("order",), name="shipping_delay_one_open"
            ),
        ),
        migrations.RunSQL(GUARD),
    ]
