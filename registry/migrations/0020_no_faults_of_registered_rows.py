"""Rows of imports that were registered already leave no line any more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0019_words_of_assembly")]

    operations = [
        migrations.RunSQL(
            "DELETE FROM registry_importfault WHERE problem = 'there'", reverse_sql=migrations.RunSQL.noop
        ),
    ]
