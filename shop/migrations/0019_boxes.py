"""The box of a parcel, as a clerk says it; earlier parcels have none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0018_refunded_before"),
    ]

    operations = [
        migrations.AddField(
            model_name="shipment",
            name="box",
            field=models.CharField(
                blank=True,
                choices=[
                    ("envelope", "Padded envelope"),
                    ("small", "Small box"),
                    ("medium", "Medium box"),
                    ("large", "Large box"),
                ],
                max_length=10,
                verbose_name="box",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(("box__in", ["", "envelope", "small", "medium", "large"])),
                name="shipment_box_in_list",
            ),
        ),
    ]
