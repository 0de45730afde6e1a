"""The tables of the shop. What the database guards of them is in the files after this."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from shop.orders.models import orders
from shop.parcels import models as parcel_models
from shop.returns import models as return_models
from shop.warranty import models as warranty_models


class Migration(migrations.Migration):
    replaces = [("shop", "0001_shop"), ("shop", "0003_reconciliation")]

    initial = True

    dependencies = [
        ("integration", "0001_initial"),
        ("registry", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BookCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
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
            options={
                "indexes": [models.Index(fields=["first", "last", "-asked_at"], name="book_check_of_period")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))), name="book_check_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True), ("finished_at__gte", models.F("asked_at")), _connector="OR"
                        ),
                        name="book_check_ends_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardOnFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "registrant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="card_on_file",
                        to="registry.registrant",
                    ),
                ),
                ("customer", models.CharField(max_length=255)),
                ("method", models.CharField(max_length=255)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("customer", ""), _negated=True), models.Q(("method", ""), _negated=True)
                        ),
                        name="card_on_file_names",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CardChange",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "registrant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="card_changes",
                        to="registry.registrant",
                    ),
                ),
                ("session_id", models.CharField(blank=True, max_length=255)),
                ("url", models.TextField(blank=True)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("saved", models.BooleanField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at__isnull", True)), fields=["begun_at"], name="card_change_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("session_id", ""), _negated=True),
                        fields=("session_id",),
                        name="card_change_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("saved__isnull", True), ("settled_at__isnull", True)),
                            models.Q(("saved__isnull", False), ("settled_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="card_change_settled_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("core", "CORE"), ("service", "Service"), ("accessory", "Accessory")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("name_es", models.CharField(max_length=80, verbose_name="name in Spanish")),
                ("text", models.TextField(blank=True, max_length=2000, verbose_name="description")),
                ("text_es", models.TextField(blank=True, max_length=2000, verbose_name="description in Spanish")),
                (
                    "core_model",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="integration.coremodel",
                        verbose_name="CORE",
                    ),
                ),
                (
                    "first_year_included",
                    models.BooleanField(default=False, verbose_name="the price includes the first year's fee"),
                ),
                ("tax_code", models.CharField(max_length=40, verbose_name="tax code")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["core", "service", "accessory"])), name="product_kind_in_list"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("name_es", ""), _negated=True),
                            models.Q(("slug", ""), _negated=True),
                            models.Q(("tax_code", ""), _negated=True),
                        ),
                        name="product_has_names",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("core_model__isnull", False), ("kind", "core")),
                            models.Q(models.Q(("kind", "core"), _negated=True), ("core_model__isnull", True)),
                            _connector="OR",
                        ),
                        name="product_core_has_model",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="prices", to="shop.product"
                    ),
                ),
                ("cents", models.BigIntegerField()),
                ("yearly_fee", models.BigIntegerField(default=0)),
                ("starts_at", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cents__gt", 0), ("cents__lte", 10000000)), name="price_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("yearly_fee__gte", 0), ("yearly_fee__lte", 10000000)), name="price_fee"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_at__gte", models.F("set_at"))), name="price_not_before_set"
                    ),
                    models.UniqueConstraint(fields=("product", "starts_at"), name="price_one_from_a_moment"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Discount",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="discounts", to="shop.product"
                    ),
                ),
                ("from_quantity", models.PositiveSmallIntegerField(verbose_name="from how many pieces")),
                ("basis_points", models.PositiveSmallIntegerField(verbose_name="hundredths of a percent")),
                ("starts_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_quantity__gte", 1), ("from_quantity__lte", 100)),
                        name="discount_quantity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis_points__gt", 0), ("basis_points__lt", 10000)),
                        name="discount_never_all",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("product", "from_quantity"),
                        name="discount_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductPicture",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pictures", to="shop.product"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("key", models.CharField(editable=False, max_length=80, unique=True)),
                ("alternative", models.CharField(max_length=160, verbose_name="what it shows")),
                ("alternative_es", models.CharField(max_length=160, verbose_name="what it shows, in Spanish")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("alternative", ""), _negated=True),
                            models.Q(("alternative_es", ""), _negated=True),
                        ),
                        name="product_picture_is_described",
                    ),
                    models.UniqueConstraint(fields=("product", "position"), name="product_picture_one_at_a_place"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cart",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cart",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("browser", models.CharField(blank=True, editable=False, max_length=64)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [models.Index(fields=["changed_at"], name="cart_changed")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("user__isnull", True), models.Q(("browser", ""), _negated=True)),
                            models.Q(("browser", ""), ("user__isnull", False)),
                            _connector="OR",
                        ),
                        name="cart_is_somebodys",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("browser", ""), _negated=True), fields=("browser",), name="cart_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CartLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cart",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="shop.cart"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="shop.product"),
                ),
                ("quantity", models.PositiveSmallIntegerField(verbose_name="quantity")),
                ("seen_cents", models.BigIntegerField()),
                ("seen_fee", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1), ("quantity__lte", 100)), name="cart_line_quantity"
                    ),
                    models.CheckConstraint(condition=models.Q(("seen_cents__gt", 0)), name="cart_line_seen"),
                    models.CheckConstraint(condition=models.Q(("seen_fee__gte", 0)), name="cart_line_seen_fee"),
                    models.UniqueConstraint(fields=("cart", "product"), name="cart_line_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeductionSchedule",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(unique=True)),
                ("lowest", models.PositiveSmallIntegerField(verbose_name="what goes back at least")),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "indexes": [models.Index(fields=["-published_at"], name="deduction_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("lowest__gte", 1000), ("lowest__lte", 10000)), name="deduction_lowest"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgeStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="shop.deductionschedule"
                    ),
                ),
                ("from_months", models.PositiveSmallIntegerField()),
                ("basis_points", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("basis_points__lte", 9000)), name="age_step_never_all"),
                    models.UniqueConstraint(fields=("schedule", "from_months"), name="age_step_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartDeduction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="shop.deductionschedule"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("name_es", models.CharField(max_length=80)),
                ("basis_points", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("basis_points__gt", 0), ("basis_points__lte", 9000)), name="part_never_all"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("name_es", ""), _negated=True)
                        ),
                        name="part_has_names",
                    ),
                    models.UniqueConstraint(fields=("schedule", "position"), name="part_one_at_a_place"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxRate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("state_code", models.CharField(max_length=2, verbose_name="state")),
                ("zip_prefix", models.CharField(blank=True, max_length=5, verbose_name="ZIP codes that begin with")),
                ("tax_code", models.CharField(max_length=40, verbose_name="tax code")),
                ("basis_points", models.PositiveSmallIntegerField(verbose_name="hundredths of a percent")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until, without that day")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state_code__regex", "^[A-Z]{2}$")), name="tax_rate_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("zip_prefix__regex", "^\\d{0,5}$")), name="tax_rate_zip_prefix"
                    ),
                    models.CheckConstraint(condition=models.Q(("tax_code", ""), _negated=True), name="tax_rate_code"),
                    models.CheckConstraint(condition=models.Q(("basis_points__lte", 3000)), name="tax_rate_height"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"
                        ),
                        name="tax_rate_ends_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExemptionCertificate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "registrant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="exemptions",
                        to="registry.registrant",
                    ),
                ),
                ("party", models.CharField(max_length=120, verbose_name="business")),
                ("state_code", models.CharField(max_length=2, verbose_name="state")),
                ("number", models.CharField(max_length=40, verbose_name="number of the certificate")),
                ("valid_until", models.DateField(verbose_name="valid until")),
                ("paper", models.CharField(editable=False, max_length=80, unique=True)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "declined_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("approved_at__isnull", True), ("declined_at__isnull", True)),
                        fields=["sent_at"],
                        name="exemption_to_decide",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state_code__regex", "^[A-Z]{2}$")), name="exemption_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("party", ""), _negated=True),
                            models.Q(("number", ""), _negated=True),
                            models.Q(("paper", ""), _negated=True),
                        ),
                        name="exemption_names",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="exemption_approved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("declined_at__isnull", True), ("declined_by__isnull", True)),
                            models.Q(("declined_at__isnull", False), ("declined_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="exemption_declined_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at__isnull", True), ("declined_at__isnull", True), _connector="OR"
                        ),
                        name="exemption_decided_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "number",
                    models.CharField(default=orders.order_number, editable=False, max_length=16, unique=True),
                ),
                (
                    "registrant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="orders",
                        to="registry.registrant",
                    ),
                ),
                ("party", models.CharField(max_length=120, verbose_name="business")),
                ("language", models.CharField(default="en", max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being checked"),
                            ("awaiting_payment", "Waiting for payment"),
                            ("awaiting_approval", "Waiting for approval"),
                            ("paid", "Paid"),
                            ("on_account", "On account"),
                            ("partly_shipped", "Partly shipped"),
                            ("shipped", "Shipped"),
                            ("completed", "Completed"),
                            ("expired", "Expired"),
                            ("cancelled", "Canceled"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=20,
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("card", "Card"),
                            ("purchase_order", "Purchase order"),
                            ("charge", "Bill for an old CORE"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("bill_street", models.CharField(max_length=120, verbose_name="street")),
                ("bill_city", models.CharField(max_length=60, verbose_name="city")),
                ("bill_state", models.CharField(max_length=2, verbose_name="state")),
                ("bill_zip", models.CharField(max_length=10, verbose_name="ZIP code")),
                ("ship_name", models.CharField(max_length=120, verbose_name="to whom")),
                ("ship_street", models.CharField(max_length=120, verbose_name="street")),
                ("ship_city", models.CharField(max_length=60, verbose_name="city")),
                ("ship_state", models.CharField(max_length=2, verbose_name="state")),
                ("ship_zip", models.CharField(max_length=10, verbose_name="ZIP code")),
                (
                    "exemption",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="shop.exemptioncertificate",
                    ),
                ),
                ("goods", models.BigIntegerField()),
                ("discount", models.BigIntegerField()),
                ("tax", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
                ("consent", models.CharField(blank=True, max_length=400)),
                ("consent_at", models.DateTimeField(blank=True, null=True)),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("placed_at", models.DateTimeField(blank=True, null=True)),
                ("reserved_until", models.DateTimeField(blank=True, null=True)),
                ("bought_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("year_from", models.DateField(blank=True, editable=False, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["registrant", "-drafted_at"], name="order_of_registrant"),
                    models.Index(fields=["state", "drafted_at"], name="order_by_state"),
                    models.Index(fields=["-placed_at", "-id"], name="order_by_day"),
                    models.Index(
                        condition=models.Q(("state", "awaiting_payment")),
                        fields=["reserved_until"],
                        name="order_lapsing",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "awaiting_payment",
                                    "awaiting_approval",
                                    "paid",
                                    "on_account",
                                    "partly_shipped",
                                    "shipped",
                                    "completed",
                                    "expired",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="order_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("goods__gt", 0),
                            ("tax__gte", 0),
                            (
                                "total",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("goods"), "-", models.F("discount")
                                    ),
                                    "+",
                                    models.F("tax"),
                                ),
                            ),
                            ("total__gt", 0),
                            ("discount__gte", 0),
                            ("discount__lt", models.F("goods")),
                        ),
                        name="order_total",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bill_state__regex", "^[A-Z]{2}$"),
                            ("ship_state__regex", "^[A-Z]{2}$"),
                            ("bill_zip__regex", "^\\d{5}(-\\d{4})?$"),
                            ("ship_zip__regex", "^\\d{5}(-\\d{4})?$"),
                            models.Q(("party", ""), _negated=True),
                            models.Q(("bill_street", ""), _negated=True),
                            models.Q(("ship_street", ""), _negated=True),
                        ),
                        name="order_addresses",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consent", ""), ("consent_at__isnull", True)),
                            models.Q(models.Q(("consent", ""), _negated=True), ("consent_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="order_consent_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="shop.order"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="shop.product"),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("core", "CORE"), ("service", "Service"), ("accessory", "Accessory")], max_length=10
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("name_es", models.CharField(max_length=80)),
                ("quantity", models.PositiveSmallIntegerField()),
                ("unit_cents", models.BigIntegerField()),
                ("first_fee", models.BigIntegerField()),
                ("yearly_fee", models.BigIntegerField()),
                ("fee_included", models.BooleanField()),
                ("discount", models.BigIntegerField()),
                (
                    "tax_rate",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="shop.taxrate"),
                ),
                ("tax_basis_points", models.PositiveSmallIntegerField()),
                ("net", models.BigIntegerField()),
                ("tax", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
                ("held", models.BigIntegerField(default=0, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["core", "service", "accessory"])),
                        name="order_line_kind_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1), ("quantity__lte", 100)), name="order_line_quantity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("discount__gte", 0),
                            ("first_fee__gte", 0),
                            ("net__gt", 0),
                            ("yearly_fee__gte", 0),
                            (
                                "net",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("quantity"),
                                        "*",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("unit_cents"), "+", models.F("first_fee")
                                        ),
                                    ),
                                    "-",
                                    models.F("discount"),
                                ),
                            ),
                        ),
                        name="order_line_amounts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "tax",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "*", models.F("tax_basis_points")
                                        ),
                                        "+",
                                        models.Value(5000),
                                    ),
                                    "/",
                                    models.Value(10000),
                                ),
                            ),
                            (
                                "total",
                                django.db.models.expressions.CombinedExpression(models.F("net"), "+", models.F("tax")),
                            ),
                        ),
                        name="order_line_tax",
                    ),
                    models.CheckConstraint(condition=models.Q(("unit_cents__gt", 0)), name="order_line_unit"),
                    models.CheckConstraint(
                        condition=models.Q(("held__gte", 0), ("held__lte", models.F("total"))), name="order_line_held"
                    ),
                    models.UniqueConstraint(fields=("order", "product"), name="order_line_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PurchaseOrder",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="purchase_order", to="shop.order"
                    ),
                ),
                (
                    "registrant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="purchase_orders",
                        to="registry.registrant",
                    ),
                ),
                ("number", models.CharField(max_length=40, verbose_name="number of the purchase order")),
                ("limit", models.BigIntegerField(verbose_name="limit")),
                ("total", models.BigIntegerField()),
                ("paper", models.CharField(editable=False, max_length=80, unique=True)),
                ("submitted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "declined_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("total__gt", 0), ("total__lte", models.F("limit"))),
                        name="purchase_order_within_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", ""), _negated=True), models.Q(("paper", ""), _negated=True)
                        ),
                        name="purchase_order_names",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="purchase_order_approved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("declined_at__isnull", True), ("declined_by__isnull", True)),
                            models.Q(("declined_at__isnull", False), ("declined_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="purchase_order_declined_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at__isnull", True), ("declined_at__isnull", True), _connector="OR"
                        ),
                        name="purchase_order_decided_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("declined_at__isnull", True)),
                        fields=("registrant", "number"),
                        name="purchase_order_number_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GatewayEvent",
            fields=[
                ("id", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=80)),
                ("object_id", models.CharField(max_length=255)),
                ("made_at", models.DateTimeField()),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("processed_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("processed_at__isnull", True)),
                        fields=["received_at"],
                        name="gateway_event_waits",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("id", ""), _negated=True),
                            models.Q(("kind", ""), _negated=True),
                            models.Q(("object_id", ""), _negated=True),
                        ),
                        name="gateway_event_names",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShopTask",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
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
                ("about", models.CharField(max_length=255)),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="shop.order",
                    ),
                ),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="what was done")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="shop_task_done_pair",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("done_at__isnull", True)), fields=("kind", "about"), name="shop_task_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentAttempt",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="shop.order"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("created", "Begun"),
                            ("open", "Open"),
                            ("processing", "Being processed"),
                            ("succeeded", "Succeeded"),
                            ("failed", "Failed"),
                            ("expired", "Expired"),
                            ("cancelled", "Canceled"),
                        ],
                        default="created",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("cents", models.BigIntegerField()),
                ("currency", models.CharField(default="usd", max_length=3)),
                ("session_id", models.CharField(blank=True, max_length=255)),
                ("intent_id", models.CharField(blank=True, max_length=255)),
                ("url", models.TextField(blank=True)),
                ("customer", models.CharField(blank=True, editable=False, max_length=255)),
                ("card", models.CharField(blank=True, editable=False, max_length=255)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("expires_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("failure", models.CharField(blank=True, max_length=80)),
                ("doubt", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["created", "open", "processing"])),
                        fields=["begun_at"],
                        name="attempt_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["created", "open", "processing", "succeeded", "failed", "expired", "cancelled"],
                            )
                        ),
                        name="attempt_state_in_list",
                    ),
                    models.CheckConstraint(condition=models.Q(("cents__gt", 0)), name="attempt_amount"),
                    models.CheckConstraint(condition=models.Q(("currency", "usd")), name="attempt_currency"),
                    models.CheckConstraint(
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
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("card", ""), _negated=True), models.Q(("intent_id", ""), _negated=True)
                        ),
                        fields=("intent_id",),
                        name="attempt_intent_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("session_id", ""), _negated=True),
                        fields=("session_id",),
                        name="attempt_session_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["created", "open", "processing"])),
                        fields=("order",),
                        name="attempt_one_live",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="shop.order"
                    ),
                ),
                (
                    "attempt",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment",
                        to="shop.paymentattempt",
                    ),
                ),
                ("method", models.CharField(choices=[("card", "Card"), ("check", "Check")], max_length=10)),
                ("captured", models.BigIntegerField()),
                ("held", models.BigIntegerField(default=0, editable=False)),
                ("currency", models.CharField(default="usd", max_length=3)),
                ("captured_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("gateway_id", models.CharField(blank=True, max_length=255)),
                ("check_number", models.CharField(blank=True, max_length=40, verbose_name="number of the check")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="received on")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["captured_at"], name="payment_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("method__in", ["card", "check"])), name="payment_method_in_list"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("captured__gt", 0), ("held__gte", 0), ("held__lte", models.F("captured"))),
                        name="payment_held_is_captured",
                    ),
                    models.CheckConstraint(condition=models.Q(("currency", "usd")), name="payment_currency"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recorded_at__isnull", True), ("recorded_by__isnull", True)),
                            models.Q(("recorded_at__isnull", False), ("recorded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="payment_recorded_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("check_number", ""),
                                ("method", "card"),
                                ("recorded_at__isnull", True),
                                models.Q(("gateway_id", ""), _negated=True),
                            ),
                            models.Q(
                                ("attempt__isnull", True),
                                ("gateway_id", ""),
                                ("method", "check"),
                                ("recorded_at__isnull", False),
                                ("received_on__isnull", False),
                                models.Q(("check_number", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="payment_has_its_proof",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("gateway_id", ""), _negated=True),
                        fields=("gateway_id",),
                        name="payment_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("check_number", ""), _negated=True),
                        fields=("order", "check_number"),
                        name="payment_check_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "number",
                    models.CharField(default=parcel_models.parcel_number, editable=False, max_length=16, unique=True),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shipments", to="shop.order"
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
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("labelled_at", models.DateTimeField(blank=True, null=True)),
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
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["state", "begun_at"], name="shipment_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["packing", "labelled", "handed_over", "delivered", "lost", "dropped"])
                        ),
                        name="shipment_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("carrier__in", ["", "usps", "ups", "fedex", "office"])),
                        name="shipment_carrier_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_over_at__isnull", True), ("handed_over_by__isnull", True)),
                            models.Q(("handed_over_at__isnull", False), ("handed_over_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="shipment_handed_over_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_over_at__isnull", True), ("state__in", ["packing", "dropped"])),
                            models.Q(
                                ("handed_over_at__isnull", True), ("labelled_at__isnull", False), ("state", "labelled")
                            ),
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("carrier__in", ["", "office"]), models.Q(("tracking", ""), _negated=True), _connector="OR"
                        ),
                        name="shipment_has_tracking",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "packing")), fields=("order",), name="shipment_one_is_packed"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShipmentItem",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="shop.shipment"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="shop.orderline"
                    ),
                ),
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
                ("quantity", models.PositiveSmallIntegerField(verbose_name="quantity")),
                ("packed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("void_at", models.DateTimeField(blank=True, null=True)),
                ("back_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("core__isnull", True), ("quantity__gte", 1), ("quantity__lte", 100)),
                            models.Q(("core__isnull", False), ("quantity", 1)),
                            _connector="OR",
                        ),
                        name="shipment_item_quantity",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("back_at__isnull", True), ("core__isnull", False), ("void_at__isnull", True)
                        ),
                        fields=("core",),
                        name="shipment_serial_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("core__isnull", True), ("void_at__isnull", True)),
                        fields=("shipment", "line"),
                        name="shipment_line_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "number",
                    models.CharField(default=return_models.return_number, editable=False, max_length=16, unique=True),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="shop.shipmentitem"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="shop.order"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="shop.orderline"
                    ),
                ),
                (
                    "core",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="integration.core"
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
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("found", models.CharField(blank=True, max_length=40, verbose_name="serial number in the parcel")),
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
                ("inspected_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="what was seen")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "requested_at"], name="return_by_state"),
                    models.Index(fields=["registrant", "-requested_at"], name="return_of_registrant"),
                ],
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("device__gt", 0),
                            ("fee__gte", 0),
                            ("fee_back__gte", 0),
                            (
                                "whole",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("device"), "+", models.F("fee")
                                ),
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
                    models.CheckConstraint(
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
                                django.db.models.expressions.CombinedExpression(
                                    models.F("lowest"), "+", models.F("fee_back")
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="return_refund_is_worth",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("accepted", "refunding", "closed")), _negated=True),
                            models.Q(("inspected_at__isnull", False), ("refund__isnull", False)),
                            _connector="OR",
                        ),
                        name="return_done_has_refund",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credited", 0),
                            models.Q(
                                ("credited__gt", 0), ("credited__lte", models.F("refund")), ("refund__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="return_credited",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("received_at__isnull", True), ("received_by__isnull", True)),
                            models.Q(("received_at__isnull", False), ("received_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="return_received_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("inspected_at__isnull", True), ("inspected_by__isnull", True)),
                            models.Q(("inspected_at__isnull", False), ("inspected_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="return_inspected_pair",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["declined", "rejected", "withdrawn"]), _negated=True),
                        fields=("item",),
                        name="return_item_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["declined", "rejected", "withdrawn"]), _negated=True),
                        fields=("line", "position"),
                        name="return_piece_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="shop.payment"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Asked for"),
                            ("submitted", "Sent to the payment service"),
                            ("pending", "On its way"),
                            ("succeeded", "Paid out"),
                            ("failed", "Failed"),
                            ("cancelled", "Canceled"),
                        ],
                        default="requested",
                        editable=False,
                        max_length=12,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("staff", "Given by staff"),
                            ("cancellation", "The order was canceled"),
                            ("late", "Paid too late"),
                            ("twice", "Paid twice"),
                            ("return", "Returned"),
                            ("fee", "Unused part of the yearly fee"),
                            ("external", "Made outside the portal"),
                        ],
                        max_length=12,
                    ),
                ),
                ("cents", models.BigIntegerField()),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("gateway_id", models.CharField(blank=True, max_length=255)),
                ("check_number", models.CharField(blank=True, max_length=40, verbose_name="number of the check")),
                (
                    "clerk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("requested_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("needs_second", models.BooleanField(default=False)),
                (
                    "second",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("tried_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("failure", models.CharField(blank=True, max_length=80)),
                (
                    "of_return",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="shop.return",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["pending", "requested", "submitted"])),
                        fields=["requested_at"],
                        name="refund_open",
                    ),
                    models.Index(fields=["submitted_at"], name="refund_by_day"),
                    models.Index(fields=["settled_at"], name="refund_by_end"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["requested", "submitted", "pending", "succeeded", "failed", "cancelled"])
                        ),
                        name="refund_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__in", ["staff", "cancellation", "late", "twice", "return", "fee", "external"])
                        ),
                        name="refund_source_in_list",
                    ),
                    models.CheckConstraint(condition=models.Q(("cents__gt", 0)), name="refund_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source", "staff"), _negated=True),
                            models.Q(("clerk__isnull", False), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="refund_by_staff_has_clerk",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("needs_second", False),
                            ("state__in", ["requested", "cancelled"]),
                            models.Q(("second__isnull", False), models.Q(("second", models.F("clerk")), _negated=True)),
                            _connector="OR",
                        ),
                        name="refund_second_is_another",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("gateway_id", ""), _negated=True),
                        fields=("gateway_id",),
                        name="refund_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("of_return__isnull", False),
                            ("state__in", ["pending", "requested", "submitted", "succeeded"]),
                        ),
                        fields=("of_return", "payment"),
                        name="refund_of_return_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RefundLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="shop.refund"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="shop.orderline"
                    ),
                ),
                ("cents", models.BigIntegerField()),
                ("tax", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("cents__gt", 0)), name="refund_line_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(("tax__gte", 0), ("tax__lte", models.F("cents"))), name="refund_line_tax"
                    ),
                    models.UniqueConstraint(fields=("refund", "line"), name="refund_line_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberCounter",
            fields=[
                ("kind", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("last", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["invoice", "credit_note"])), name="number_counter_kind"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0, editable=False, unique=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invoices", to="shop.order"
                    ),
                ),
                ("party", models.CharField(max_length=120)),
                ("street", models.CharField(max_length=120)),
                ("city", models.CharField(max_length=60)),
                ("state_code", models.CharField(max_length=2)),
                ("zip_code", models.CharField(max_length=10)),
                ("language", models.CharField(max_length=10)),
                ("purchase_order", models.CharField(blank=True, max_length=40)),
                ("net", models.BigIntegerField()),
                ("tax", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
                ("credited", models.BigIntegerField(default=0, editable=False)),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("due_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["issued_at"], name="invoice_by_day"),
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)), fields=["due_on"], name="invoice_by_due_day"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("net__gt", 0),
                            ("tax__gte", 0),
                            (
                                "total",
                                django.db.models.expressions.CombinedExpression(models.F("net"), "+", models.F("tax")),
                            ),
                        ),
                        name="invoice_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("credited__gte", 0), ("credited__lte", models.F("total"))),
                        name="invoice_credited",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="shop.invoice"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shop.orderline",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("quantity", models.PositiveSmallIntegerField()),
                ("unit_cents", models.BigIntegerField()),
                ("discount", models.BigIntegerField()),
                ("net", models.BigIntegerField()),
                ("tax", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("unit_cents__gt", 0)), name="invoice_line_unit"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("net__gte", 0),
                            ("quantity__gt", 0),
                            ("tax__gte", 0),
                            ("total__gt", 0),
                            (
                                "total",
                                django.db.models.expressions.CombinedExpression(models.F("net"), "+", models.F("tax")),
                            ),
                        ),
                        name="invoice_line_amounts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0, editable=False, unique=True)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="credit_notes", to="shop.invoice"
                    ),
                ),
                (
                    "refund",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_note",
                        to="shop.refund",
                    ),
                ),
                ("net", models.BigIntegerField()),
                ("tax", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "indexes": [models.Index(fields=["issued_at"], name="credit_note_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("net__gte", 0),
                            ("tax__gte", 0),
                            (
                                "total",
                                django.db.models.expressions.CombinedExpression(models.F("net"), "+", models.F("tax")),
                            ),
                            ("total__gt", 0),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="credit_note_total",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShopLimits",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("only", models.BooleanField(default=True, editable=False, unique=True)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "most_of_one",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="Whoever needs more calls first.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="pieces of one product in an order",
                    ),
                ),
                (
                    "most_lines",
                    models.PositiveSmallIntegerField(
                        default=20,
                        help_text="Different products in one cart.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="products in an order",
                    ),
                ),
                (
                    "clerk_refund_dollars",
                    models.PositiveSmallIntegerField(
                        default=500,
                        help_text="One clerk alone gives back so much of an order; beyond it a second person sends it.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="refund by one clerk",
                    ),
                ),
            ],
            options={
                "verbose_name": "shop limits",
                "verbose_name_plural": "shop limits",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", True)), name="shop_shoplimits_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("most_of_one__gte", 1), ("most_of_one__lte", 100)),
                        name="shop_limits_most_of_one_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("most_lines__gte", 1), ("most_lines__lte", 20)),
                        name="shop_limits_most_lines_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("clerk_refund_dollars__gte", 0), ("clerk_refund_dollars__lte", 500)),
                        name="shop_limits_clerk_refund_dollars_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalShopLimits",
            fields=[
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("only", models.BooleanField(db_index=True, default=True, editable=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "most_of_one",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="Whoever needs more calls first.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="pieces of one product in an order",
                    ),
                ),
                (
                    "most_lines",
                    models.PositiveSmallIntegerField(
                        default=20,
                        help_text="Different products in one cart.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="products in an order",
                    ),
                ),
                (
                    "clerk_refund_dollars",
                    models.PositiveSmallIntegerField(
                        default=500,
                        help_text="One clerk alone gives back so much of an order; beyond it a second person sends it.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="refund by one clerk",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical shop limits",
                "verbose_name_plural": "historical shop limits",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "clerk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("refunds", models.PositiveIntegerField(default=0)),
                ("notices", models.PositiveIntegerField(default=0)),
                ("differences", models.PositiveIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "indexes": [models.Index(fields=["-asked_at"], name="reconciliation_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True), ("finished_at__gte", models.F("asked_at")), _connector="OR"
                        ),
                        name="reconciliation_ends_later",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "number",
                    models.CharField(default=warranty_models.claim_number, editable=False, max_length=16, unique=True),
                ),
                (
                    "core",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="integration.core"
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
                    "state",
                    models.CharField(
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
                ("problem", models.TextField(max_length=1000, verbose_name="what is wrong")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
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
                ("replaced_at", models.DateTimeField(blank=True, null=True)),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("old_due_on", models.DateField(blank=True, null=True)),
                (
                    "charge",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charged_claim",
                        to="shop.order",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["state", "opened_at"], name="claim_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "opened",
                                    "approved",
                                    "declined",
                                    "replacement_shipped",
                                    "old_unit_due",
                                    "charged",
                                    "closed",
                                ],
                            )
                        ),
                        name="claim_state_in_list",
                    ),
                    models.CheckConstraint(condition=models.Q(("problem", ""), _negated=True), name="claim_says_what"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="claim_decided_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaced_at__isnull", True), ("replacement__isnull", True)),
                            models.Q(("replaced_at__isnull", False), ("replacement__isnull", False)),
                            _connector="OR",
                        ),
                        name="claim_replaced_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="claim_declined_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["opened", "approved", "declined"]),
                            ("replacement__isnull", False),
                            _connector="OR",
                        ),
                        name="claim_replaced_has_core",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "charged"), _negated=True), ("charge__isnull", False), _connector="OR"
                        ),
                        name="claim_charged_has_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["old_unit_due", "charged"]), _negated=True),
                            ("old_due_on__isnull", False),
                            _connector="OR",
                        ),
                        name="claim_due_has_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["closed", "declined"]), _negated=True),
                        fields=("core",),
                        name="claim_one_of_a_core",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimPicture",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pictures", to="shop.claim"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=80, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "invoice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="shop.invoice",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="shop.claim",
                    ),
                ),
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
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("step__in", ["soon", "late", "later", "last"])),
                        name="reminder_step_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claim__isnull", True), ("invoice__isnull", False)),
                            models.Q(("claim__isnull", False), ("invoice__isnull", True)),
                            _connector="OR",
                        ),
                        name="reminder_of_one_thing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("invoice__isnull", False)),
                        fields=("invoice", "step"),
                        name="reminder_of_invoice_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("claim__isnull", False)),
                        fields=("claim", "step"),
                        name="reminder_of_claim_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShippingDelay",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="delays", to="shop.order"
                    ),
                ),
                ("sent_by_then", models.DateField(verbose_name="sent by")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("agreed_at__isnull", True)),
                        fields=("order",),
                        name="shipping_delay_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "of_return",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="shop.return"
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="shop.partdeduction"
                    ),
                ),
                ("cents", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("cents__gt", 0)), name="return_part_off"),
                    models.UniqueConstraint(fields=("of_return", "part"), name="return_part_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnPicture",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "of_return",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pictures", to="shop.return"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=80, unique=True)),
                ("taken_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="Stock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stock", to="shop.product"
                    ),
                ),
                ("on_hand", models.IntegerField(default=0, editable=False)),
                ("reserved", models.IntegerField(default=0, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reserved__gte", 0), ("reserved__lte", models.F("on_hand"))),
                        name="stock_reserved_is_there",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StockMovement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "stock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="movements", to="shop.stock"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("corrected", "Counted anew"),
                            ("shipped", "Shipped"),
                            ("returned", "Returned to stock"),
                            ("scrapped", "Scrapped"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("change", models.IntegerField(verbose_name="how many more or fewer")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="shop.order",
                    ),
                ),
                (
                    "core",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stock_movements",
                        to="integration.core",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("moved_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["received", "corrected", "shipped", "returned", "scrapped"])),
                        name="stock_movement_kind_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("change", 0), _negated=True), name="stock_movement_moves"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reservations", to="shop.order"
                    ),
                ),
                (
                    "stock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reservations", to="shop.stock"
                    ),
                ),
                ("quantity", models.PositiveSmallIntegerField()),
                ("taken", models.PositiveSmallIntegerField(default=0)),
                ("reserved_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0), ("taken__lte", models.F("quantity"))),
                        name="reservation_holds",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=("order", "stock"),
                        name="reservation_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="subscription", to="shop.shipmentitem"
                    ),
                ),
                (
                    "core",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="subscriptions", to="integration.core"
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
                ("position", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
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
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("past_due_on", models.DateField(blank=True, editable=False, null=True)),
                ("stopped", models.BooleanField(default=False, editable=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "cancel_scheduled")),
                        fields=["ends_on"],
                        name="subscription_ending",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["lapsed", "past_due"])),
                        fields=["past_due_on"],
                        name="subscription_owing",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["active", "past_due", "lapsed", "cancel_scheduled", "ended"])
                        ),
                        name="subscription_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ends_on__isnull", True), ("state", "active")),
                            models.Q(
                                ("ended_at__isnull", True), ("ends_on__isnull", False), ("state", "cancel_scheduled")
                            ),
                            models.Q(
                                ("ended_at__isnull", True),
                                ("ends_on__isnull", True),
                                ("state__in", ["lapsed", "past_due"]),
                            ),
                            models.Q(("ended_at__isnull", False), ("state", "ended")),
                            _connector="OR",
                        ),
                        name="subscription_end_is_said",
                    ),
                    models.CheckConstraint(
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
                    models.UniqueConstraint(fields=("line", "position"), name="subscription_piece_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ended"), _negated=True),
                        fields=("core",),
                        name="subscription_core_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="shop.subscription"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="shop.orderline"
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("fee", models.BigIntegerField()),
                ("refunded", models.BigIntegerField(default=0)),
                ("void_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="term_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fee__gte", 0), ("refunded__gte", 0), ("refunded__lte", models.F("fee"))),
                        name="term_fee",
                    ),
                    models.UniqueConstraint(fields=("subscription", "line"), name="term_paid_once"),
                ],
            },
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
            model_name="invoice",
            name="reverses",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversed_by",
                to="shop.creditnote",
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
            model_name="invoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", True)), fields=("order",), name="invoice_once"
            ),
        ),
    ]
