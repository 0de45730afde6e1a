"""Three unverified incidents a day with a search; a search says which bound it was beyond, and showed nothing then."""

import django.core.validators
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

BEFORE, NOW = 1, 3


def follow_default(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give agencies that never chose a number the new one. Who chose one, even that of before, keeps it."""
    alias, name = schema_editor.connection.alias, "unverified_incidents_a_day"
    past = apps.get_model("registry", "HistoricalLimits").objects.using(alias)
    for row in apps.get_model("registry", "Limits").objects.using(alias).filter(**{name: BEFORE}):
        if past.filter(id=row.pk).exclude(**{name: BEFORE}).exists():
            continue
        row.unverified_incidents_a_day = NOW
        row.revision += 1
        row.save(update_fields=[name, "revision"])
        columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001
        past.create(history_type="~", history_date=timezone.now(), **columns)


A_DAY = models.PositiveSmallIntegerField(
    default=NOW,
    help_text="Beyond this a supervisor verifies one of them, or approves the canvass.",
    validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)],
    verbose_name="unverified incidents one person may search per day",
)
A_WEEK = models.PositiveSmallIntegerField(
    default=50,
    help_text="Beyond this a supervisor verifies the incident, or approves the canvass.",
    validators=[django.core.validators.MinValueValidator(25), django.core.validators.MaxValueValidator(100)],
    verbose_name="owners one person may be shown around them per week",
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0020_letters_of_their_clerk")]

    operations = [
        migrations.AddField(
            model_name="unverifiedsearch",
            name="bound",
            field=models.CharField(
                blank=True,
                choices=[("", "None"), ("day", "Day"), ("week", "Week"), ("wide", "Wide")],
                default="",
                editable=False,
                max_length=4,
            ),
        ),
        migrations.AddConstraint(
            model_name="unverifiedsearch",
            constraint=models.CheckConstraint(
                condition=models.Q(("bound__in", ["", "day", "week", "wide"])), name="unverified_search_bound_in_list"
            ),
        ),
        *(
            migrations.AlterField(model_name=model, name=name, field=field)
            for model in ("historicallimits", "limits")
            for name, field in (("unverified_incidents_a_day", A_DAY), ("unverified_owners_a_week", A_WEEK))
        ),
        migrations.RunPython(follow_default, migrations.RunPython.noop),
    ]
