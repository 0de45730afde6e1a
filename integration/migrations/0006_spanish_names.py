"""What a kind of CORE is called in Spanish; "" for the same name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integration", "0005_confirmed_places")]

    operations = [
        migrations.AddField(each, "name_es", models.CharField("name in Spanish", blank=True, max_length=80))
        for each in ("coremodel", "historicalcoremodel")
    ]
