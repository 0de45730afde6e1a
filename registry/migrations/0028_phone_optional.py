"""A registration without a phone number, which then allows no calls."""

from django.db import migrations, models
from django.db.models import Q

PHONE = models.CharField(blank=True, max_length=20, verbose_name="phone number")


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0027_sent_back"),
    ]

    operations = [
        migrations.AlterField(model_name="registrant", name="phone", field=PHONE),
        migrations.AlterField(model_name="historicalregistrant", name="phone", field=PHONE),
        migrations.AddConstraint(
            model_name="registrant",
            constraint=models.CheckConstraint(
                condition=~Q(contact_way="call") | ~Q(phone=""), name="registrant_call_has_phone"
            ),
        ),
    ]
