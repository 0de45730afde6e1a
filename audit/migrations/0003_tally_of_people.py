"""Counts repeated refusals of people who are known, beside those of visitors."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_guard"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="audittally",
            name="audit_tally_once",
        ),
        migrations.AddField(
            model_name="audittally",
            name="actor_id",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="audittally",
            name="actor_kind",
            field=models.CharField(default="visitor", max_length=16),
        ),
        migrations.AddField(
            model_name="audittally",
            name="actor_pseudonym",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="audittally",
            name="actor_role",
            field=models.CharField(default="visitor", max_length=32),
        ),
        migrations.AddField(
            model_name="audittally",
            name="subject_id",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="audittally",
            name="subject_kind",
            field=models.CharField(default="visitor", max_length=32),
        ),
        migrations.AddConstraint(
            model_name="audittally",
            constraint=models.UniqueConstraint(
                fields=("minute", "event", "address", "actor_kind", "actor_id", "subject_kind", "subject_id"),
                name="audit_tally_once",
            ),
        ),
    ]
