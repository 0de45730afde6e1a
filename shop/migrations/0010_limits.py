"""The limits that an agency may set for its shop, begun with the portal's own, and their history."""

import uuid

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the row, and the line of history that later changes are compared with."""
    alias = schema_editor.connection.alias
    row = apps.get_model("shop", "ShopLimits").objects.using(alias).create()
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001
    past = apps.get_model("shop", "HistoricalShopLimits").objects.using(alias)
    past.create(history_type="+", history_date=timezone.now(), **columns)


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0009_books"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                "abstract": False,
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
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
