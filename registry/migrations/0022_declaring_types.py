"""Types whose incidents are critical by themselves when dispatch sends them. None is, until an agency says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0021_longer_drafts")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="declares",
            field=models.BooleanField(default=False, verbose_name="critical by itself"),
        )
        for name in ("incidenttype", "historicalincidenttype")
    ]
