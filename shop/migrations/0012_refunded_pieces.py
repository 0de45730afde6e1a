"""Refunded pieces are a count of a line. Its constraint is held unread, so that orders are read meanwhile; 0013 reads it."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0011_services_done")]
    operations = [
        migrations.AddField(
            model_name="orderline",
            name="refunded",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="refundline",
            name="pieces",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        AddConstraintNotValid(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("refunded__lte", models.F("quantity"))), name="order_line_refunded"
            ),
        ),
    ]
