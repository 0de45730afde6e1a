"""Room for drafts of characters that JSON writes as six."""

import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0020_no_faults_of_registered_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="registrationdraft",
            name="registration_draft_is_bounded",
        ),
        migrations.AddConstraint(
            model_name="registrationdraft",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast(models.F("typed"), models.TextField())
                    ),
                    100000,
                ),
                name="registration_draft_is_bounded",
            ),
        ),
    ]
