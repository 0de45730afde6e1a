"""The sharing agreement is a document as terms and privacy statement are; its first version comes with the portal."""

from pathlib import Path

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FOLDER = Path(__file__).resolve().parents[1] / "first_documents"


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Publish its first version, in both languages."""
    texts = {f"text_{code}": (FOLDER / f"sharing.{code}.txt").read_text("utf-8").strip() for code in ("en", "es")}
    document = apps.get_model("agency", "Document")
    document.objects.using(schema_editor.connection.alias).create(kind="sharing", number=1, **texts)


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0002_documents_and_texts"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="document", name="document_kind_in_list"),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("terms", "Terms of use"),
                    ("privacy", "Privacy statement"),
                    ("sharing", "Sharing agreement"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["terms", "privacy", "sharing"])), name="document_kind_in_list"
            ),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
