"""The tables of COREs, sharing and live view. What the database guards of live view is in 0002_view_guard."""

import datetime as dt
import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("integration", "0001_cores"),
        ("integration", "0002_sharing"),
        ("integration", "0003_views"),
        ("integration", "0005_after_views"),
        ("integration", "0006_watching_over"),
    ]

    initial = True

    dependencies = [
        ("agency", "0001_initial"),
        ("registry", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SharingAgreement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "registrant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="sharing_agreements",
                        to="registry.registrant",
                    ),
                ),
                ("party", models.CharField(max_length=120, verbose_name="business")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agency.document"
                    ),
                ),
                ("language", models.CharField(choices=[("en", "English"), ("es", "Español")], max_length=10)),
                ("signer", models.CharField(max_length=120, verbose_name="your name")),
                ("title", models.CharField(max_length=120, verbose_name="your position in the business")),
                ("signed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ends_on", models.DateField()),
                ("reminded_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("replaced_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("replaced_at__isnull", True), ("revoked_at__isnull", True)
                        ),
                        fields=("registrant",),
                        name="sharing_agreement_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signer", ""), _negated=True),
                            models.Q(("title", ""), _negated=True),
                            models.Q(("party", ""), _negated=True),
                        ),
                        name="sharing_agreement_has_signer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaced_at__isnull", True), ("revoked_at__isnull", True)),
                            models.Q(("ended_at__isnull", True), ("revoked_at__isnull", True)),
                            models.Q(("ended_at__isnull", True), ("replaced_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="sharing_agreement_ends_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("signed_at__date"))),
                        name="sharing_agreement_ends_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                (
                    "latitude",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="longitude",
                    ),
                ),
                (
                    "precision",
                    models.CharField(
                        choices=[
                            ("pinned", "placed on the map"),
                            ("rooftop", "found from the street address"),
                            ("area", "middle of the ZIP code area"),
                        ],
                        max_length=7,
                        verbose_name="precision",
                    ),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="declarations", to="registry.incident"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("supervisor", "A supervisor"),
                            ("type", "Its type, as dispatch sent it"),
                            ("break_glass", "Two people, without a supervisor"),
                        ],
                        editable=False,
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for a second person"),
                            ("in_force", "In force"),
                            ("ended", "Over"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("radius_m", models.FloatField(verbose_name="radius in meters")),
                ("beyond_limits", models.BooleanField(default=False, editable=False)),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                (
                    "declared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("declared_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seconded_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("starts_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("ends_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("first_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("renewals", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ended", "Somebody ended it"),
                            ("over", "Its time was over"),
                            ("closed", "The incident was closed"),
                            ("changed", "The incident was changed"),
                            ("declined", "It was not confirmed"),
                            ("replaced", "Another took its place"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("justify_by", models.DateTimeField(blank=True, editable=False, null=True)),
                ("justification", models.TextField(blank=True, verbose_name="justification")),
                (
                    "justified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("justified_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("overdue_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "in_force")), fields=["ends_at"], name="declaration_in_force_ends"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("latitude__gte", -90), ("latitude__lte", 90)),
                        name="integration_declaration_latitude_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("longitude__gte", -180), ("longitude__lte", 180)),
                        name="integration_declaration_longitude_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("precision__in", ["pinned", "rooftop", "area"])),
                        name="integration_declaration_precision_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "in_force", "ended"])),
                        name="declaration_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["supervisor", "type", "break_glass"])),
                        name="declaration_kind_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end", ""),
                            ("end__in", ["ended", "over", "closed", "changed", "declined", "replaced"]),
                            _connector="OR",
                        ),
                        name="declaration_end_in_list",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")), fields=("incident",), name="declaration_one_in_force"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")), fields=("incident",), name="declaration_one_waits"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "break_glass"), ("starts_at__isnull", False)),
                        fields=("incident",),
                        name="declaration_glass_broken_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("radius_m__gt", 0), ("radius_m__lte", 2000.0)), name="declaration_radius"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="declaration_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("beyond_limits", False), ("declared_by__isnull", True), ("kind", "type")),
                            models.Q(models.Q(("kind", "type"), _negated=True), ("declared_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="declaration_declared_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_at__isnull", True), ("seconded_by__isnull", True)),
                            models.Q(("seconded_at__isnull", False), ("seconded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="declaration_seconded_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by__isnull", True),
                            models.Q(("seconded_by", models.F("declared_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="declaration_seconded_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_at__isnull", True),
                            ("seconded_by__isnull", False),
                            models.Q(("beyond_limits", False), models.Q(("kind", "break_glass"), _negated=True)),
                            _connector="OR",
                        ),
                        name="declaration_beyond_limits_seconded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ends_at__isnull", True), ("first_at__isnull", True), ("starts_at__isnull", True)
                            ),
                            models.Q(
                                ("ends_at__gt", models.F("starts_at")),
                                (
                                    "ends_at__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("first_at"), "+", models.Value(dt.timedelta(days=1))
                                    ),
                                ),
                                ("first_at__lte", models.F("starts_at")),
                                ("starts_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="declaration_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "in_force"), _negated=True),
                            models.Q(("ended_at__isnull", True), ("starts_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="declaration_in_force_has_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "proposed"), _negated=True),
                            models.Q(("ended_at__isnull", True), ("starts_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="declaration_waits_without_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False), ("state", "ended"), models.Q(("end", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("state", "ended"), _negated=True),
                                ("end", ""),
                                ("ended_at__isnull", True),
                                ("ended_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="declaration_ended_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end", "ended"), ("ended_by__isnull", False)),
                            ("end", "declined"),
                            models.Q(
                                models.Q(("end__in", ["ended", "declined"]), _negated=True), ("ended_by__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="declaration_ended_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_by__isnull", True), ("ended_at__isnull", False), _connector="OR"),
                        name="declaration_ended_who_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("justified_at__isnull", True), ("justified_by__isnull", True)),
                            models.Q(("justified_at__isnull", False), ("justified_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="declaration_justified_who_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "break_glass"), _negated=True),
                            ("starts_at__isnull", True),
                            models.Q(
                                (
                                    "ends_at__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("starts_at"), "+", models.Value(dt.timedelta(seconds=1800))
                                    ),
                                ),
                                ("justify_by__isnull", False),
                                ("renewals", 0),
                            ),
                            _connector="OR",
                        ),
                        name="declaration_glass_is_short",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("justification", ""), ("justified_at__isnull", True), ("justified_by__isnull", True)
                            ),
                            models.Q(
                                ("justified_at__isnull", False),
                                ("justified_by__isnull", False),
                                models.Q(("justification", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="declaration_justified_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoreModel",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                (
                    "cameras_supported",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(16),
                        ],
                        verbose_name="cameras",
                    ),
                ),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="core_model_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(("cameras_supported__gte", 1), ("cameras_supported__lte", 16)),
                        name="core_model_cameras",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCoreModel",
            fields=[
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("name", models.CharField(db_index=True, max_length=80, verbose_name="name")),
                (
                    "cameras_supported",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(16),
                        ],
                        verbose_name="cameras",
                    ),
                ),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
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
                "verbose_name": "historical core model",
                "verbose_name_plural": "historical core models",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Core",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "serial",
                    models.CharField(
                        max_length=32,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^[A-Z0-9][A-Z0-9-]{5,31}$")],
                        verbose_name="serial number",
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cores", to="integration.coremodel"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("in_stock", "In stock"),
                            ("allocated", "Set aside"),
                            ("shipped", "On its way"),
                            ("active", "Active"),
                            ("suspended", "Suspended"),
                            ("returning", "Coming back"),
                            ("wiped", "Wiped"),
                            ("retired", "Retired"),
                        ],
                        default="in_stock",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "registrant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cores",
                        to="registry.registrant",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cores",
                        to="registry.premises",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="integration.core",
                    ),
                ),
                ("key", models.CharField(blank=True, editable=False, max_length=44)),
                ("firmware", models.CharField(blank=True, editable=False, max_length=40)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("activated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("seen_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("clock_drift_ms", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("disk_free", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("disk_size", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("recorded_minutes", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ("channels", models.JSONField(blank=True, default=dict, editable=False)),
                ("told_offline_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "wiped_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("wiped_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("certificate", models.CharField(blank=True, max_length=60, verbose_name="certificate of wiping")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["registrant"], name="core_of_registrant"),
                    models.Index(condition=models.Q(("state", "active")), fields=["seen_at"], name="core_active_seen"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "in_stock",
                                    "allocated",
                                    "shipped",
                                    "active",
                                    "suspended",
                                    "returning",
                                    "wiped",
                                    "retired",
                                ],
                            )
                        ),
                        name="core_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("serial__regex", "^[A-Z0-9][A-Z0-9-]{5,31}$")), name="core_serial_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("registrant__isnull", False),
                                ("state__in", ("allocated", "shipped", "active", "suspended")),
                            ),
                            ("state", "returning"),
                            models.Q(
                                models.Q(
                                    ("state__in", ("allocated", "shipped", "active", "suspended", "returning")),
                                    _negated=True,
                                ),
                                ("registrant__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="core_is_somebodys",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("active", "suspended")), _negated=True),
                            models.Q(
                                ("activated_at__isnull", False),
                                ("premises__isnull", False),
                                models.Q(("key", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="core_in_use_has_place_and_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("allocated", "shipped", "active", "suspended", "returning")),
                            models.Q(("key", ""), ("premises__isnull", True)),
                            _connector="OR",
                        ),
                        name="core_elsewhere_has_no_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("wiped_at__isnull", True), ("wiped_by__isnull", True)),
                            models.Q(("wiped_at__isnull", False), ("wiped_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="core_wiped_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "wiped"), _negated=True),
                            models.Q(("wiped_at__isnull", False), models.Q(("certificate", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="core_wiped_has_certificate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("disk_free__isnull", True),
                            models.Q(("disk_free__gte", 0), ("disk_free__lte", models.F("disk_size"))),
                            _connector="OR",
                        ),
                        name="core_disk",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("disk_size__isnull", True), ("disk_size__gt", 0), _connector="OR"),
                        name="core_disk_size",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replaces", models.F("id")), _negated=True), name="core_replaces_another"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActivationCode",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "core",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="integration.core"
                    ),
                ),
                (
                    "registrant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.registrant"
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.premises"
                    ),
                ),
                ("salt", models.BinaryField(max_length=16)),
                ("digest", models.BinaryField(max_length=32)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("core",), name="activation_code_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("tries__lte", 5)), name="activation_code_tries"),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("issued_at"))),
                        name="activation_code_expires_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoreToken",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                (
                    "core",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tokens", to="integration.core"
                    ),
                ),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("replaced_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["ends_at"], name="core_token_ends")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)), fields=("core",), name="core_token_newest"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeviceCamera",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "core",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cameras", to="integration.core"
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="behind", to="registry.camera"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        max_length=32,
                        validators=[django.core.validators.RegexValidator("^[a-z0-9][a-z0-9_-]{0,31}$")],
                        verbose_name="channel",
                    ),
                ),
                (
                    "picture",
                    models.CharField(
                        choices=[
                            ("unknown", "Not heard of yet"),
                            ("running", "Gives a picture"),
                            ("lost", "Gives no picture"),
                        ],
                        default="unknown",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("picture_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("removed_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("camera",),
                        name="device_camera_behind_one_core",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("core", "channel"),
                        name="device_camera_channel_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__regex", "^[a-z0-9][a-z0-9_-]{0,31}$")),
                        name="device_camera_channel_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("picture__in", ["unknown", "running", "lost"])),
                        name="device_camera_picture_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("removed_at__isnull", True), ("removed_at__gte", models.F("added_at")), _connector="OR"
                        ),
                        name="device_camera_removed_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clip",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clips", to="registry.incident"
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="clips",
                        to="integration.devicecamera",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clips", to="registry.footagerequest"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="to")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for the owner"),
                            ("ordered", "Given, and on its way"),
                            ("sent", "Sent"),
                            ("failed", "There is no such recording"),
                        ],
                        default="asked",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("by_rule", models.BooleanField(default=False, editable=False)),
                ("ordered_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("over_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "upload",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="clip",
                        to="registry.upload",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "ordered")), fields=["ordered_at"], name="clip_ordered")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "ordered", "sent", "failed"])),
                        name="clip_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__gt", models.F("starts_at")),
                            (
                                "ends_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("starts_at"), "+", models.Value(dt.timedelta(seconds=3600))
                                ),
                            ),
                        ),
                        name="clip_window",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="clip_has_reason"),
                    models.CheckConstraint(
                        condition=models.Q(("sha256", ""), ("sha256__regex", "^[0-9a-f]{64}$"), _connector="OR"),
                        name="clip_sha256_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ordered_at__isnull", True), ("over_at__isnull", True), ("state", "asked")),
                            models.Q(("ordered_at__isnull", False), ("over_at__isnull", True), ("state", "ordered")),
                            models.Q(
                                ("ordered_at__isnull", False),
                                ("over_at__isnull", False),
                                ("state__in", ["sent", "failed"]),
                            ),
                            _connector="OR",
                        ),
                        name="clip_state_has_time",
                    ),
                    models.UniqueConstraint(
                        fields=("incident", "camera", "starts_at", "ends_at"), name="clip_asked_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SharingRule",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "camera",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rule", to="integration.devicecamera"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("never", "Never"),
                            ("incident", "During a critical incident nearby"),
                            ("ask", "Only while I share it myself"),
                            ("schedule", "During a critical incident nearby, at the hours that I set"),
                        ],
                        default="never",
                        max_length=10,
                    ),
                ),
                ("shared_until", models.DateTimeField(blank=True, null=True)),
                ("week", models.JSONField(blank=True, default=list)),
                ("closed_days", models.JSONField(blank=True, default=list)),
                ("open_days", models.JSONField(blank=True, default=list)),
                ("answers_clips", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["never", "incident", "ask", "schedule"])),
                        name="sharing_rule_mode_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shared_until__isnull", True), ("mode", "ask"), _connector="OR"),
                        name="sharing_rule_shared_when_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answers_clips", False), models.Q(("mode", "never"), _negated=True), _connector="OR"
                        ),
                        name="sharing_rule_never_answers",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSharingRule",
            fields=[
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("never", "Never"),
                            ("incident", "During a critical incident nearby"),
                            ("ask", "Only while I share it myself"),
                            ("schedule", "During a critical incident nearby, at the hours that I set"),
                        ],
                        default="never",
                        max_length=10,
                    ),
                ),
                ("shared_until", models.DateTimeField(blank=True, null=True)),
                ("week", models.JSONField(blank=True, default=list)),
                ("closed_days", models.JSONField(blank=True, default=list)),
                ("open_days", models.JSONField(blank=True, default=list)),
                ("answers_clips", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "camera",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="integration.devicecamera",
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
                "verbose_name": "historical sharing rule",
                "verbose_name_plural": "historical sharing rules",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="SharingPause",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "registrant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sharing_pauses",
                        to="registry.registrant",
                    ),
                ),
                (
                    "began_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("registrant",),
                        name="sharing_pause_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("began_at")), _connector="OR"
                        ),
                        name="sharing_pause_ends_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LiveStream",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="streams",
                        to="integration.devicecamera",
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("camera",), name="live_stream_one_open"
                    ),
                    models.UniqueConstraint(fields=("digest",), name="live_stream_digest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ViewGrant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="integration.declaration"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="view_grants", to="registry.incident"
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="grants",
                        to="integration.devicecamera",
                    ),
                ),
                (
                    "stream",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="grants",
                        to="integration.livestream",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="view_grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("network", models.GenericIPAddressField()),
                ("session", models.BinaryField(max_length=32)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("ended", "Over")],
                        default="running",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ends_at", models.DateTimeField()),
                ("extensions", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stopped", "The viewer stopped"),
                            ("left", "The viewer's page was gone"),
                            ("over", "Its time was over"),
                            ("refused", "A condition did not hold any more"),
                            ("full", "There was no room for its video"),
                            ("taken", "A supervisor ended it"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("condition", models.CharField(blank=True, editable=False, max_length=30)),
                ("minutes", models.PositiveIntegerField(default=0, editable=False)),
                ("sent_bytes", models.BigIntegerField(default=0, editable=False)),
                (
                    "premises_kind",
                    models.CharField(
                        choices=[("home", "Home"), ("business", "Business"), ("other", "Other place")], max_length=10
                    ),
                ),
                ("zip_code", models.CharField(max_length=10)),
                ("told_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "running")), fields=["ends_at"], name="view_grant_running"
                    ),
                    models.Index(fields=["began_at"], name="view_grant_began"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["running", "ended"])), name="view_grant_state_in_list"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end", ""),
                            ("end__in", ["stopped", "left", "over", "refused", "full", "taken"]),
                            _connector="OR",
                        ),
                        name="view_grant_end_in_list",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")), fields=("deputy", "camera"), name="view_grant_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="view_grant_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("began_at"))), name="view_grant_ends_later"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__gte", models.F("began_at")),
                                ("state", "ended"),
                                models.Q(("end", ""), _negated=True),
                            ),
                            models.Q(("end", ""), ("ended_at__isnull", True), ("state", "running")),
                            _connector="OR",
                        ),
                        name="view_grant_ended_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "ended"), ("camera__isnull", False), _connector="OR"),
                        name="view_grant_running_has_camera",
                    ),
                    models.CheckConstraint(condition=models.Q(("sent_bytes__gte", 0)), name="view_grant_sent_bytes"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ViewTime",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="view_times", to="registry.incident"
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="view_times",
                        to="integration.devicecamera",
                    ),
                ),
                ("extensions", models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("incident", "camera"), name="view_time_once")],
            },
        ),
        migrations.CreateModel(
            name="WatchedDay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("camera", models.UUIDField()),
                (
                    "premises_kind",
                    models.CharField(
                        choices=[("home", "Home"), ("business", "Business"), ("other", "Other place")], max_length=10
                    ),
                ),
                ("zip_code", models.CharField(max_length=5)),
                ("deputy", models.CharField(max_length=64)),
                ("seconds", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "camera", "premises_kind", "zip_code", "deputy"), name="watched_day_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("seconds__gt", 0)), name="watched_day_seconds"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchFlag",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "about",
                    models.CharField(
                        choices=[("camera", "A camera"), ("area", "An area"), ("kind", "A kind of place")],
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("week", models.DateField()),
                ("seconds", models.PositiveIntegerField()),
                ("usual_seconds", models.PositiveIntegerField()),
                ("cameras", models.PositiveIntegerField()),
                ("flagged_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("about", "key", "week"), name="watch_flag_once_a_week"),
                    models.CheckConstraint(
                        condition=models.Q(("about__in", ["camera", "area", "kind"])), name="watch_flag_about_in_list"
                    ),
                ],
            },
        ),
    ]
