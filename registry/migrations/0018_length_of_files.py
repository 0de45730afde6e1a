from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0017_incident_goes_on"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="seconds",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
    ]
