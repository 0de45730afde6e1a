"""The limits that an agency may set, begun with the portal's defaults, and their history."""

import uuid
from decimal import Decimal

import django.contrib.postgres.fields
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
    row = apps.get_model("registry", "Limits").objects.using(alias).create()
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001
    past = apps.get_model("registry", "HistoricalLimits").objects.using(alias)
    past.create(history_type="+", history_date=timezone.now(), **columns)


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalLimits",
            fields=[
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("only", models.BooleanField(db_index=True, default=True, editable=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "shortest_window_minutes",
                    models.PositiveSmallIntegerField(
                        default=15,
                        help_text="A canvass asks for no less: cameras' clocks differ.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="shortest stretch of time",
                    ),
                ),
                (
                    "longest_window_hours",
                    models.PositiveSmallIntegerField(
                        default=12,
                        help_text="A canvass asks for no more of anybody's day.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(24),
                        ],
                        verbose_name="longest stretch of time",
                    ),
                ),
                (
                    "smallest_area",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0.025"),
                        help_text="A smaller circle would single out one home.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.01")),
                            django.core.validators.MaxValueValidator(Decimal("0.1")),
                        ],
                        verbose_name="smallest search area",
                    ),
                ),
                (
                    "largest_area",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0.5"),
                        help_text="The most that a deputy searches without a supervisor.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.1")),
                            django.core.validators.MaxValueValidator(Decimal(1)),
                        ],
                        verbose_name="largest search area",
                    ),
                ),
                (
                    "reminders",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="How often an owner who has not answered is reminded of a request.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(2),
                        ],
                        verbose_name="reminders",
                    ),
                ),
                (
                    "first_reminder_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="Counted from the request.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(14),
                        ],
                        verbose_name="first reminder after",
                    ),
                ),
                (
                    "second_reminder_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="Counted from the request. It must come after the first one, and before the link ends.",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(28),
                        ],
                        verbose_name="second reminder after",
                    ),
                ),
                (
                    "link_life_days",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="How long an owner can answer a request. Requests already sent keep their day.",
                        validators=[
                            django.core.validators.MinValueValidator(3),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="life of a link",
                    ),
                ),
                (
                    "files_per_reply",
                    models.PositiveSmallIntegerField(
                        default=25,
                        help_text="How many files an owner can give to one request.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="files in a reply",
                    ),
                ),
                (
                    "gigabytes_per_file",
                    models.PositiveSmallIntegerField(
                        default=60,
                        help_text="The largest file that is taken.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="size of a file",
                    ),
                ),
                (
                    "gigabytes_per_reply",
                    models.PositiveSmallIntegerField(
                        default=200,
                        help_text="All files of one request together.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="size of a reply",
                    ),
                ),
                (
                    "footage_kept_days",
                    models.PositiveSmallIntegerField(
                        default=1095,
                        help_text="Counted from its receipt, where no category says longer. Footage already here keeps its day.",
                        validators=[
                            django.core.validators.MinValueValidator(30),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="footage is kept",
                    ),
                ),
                (
                    "empty_phrases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        help_text="One a line. A reason made of these alone is refused. The portal's own list always counts as well.",
                        size=200,
                        verbose_name="phrases that say nothing",
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
                "verbose_name": "historical limits",
                "verbose_name_plural": "historical limits",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Limits",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("only", models.BooleanField(default=True, editable=False, unique=True)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "shortest_window_minutes",
                    models.PositiveSmallIntegerField(
                        default=15,
                        help_text="A canvass asks for no less: cameras' clocks differ.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="shortest stretch of time",
                    ),
                ),
                (
                    "longest_window_hours",
                    models.PositiveSmallIntegerField(
                        default=12,
                        help_text="A canvass asks for no more of anybody's day.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(24),
                        ],
                        verbose_name="longest stretch of time",
                    ),
                ),
                (
                    "smallest_area",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0.025"),
                        help_text="A smaller circle would single out one home.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.01")),
                            django.core.validators.MaxValueValidator(Decimal("0.1")),
                        ],
                        verbose_name="smallest search area",
                    ),
                ),
                (
                    "largest_area",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0.5"),
                        help_text="The most that a deputy searches without a supervisor.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.1")),
                            django.core.validators.MaxValueValidator(Decimal(1)),
                        ],
                        verbose_name="largest search area",
                    ),
                ),
                (
                    "reminders",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="How often an owner who has not answered is reminded of a request.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(2),
                        ],
                        verbose_name="reminders",
                    ),
                ),
                (
                    "first_reminder_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="Counted from the request.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(14),
                        ],
                        verbose_name="first reminder after",
                    ),
                ),
                (
                    "second_reminder_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="Counted from the request. It must come after the first one, and before the link ends.",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(28),
                        ],
                        verbose_name="second reminder after",
                    ),
                ),
                (
                    "link_life_days",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="How long an owner can answer a request. Requests already sent keep their day.",
                        validators=[
                            django.core.validators.MinValueValidator(3),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="life of a link",
                    ),
                ),
                (
                    "files_per_reply",
                    models.PositiveSmallIntegerField(
                        default=25,
                        help_text="How many files an owner can give to one request.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="files in a reply",
                    ),
                ),
                (
                    "gigabytes_per_file",
                    models.PositiveSmallIntegerField(
                        default=60,
                        help_text="The largest file that is taken.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="size of a file",
                    ),
                ),
                (
                    "gigabytes_per_reply",
                    models.PositiveSmallIntegerField(
                        default=200,
                        help_text="All files of one request together.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="size of a reply",
                    ),
                ),
                (
                    "footage_kept_days",
                    models.PositiveSmallIntegerField(
                        default=1095,
                        help_text="Counted from its receipt, where no category says longer. Footage already here keeps its day.",
                        validators=[
                            django.core.validators.MinValueValidator(30),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="footage is kept",
                    ),
                ),
                (
                    "empty_phrases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        help_text="One a line. A reason made of these alone is refused. The portal's own list always counts as well.",
                        size=200,
                        verbose_name="phrases that say nothing",
                    ),
                ),
            ],
            options={
                "verbose_name": "limits",
                "verbose_name_plural": "limits",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", True)), name="registry_limits_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("shortest_window_minutes__gte", 5), ("shortest_window_minutes__lte", 60)),
                        name="limits_shortest_window_minutes_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("longest_window_hours__gte", 1), ("longest_window_hours__lte", 24)),
                        name="limits_longest_window_hours_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("smallest_area__gte", Decimal("0.01")), ("smallest_area__lte", Decimal("0.1"))
                        ),
                        name="limits_smallest_area_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("largest_area__gte", Decimal("0.1")), ("largest_area__lte", Decimal(1))),
                        name="limits_largest_area_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reminders__gte", 0), ("reminders__lte", 2)), name="limits_reminders_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first_reminder_days__gte", 1), ("first_reminder_days__lte", 14)),
                        name="limits_first_reminder_days_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("second_reminder_days__gte", 2), ("second_reminder_days__lte", 28)),
                        name="limits_second_reminder_days_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("link_life_days__gte", 3), ("link_life_days__lte", 30)),
                        name="limits_link_life_days_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("files_per_reply__gte", 1), ("files_per_reply__lte", 100)),
                        name="limits_files_per_reply_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gigabytes_per_file__gte", 1), ("gigabytes_per_file__lte", 60)),
                        name="limits_gigabytes_per_file_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gigabytes_per_reply__gte", 1), ("gigabytes_per_reply__lte", 500)),
                        name="limits_gigabytes_per_reply_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("footage_kept_days__gte", 30), ("footage_kept_days__lte", 3650)),
                        name="limits_footage_kept_days_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_reminder_days__gt", models.F("first_reminder_days")),
                            ("link_life_days__gt", models.F("second_reminder_days")),
                        ),
                        name="limits_reminders_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gigabytes_per_reply__gte", models.F("gigabytes_per_file"))),
                        name="limits_reply_holds_a_file",
                    ),
                ],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
