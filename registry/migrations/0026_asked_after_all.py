"""When an owner was asked after all: the next reminder waits from then."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0025_turned_down_before"),
    ]

    operations = [
        migrations.AddField(
            model_name="footagerequest",
            name="asked_after_all_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
