"""A clip is on its way before it is given: its owner looks at it first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("integration", "0010_glass_by_rule"),
    ]

    operations = [
        migrations.AlterField(
            model_name="clip",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Waits for the owner"),
                    ("ordered", "On its way"),
                    ("sent", "Sent"),
                    ("failed", "There is no such recording"),
                ],
                default="asked",
                editable=False,
                max_length=10,
            ),
        ),
    ]
