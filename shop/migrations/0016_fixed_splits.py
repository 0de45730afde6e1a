"""How much of a return comes off the invoice is fixed with its refund. As in 0012, 0017 reads the constraint."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0015_off_by_clerks_kept")]
    operations = [
        migrations.AddField(
            model_name="return",
            name="off",
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        AddConstraintNotValid(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("off__isnull", True),
                    models.Q(("off__gte", 0), ("off__lte", models.F("refund")), ("refund__isnull", False)),
                    _connector="OR",
                ),
                name="return_off",
            ),
        ),
    ]
