"""What one person searches and sees around unverified incidents is counted; the agency sets how much that may be."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_first_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UnverifiedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name_plural": "unverified searches",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="UnverifiedSight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="historicallimits",
            name="unverified_incidents_a_day",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="Around so many incidents that nobody has verified one person searches without a supervisor.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)],
                verbose_name="unverified incidents searched in a day",
            ),
        ),
        migrations.AddField(
            model_name="historicallimits",
            name="unverified_owners_a_week",
            field=models.PositiveSmallIntegerField(
                default=50,
                help_text="So many owners around such incidents one person is shown without a supervisor.",
                validators=[
                    django.core.validators.MinValueValidator(25),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="owners shown in a week",
            ),
        ),
        migrations.AddField(
            model_name="limits",
            name="unverified_incidents_a_day",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="Around so many incidents that nobody has verified one person searches without a supervisor.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)],
                verbose_name="unverified incidents searched in a day",
            ),
        ),
        migrations.AddField(
            model_name="limits",
            name="unverified_owners_a_week",
            field=models.PositiveSmallIntegerField(
                default=50,
                help_text="So many owners around such incidents one person is shown without a supervisor.",
                validators=[
                    django.core.validators.MinValueValidator(25),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="owners shown in a week",
            ),
        ),
        migrations.AddConstraint(
            model_name="limits",
            constraint=models.CheckConstraint(
                condition=models.Q(("unverified_incidents_a_day__gte", 1), ("unverified_incidents_a_day__lte", 5)),
                name="limits_unverified_incidents_a_day_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="limits",
            constraint=models.CheckConstraint(
                condition=models.Q(("unverified_owners_a_week__gte", 25), ("unverified_owners_a_week__lte", 100)),
                name="limits_unverified_owners_a_week_range",
            ),
        ),
        migrations.AddField(
            model_name="unverifiedsearch",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="unverifiedsearch",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="unverified_searches", to="registry.incident"
            ),
        ),
        migrations.AddField(
            model_name="unverifiedsight",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="unverifiedsight",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="unverified_sights", to="registry.incident"
            ),
        ),
        migrations.AddField(
            model_name="unverifiedsight",
            name="registrant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.registrant"
            ),
        ),
        migrations.AddIndex(
            model_name="unverifiedsearch",
            index=models.Index(fields=["by", "at"], name="unverified_search_recent"),
        ),
        migrations.AddConstraint(
            model_name="unverifiedsight",
            constraint=models.UniqueConstraint(fields=("by", "incident", "registrant"), name="unverified_sight_once"),
        ),
    ]
