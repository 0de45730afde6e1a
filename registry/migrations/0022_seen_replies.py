"""Which replies were seen by whom: what was seen waits for nobody."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0021_second_call"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplySeen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("replied_at", models.DateTimeField(editable=False)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seen",
                        to="registry.footagerequest",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "replies seen",
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("request", "person"), name="reply_seen_once")],
            },
        ),
    ]
