from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0008_imports")]
    operations = [
        migrations.AddField("message", "waits_for", models.BigIntegerField(blank=True, null=True)),
    ]
