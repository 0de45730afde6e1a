"""Opening hours of a place, and the mode that shares its cameras at all other hours. Earlier rules stay as they are."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("integration", "0012_asked_after_all"),
        ("registry", "0026_asked_after_all"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("week", models.JSONField()),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="sharingrule",
            name="sharing_rule_mode_in_list",
        ),
        migrations.AlterField(
            model_name="historicalsharingrule",
            name="mode",
            field=models.CharField(
                choices=[
                    ("incident", "Always during a critical incident nearby"),
                    ("outside", "Outside opening hours, during a critical incident nearby"),
                    ("schedule", "At hours of its own, during a critical incident nearby"),
                    ("ask", "Only while I share it myself"),
                    ("never", "Never"),
                ],
                default="never",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="sharingrule",
            name="mode",
            field=models.CharField(
                choices=[
                    ("incident", "Always during a critical incident nearby"),
                    ("outside", "Outside opening hours, during a critical incident nearby"),
                    ("schedule", "At hours of its own, during a critical incident nearby"),
                    ("ask", "Only while I share it myself"),
                    ("never", "Never"),
                ],
                default="never",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="sharingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["incident", "outside", "schedule", "ask", "never"])),
                name="sharing_rule_mode_in_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(models.Q(("mode__in", ("outside", "schedule"))), models.Q(("week", []), _negated=True)),
                    models.Q(models.Q(("mode__in", ("outside", "schedule")), _negated=True), models.Q(("week", []))),
                    _connector="OR",
                ),
                name="sharing_rule_hours_of_their_modes",
            ),
        ),
        migrations.AddField(
            model_name="openinghours",
            name="premises",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="opening_hours", to="registry.premises"
            ),
        ),
    ]
