"""A message says when a worker was last told of it; what was sent last is found by its channel.

The index is made while messages are written: the table grows with each one, and a lock of it would hold up every act
that writes to somebody.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index is made beside writers only outside of a transaction

    dependencies = [
        ("notifications", "0006_core_notices"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="offered_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        # Making it waits for every transaction that runs, however long. A try that was broken off left one that is none.
        migrations.RunSQL("SET lock_timeout = 0"),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS message_sent"),
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "sent")), fields=["channel", "sent_at"], name="message_sent"
            ),
        ),
        migrations.RunSQL("RESET lock_timeout"),
    ]
