"""The tables of the annual report. Who may change what of them is in 0002_guard."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnnualReport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("texts", models.JSONField()),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("shown_as", models.CharField(blank=True, max_length=150)),
                ("role", models.CharField(max_length=32)),
                ("released_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("paper_hash", models.CharField(max_length=64)),
                (
                    "released_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "-number"],
            },
        ),
        migrations.CreateModel(
            name="AnnualPaper",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="paper",
                        serialize=False,
                        to="annual.annualreport",
                    ),
                ),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="AnnualText",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("year", models.PositiveSmallIntegerField()),
                ("part", models.CharField(max_length=20)),
                ("text", models.CharField(blank=True, max_length=10000)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="annualreport",
            constraint=models.UniqueConstraint(fields=("year", "number"), name="annual_report_number_once"),
        ),
        migrations.AddConstraint(
            model_name="annualreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", 2000), ("year__lte", 9999)), name="annual_report_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="annualreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", 1), ("reason", "")),
                    models.Q(("number__gt", 1), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="annual_report_correction_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="annualreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("paper_hash__regex", "^[0-9a-f]{64}$")), name="annual_report_paper_hash"
            ),
        ),
        migrations.AddConstraint(
            model_name="annualtext",
            constraint=models.UniqueConstraint(fields=("year", "part"), name="annual_text_once"),
        ),
        migrations.AddConstraint(
            model_name="annualtext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "part__in",
                        [
                            "use",
                            "sharing",
                            "sources",
                            "places",
                            "complaints",
                            "audits",
                            "breaches",
                            "effectiveness",
                            "records",
                            "cost",
                            "changes",
                            "products",
                        ],
                    )
                ),
                name="annual_text_part_in_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="annualtext",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", 2000), ("year__lte", 9999)), name="annual_text_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="annualtext",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), ("revision__gt", 0), _connector="OR"), name="annual_text_written"
            ),
        ),
    ]
