"""What the fields of payee and address say while they are empty. No table changes."""

from django.db import migrations, models

PAYEE = "Whoever pays an invoice writes this name on the check. While it is empty, that is the name of the office."
ADDRESS = "The whole address on one line, with the ZIP code. While it is empty, checks go where COREs are sent back."


def payee() -> models.CharField[str, str]:
    """Return the column of the payee."""
    return models.CharField("checks are made out to", blank=True, help_text=PAYEE, max_length=120)


def address() -> models.CharField[str, str]:
    """Return the column of the address."""
    return models.CharField("checks are sent to", blank=True, help_text=ADDRESS, max_length=200)


class Migration(migrations.Migration):
    dependencies = [("agency", "0005_name_in_spanish")]

    operations = [
        operation
        for model in ("agency", "historicalagency")
        for operation in (
            migrations.AlterField(model, "payee", payee()),
            migrations.AlterField(model, "check_address", address()),
        )
    ]
