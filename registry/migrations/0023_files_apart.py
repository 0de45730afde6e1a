"""A file that is looked at and given elsewhere than on the page of its request's link."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0022_seen_replies"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="is_apart",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
