"""Versions of terms and privacy statement, which the database keeps as they are, and sentences around messages."""

import uuid
from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FOLDER = Path(__file__).resolve().parents[1] / "first_documents"

STAYS = """
CREATE TRIGGER agency_document_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON agency_document
  FOR EACH STATEMENT EXECUTE FUNCTION audit_guard.refuse_change();
"""


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Publish the first version of each document, in both languages."""
    document = apps.get_model("agency", "Document")
    for kind in ("terms", "privacy"):
        texts = {f"text_{code}": (FOLDER / f"{kind}.{code}.txt").read_text("utf-8").strip() for code in ("en", "es")}
        document.objects.using(schema_editor.connection.alias).create(kind=kind, number=1, **texts)


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0001_agency"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalMessageText",
            fields=[
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("kind", models.CharField(max_length=40)),
                ("language", models.CharField(choices=[("en", "English"), ("es", "Spanish")], max_length=2)),
                ("opening", models.CharField(blank=True, max_length=240, verbose_name="first sentence")),
                ("closing", models.CharField(blank=True, max_length=240, verbose_name="last sentence")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical message text",
                "verbose_name_plural": "historical message texts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="MessageText",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("language", models.CharField(choices=[("en", "English"), ("es", "Spanish")], max_length=2)),
                ("opening", models.CharField(blank=True, max_length=240, verbose_name="first sentence")),
                ("closing", models.CharField(blank=True, max_length=240, verbose_name="last sentence")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "language"), name="message_text_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind", ""), _negated=True), name="message_text_has_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "es"])), name="message_text_language_in_list"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("terms", "Terms of use"), ("privacy", "Privacy statement")], max_length=10
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "text_en",
                    models.TextField(
                        validators=[
                            django.core.validators.MinLengthValidator(200),
                            django.core.validators.MaxLengthValidator(40000),
                        ],
                        verbose_name="English text",
                    ),
                ),
                (
                    "text_es",
                    models.TextField(
                        validators=[
                            django.core.validators.MinLengthValidator(200),
                            django.core.validators.MaxLengthValidator(40000),
                        ],
                        verbose_name="Spanish text",
                    ),
                ),
                (
                    "publisher",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "number"), name="document_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["terms", "privacy"])), name="document_kind_in_list"
                    ),
                    models.CheckConstraint(condition=models.Q(("number__gt", 0)), name="document_number_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text_en", ""), _negated=True), models.Q(("text_es", ""), _negated=True)
                        ),
                        name="document_has_both_texts",
                    ),
                ],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunSQL(STAYS),
    ]
