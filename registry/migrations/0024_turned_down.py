"""When an owner last answered without footage: it holds for what they had ordered before, whatever comes later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0023_files_apart"),
    ]

    operations = [
        migrations.AddField(
            model_name="footagerequest",
            name="turned_down_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
