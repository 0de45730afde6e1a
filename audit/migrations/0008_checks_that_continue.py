"""How far each check of the ledger came, so that the next one continues; and which were of the whole log."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0007_mailed_searches")]
    operations = [
        migrations.AddField(
            model_name="selfcheck",
            name="is_whole",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="selfcheck",
            name="reached",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="selfcheck",
            name="ended_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), null=True),
        ),
    ]
