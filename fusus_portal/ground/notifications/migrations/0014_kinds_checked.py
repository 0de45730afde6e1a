"""Every message is of a kind in the list, as in 0010."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0013_order_done"),
    ]

    operations = [ValidateConstraint(model_name="message", name="message_kind_in_list")]
