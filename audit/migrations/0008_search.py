"""What the auditors' console keeps, and what lets it search: two indexes of a byte an entry.

Both are BRIN: for each stretch of the table they hold its bounds and, as a bloom filter, which words occur in it, so a
search for a rare event, area or address reads the few stretches that may hold it. They are neither unique nor partial,
so the seal of the log does not mind them.
"""

import uuid

import django.contrib.postgres.fields
import django.utils.timezone
from django.db import migrations, models

SEARCH = """
CREATE INDEX audit_entry_search ON audit_entry USING brin (
    id,
    event text_bloom_ops (n_distinct_per_range = 200),
    outcome text_bloom_ops (n_distinct_per_range = 16),
    actor_role text_bloom_ops (n_distinct_per_range = 16),
    subject_kind text_bloom_ops (n_distinct_per_range = 50),
    area text_bloom_ops (n_distinct_per_range = 200),
    offence_type text_bloom_ops (n_distinct_per_range = 100),
    sign_in text_bloom_ops (n_distinct_per_range = 400)
) WITH (pages_per_range = 128, autosummarize = on);
CREATE INDEX audit_detail_search ON audit_detail USING brin (
    at,
    text text_bloom_ops (n_distinct_per_range = 2000)
) WITH (pages_per_range = 64, autosummarize = on);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0007_watching")]
    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=1000)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "db_table": "audit_filter",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="audit_filter_once"),
                    models.CheckConstraint(
                        condition=models.Q(("owner", ""), _negated=True) & models.Q(("name", ""), _negated=True),
                        name="audit_filter_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogPrint",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("owner", models.CharField(max_length=64)),
                ("said", models.TextField()),
                ("query", models.CharField(blank=True, max_length=1000)),
                ("entries", django.contrib.postgres.fields.ArrayField(models.BigIntegerField())),
                ("checkpoint", models.BigIntegerField()),
                ("key", models.CharField(blank=True, max_length=64)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "db_table": "audit_print",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), ("made_at__isnull", True))
                        | models.Q(
                            ("begun_at__isnull", False),
                            ("made_at__isnull", False),
                            models.Q(("key", ""), _negated=True),
                        ),
                        name="audit_print_made_has_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made_at__isnull", True)) | models.Q(("failed_at__isnull", True)),
                        name="audit_print_made_or_failed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("begun_at__isnull", True))
                        | models.Q(("begun_at__gte", models.F("asked_at"))),
                        name="audit_print_begun_later",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SEARCH),
    ]
