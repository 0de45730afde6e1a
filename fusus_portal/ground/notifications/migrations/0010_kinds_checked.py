"""Every message is of a kind in the list: read beside writers, in a transaction after those that began to hold it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0009_words_change"),
    ]

    operations = [ValidateConstraint(model_name="message", name="message_kind_in_list")]
