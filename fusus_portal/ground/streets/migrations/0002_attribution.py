"""Whose data a loading is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("streets", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="streetdata",
            name="attribution",
            field=models.CharField(default="U.S. Census Bureau and county data", max_length=200),
        ),
    ]
