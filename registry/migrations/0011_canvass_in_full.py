"""Areas that are polygons, purposes, approvals beyond the limits, cameras left out, and how a canvass ends."""

import math
import uuid
from datetime import timedelta

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ASSEMBLY = "\\m([aá]s[aá]mbl[eé][aá]|[aá]s[aá]mbl[eé][aá]s|[aá]ss[eé]mbly|d[eé]m[oó]nstr[aá]t[ií][oó]n|d[eé]m[oó]nstr[aá]t[ií][oó]ns|d[eé]m[oó]nstr[aá]t[oó]r|d[eé]m[oó]nstr[aá]t[oó]rs|h[uúü][eé]lg[aá]|h[uúü][eé]lg[aá]s|h[uúü][eé]lg[uúü][ií]st[aá]|h[uúü][eé]lg[uúü][ií]st[aá]s|m[aá]n[ií]f[eé]st[aá]c[ií][oó]n|m[aá]n[ií]f[eé]st[aá]c[ií][oó]n[eé]s|m[aá]n[ií]f[eé]st[aá]nt[eé]|m[aá]n[ií]f[eé]st[aá]nt[eé]s|m[aá]rch[aá]|m[aá]rch[aá]s|m[aá]rch[eé]rs|m[ií]t[ií]n|m[ií]t[ií]n[eé]s|p[ií]ck[eé]t|p[ií]ck[eé]t[ií]ng|p[ií]ck[eé]ts|p[ií]q[uúü][eé]t[eé]|p[ií]q[uúü][eé]t[eé]s|pl[aá]nt[oó]n|pl[aá]nt[oó]n[eé]s|pr[oó]t[eé]st|pr[oó]t[eé]st[aá]|pr[oó]t[eé]st[aá]s|pr[oó]t[eé]st[eé]r|pr[oó]t[eé]st[eé]rs|pr[oó]t[eé]st[ií]ng|pr[oó]t[eé]st[oó]r|pr[oó]t[eé]st[oó]rs|pr[oó]t[eé]sts|r[aá]ll[ií][eé]s|r[aá]lly|str[ií]k[eé]rs|v[ií]g[ií]l|v[ií]g[ií]l[ií][aá]|v[ií]g[ií]l[ií][aá]s)\\M"
FALLBACK = "Reconstruct what happened and when"
PURPOSES = [
    ("Identify a vehicle", "Identificar un vehículo"),
    ("Identify a person involved in the offense", "Identificar a una persona implicada en el delito"),
    ("Find a missing person", "Encontrar a una persona desaparecida"),
    ("Find people in danger", "Encontrar a personas en peligro"),
    ("Find out which way somebody went", "Saber por dónde se fue alguien"),
    (FALLBACK, "Reconstruir qué pasó y cuándo"),
]


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the list that an agency starts with, and what earlier canvasses lack: their size and a purpose."""
    alias = schema_editor.connection.alias
    purpose, canvass = apps.get_model("registry", "CanvassPurpose"), apps.get_model("registry", "Canvass")
    made = purpose.objects.using(alias).bulk_create(purpose(name=name, name_es=name_es) for name, name_es in PURPOSES)
    usual = next(one for one in made if one.name == FALLBACK)
    for found in canvass.objects.using(alias).all():
        found.square_miles, found.purpose = math.pi * found.radius_m**2 / 1609.344**2, usual
        found.save(update_fields=["square_miles", "purpose"])


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0010_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("granted", models.BooleanField(editable=False, null=True)),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("decided_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CanvassPurpose",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_es", models.CharField(max_length=120, verbose_name="name in Spanish")),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="LeftOut",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("contacted", "The owner was already spoken to"),
                            ("involved", "The owner may be involved"),
                            ("view", "The camera does not look at the place"),
                        ],
                        max_length=10,
                    ),
                ),
                ("left_out_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="canvass",
            name="canvass_state_in_list",
        ),
        migrations.RemoveConstraint(
            model_name="canvass",
            name="canvass_window",
        ),
        migrations.RemoveConstraint(
            model_name="canvass",
            name="canvass_state_has_time",
        ),
        migrations.AddField(
            model_name="canvass",
            name="beyond_limits",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="canvass",
            name="corners",
            field=models.JSONField(blank=True, null=True, verbose_name="corners"),
        ),
        migrations.AddField(
            model_name="canvass",
            name="expired_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="canvass",
            name="square_miles",
            field=models.FloatField(null=True, verbose_name="square miles"),
        ),
        migrations.AddField(
            model_name="canvass",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="canvass",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="canvass",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Prepared"),
                    ("waiting", "Waiting for approval"),
                    ("approved", "Approved"),
                    ("denied", "Denied"),
                    ("sent", "Sent"),
                    ("withdrawn", "Withdrawn"),
                    ("expired", "Expired"),
                    ("closed", "Closed"),
                ],
                default="draft",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="canvass",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="registry.canvass"
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="canvasspurpose",
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower("name"), name="purpose_name_once"),
        ),
        migrations.AddConstraint(
            model_name="canvasspurpose",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("name_es", ""), _negated=True)),
                name="purpose_has_names",
            ),
        ),
        migrations.AddConstraint(
            model_name="canvasspurpose",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "name__iregex",
                            ASSEMBLY,
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "name_es__iregex",
                            ASSEMBLY,
                        ),
                        _negated=True,
                    ),
                ),
                name="purpose_is_no_assembly",
            ),
        ),
        migrations.AddField(
            model_name="canvass",
            name="purpose",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="canvasses",
                to="registry.canvasspurpose",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.AlterField(
            model_name="canvass",
            name="square_miles",
            field=models.FloatField(verbose_name="square miles"),
        ),
        migrations.AlterField(
            model_name="canvass",
            name="purpose",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="canvasses", to="registry.canvasspurpose"
            ),
        ),
        migrations.AddIndex(
            model_name="canvass",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["created_at"], name="canvass_to_approve"
            ),
        ),
        migrations.AddIndex(
            model_name="canvass",
            index=models.Index(condition=models.Q(("state", "sent")), fields=["sent_at"], name="canvass_running"),
        ),
        migrations.AddConstraint(
            model_name="canvass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "waiting", "approved", "denied", "sent", "withdrawn", "expired", "closed"])
                ),
                name="canvass_state_in_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="canvass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__gt", models.F("starts_at")),
                    (
                        "ends_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("starts_at"), "+", models.Value(timedelta(days=2))
                        ),
                    ),
                ),
                name="canvass_window",
            ),
        ),
        migrations.AddConstraint(
            model_name="canvass",
            constraint=models.CheckConstraint(
                condition=models.Q(("square_miles__gt", 0), ("square_miles__lte", 2.0)), name="canvass_below_ceiling"
            ),
        ),
        migrations.AddConstraint(
            model_name="canvass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="canvass_withdrawn_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="canvass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True),
                        ("sent_at__isnull", True),
                        ("state__in", ("draft", "waiting", "approved", "denied")),
                    ),
                    models.Q(("closed_at__isnull", True), ("sent_at__isnull", False), ("state", "sent")),
                    models.Q(("sent_at__isnull", False), ("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                    models.Q(("expired_at__isnull", False), ("sent_at__isnull", False), ("state", "expired")),
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    _connector="OR",
                ),
                name="canvass_state_has_time",
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="camera",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.camera"
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="canvass",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="left_out", to="registry.canvass"
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="left_out_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at__isnull", True)), fields=("canvass",), name="approval_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="approval_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="approval_decided_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("granted__isnull", True)),
                    models.Q(("decided_at__isnull", False), ("granted__isnull", False)),
                    _connector="OR",
                ),
                name="approval_decided_either_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="approval_by_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("granted", False), _negated=True), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="approval_denial_has_note",
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.UniqueConstraint(fields=("canvass", "camera"), name="left_out_once"),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.CheckConstraint(
                condition=models.Q(("why__in", ["contacted", "involved", "view"])), name="left_out_why_in_list"
            ),
        ),
    ]
