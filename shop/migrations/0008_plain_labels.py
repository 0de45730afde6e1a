"""Labels as people say them. No table changes."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models

MOST_OF_ONE = {
    "verbose_name": "units of one product in an order",
    "default": 100,
    "help_text": "Whoever needs more calls first.",
    "validators": [MinValueValidator(1), MaxValueValidator(100)],
}


class Migration(migrations.Migration):
    dependencies = [("shop", "0007_product_facts_and_cards")]

    operations = [
        migrations.AlterField("order", "ship_name", models.CharField("recipient", max_length=120)),
        migrations.AlterField("discount", "from_quantity", models.PositiveSmallIntegerField("smallest quantity")),
        migrations.AlterField("stockmovement", "change", models.IntegerField("change")),
        migrations.AlterField("taxrate", "ends_on", models.DateField("ends before", blank=True, null=True)),
        migrations.AlterField("deductionschedule", "lowest", models.PositiveSmallIntegerField("smallest refund")),
        migrations.AlterField("return", "note", models.CharField("findings", blank=True, max_length=400)),
        migrations.AlterField("shoplimits", "most_of_one", models.PositiveSmallIntegerField(**MOST_OF_ONE)),
        migrations.AlterField("historicalshoplimits", "most_of_one", models.PositiveSmallIntegerField(**MOST_OF_ONE)),
    ]
