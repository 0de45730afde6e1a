"""Wrong tries end no activation code any more: they are counted, however many."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integration", "0002_view_guard")]

    operations = [
        migrations.RemoveConstraint(model_name="activationcode", name="activation_code_tries"),
        migrations.AlterField(
            model_name="activationcode", name="tries", field=models.PositiveBigIntegerField(default=0)
        ),
    ]
