from django.db import migrations, models

HELP = "With its article: “la Oficina del Sheriff del Condado de Jefferson”. Empty: the name as it is."


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0004_announcements"),
    ]

    operations = [
        migrations.AddField(
            model_name=model,
            name="name_es",
            field=models.CharField(
                blank=True, help_text=HELP, max_length=120, verbose_name="name in Spanish sentences"
            ),
        )
        for model in ("agency", "historicalagency")
    ]
