"""The tables of the public figures. Who may change what of them is in 0002_rights."""

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
            name="CountedDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("root", models.CharField(max_length=44)),
                ("published_at", models.DateTimeField()),
                ("counted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="DayFigure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("figure", models.CharField(max_length=32)),
                ("number", models.BigIntegerField()),
                ("incidents", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="FigureDoubt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("figure", models.CharField(blank=True, max_length=32)),
                ("kept", models.BigIntegerField()),
                ("counted", models.BigIntegerField()),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("cleared_at", models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FigureReview",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("release", "Reviewed and released"),
                            ("delay", "Newer days held back"),
                            ("note", "Note added"),
                        ],
                        max_length=10,
                    ),
                ),
                ("through", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("note_en", models.CharField(blank=True, max_length=1000)),
                ("note_es", models.CharField(blank=True, max_length=1000)),
                ("shown_as", models.CharField(blank=True, max_length=150)),
                ("role", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="MonthFigure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("figure", models.CharField(max_length=32)),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("rest", "Other days"),
                            ("crime", "Kind of crime or emergency"),
                            ("premises", "Kind of place"),
                            ("area", "ZIP code"),
                            ("condition", "Condition"),
                        ],
                        max_length=16,
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=64)),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="FigureReport",
            fields=[
                (
                    "counted",
                    models.OneToOneField(
                        db_column="day",
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="report",
                        serialize=False,
                        to="figures.countedday",
                    ),
                ),
                ("content", models.JSONField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="countedday",
            constraint=models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="counted_day_size"),
        ),
        migrations.AddField(
            model_name="dayfigure",
            name="counted",
            field=models.ForeignKey(
                db_column="day",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="figures",
                to="figures.countedday",
            ),
        ),
        migrations.AddConstraint(
            model_name="figuredoubt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cleared_at__isnull", True)),
                fields=("day", "figure"),
                name="figure_doubt_once_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="figuredoubt",
            constraint=models.CheckConstraint(
                condition=models.Q(("cleared_at", None), ("cleared_at__gte", models.F("found_at")), _connector="OR"),
                name="figure_doubt_cleared_later",
            ),
        ),
        migrations.AddField(
            model_name="figurereview",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="monthfigure",
            name="closed",
            field=models.ForeignKey(
                db_column="closed",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="months",
                to="figures.countedday",
            ),
        ),
        migrations.AddConstraint(
            model_name="dayfigure",
            constraint=models.UniqueConstraint(fields=("counted", "figure"), name="day_figure_once"),
        ),
        migrations.AddConstraint(
            model_name="dayfigure",
            constraint=models.CheckConstraint(condition=models.Q(("number__gt", 0)), name="day_figure_number"),
        ),
        migrations.AddConstraint(
            model_name="figurereview",
            constraint=models.CheckConstraint(
                condition=models.Q(("act__in", ["release", "delay", "note"])), name="figure_review_act"
            ),
        ),
        migrations.AddConstraint(
            model_name="figurereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act", "delay"), ("until__gt", models.F("through")), ("until__isnull", False)),
                    models.Q(models.Q(("act", "delay"), _negated=True), ("until", None)),
                    _connector="OR",
                ),
                name="figure_review_delay_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="figurereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("note_en", ""), ("note_es", "")),
                    models.Q(models.Q(("note_en", ""), _negated=True), models.Q(("note_es", ""), _negated=True)),
                    _connector="OR",
                ),
                name="figure_review_note_in_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="figurereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act", "note"), _negated=True), models.Q(("note_en", ""), _negated=True), _connector="OR"
                ),
                name="figure_review_note_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="monthfigure",
            constraint=models.UniqueConstraint(
                fields=("closed", "figure", "dimension", "value"), name="month_figure_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="monthfigure",
            constraint=models.CheckConstraint(condition=models.Q(("number__gt", 0)), name="month_figure_number"),
        ),
        migrations.AddConstraint(
            model_name="monthfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("dimension__in", ["rest", "crime", "premises", "area", "condition"])),
                name="month_figure_dimension",
            ),
        ),
    ]
