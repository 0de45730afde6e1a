"""When an owner was asked after all: the next reminder waits from then."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0024_turned_down"),
    ]

    operations = [
        migrations.AddField(
            model_name="footagerequest",
            name="asked_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
