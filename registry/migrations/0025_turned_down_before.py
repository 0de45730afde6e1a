"""Answers without footage from before the column, apart from it: its lock would shut out every reader meanwhile."""

from django.db import migrations

KNOWN = """
UPDATE registry_footagerequest SET turned_down_at = replied_at
  WHERE state IN ('declined', 'none') AND turned_down_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0024_turned_down"),
    ]

    operations = [
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
