"""Whether owners read typed reasons, and from which moment on. Off where nobody turns it on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0010_plain_labels"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicallimits",
            name="reasons_from",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="owners read reasons typed from"
            ),
        ),
        migrations.AddField(
            model_name="historicallimits",
            name="shows_reasons",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Owners read why somebody searched, asked or looked, and live views that their own pause or rule refused: "
                    "of acts from half a day after you turn this on, a quarter of an hour after each. Deputies are told beside "
                    "each field. A supervisor's delay covers these too. Turning it off hides the reasons again."
                ),
                verbose_name="show owners the typed reasons",
            ),
        ),
        migrations.AddField(
            model_name="limits",
            name="reasons_from",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="owners read reasons typed from"
            ),
        ),
        migrations.AddField(
            model_name="limits",
            name="shows_reasons",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Owners read why somebody searched, asked or looked, and live views that their own pause or rule refused: "
                    "of acts from half a day after you turn this on, a quarter of an hour after each. Deputies are told beside "
                    "each field. A supervisor's delay covers these too. Turning it off hides the reasons again."
                ),
                verbose_name="show owners the typed reasons",
            ),
        ),
        migrations.AddConstraint(
            model_name="limits",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reasons_from__isnull", False), ("shows_reasons", True)),
                    models.Q(("reasons_from__isnull", True), ("shows_reasons", False)),
                    _connector="OR",
                ),
                name="limits_reasons_pair",
            ),
        ),
    ]
