"""Which versions of terms and privacy statement people agreed to."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0002_documents_and_texts"),
        ("registry", "0016_moving"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("agreed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agency.document"
                    ),
                ),
                (
                    "registrant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="agreements", to="registry.registrant"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("registrant", "document"), name="agreement_once")],
            },
        ),
    ]
