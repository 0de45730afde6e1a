"""Whether an owner wants a summary of each month, and which month was told last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0011_reasons_for_owners"),
    ]

    operations = [
        migrations.AddField(
            model_name="noticesettings",
            name="month_told",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="noticesettings",
            name="monthly",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="noticesettings",
            index=models.Index(
                condition=models.Q(("monthly", True)), fields=["month_told", "id"], name="notices_month_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticesettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("monthly", False), ("month_told__isnull", False), _connector="OR"),
                name="notices_monthly_from",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticesettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("month_told__isnull", True), ("month_told__day", 1), _connector="OR"),
                name="notices_month_first_day",
            ),
        ),
    ]
