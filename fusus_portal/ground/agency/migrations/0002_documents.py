"""Terms, privacy statement, sharing agreement: the database keeps each version as it is.

The first version of each comes with the portal.
"""

from pathlib import Path

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FOLDER = Path(__file__).resolve().parents[1] / "first_documents"

STAYS = """
CREATE TRIGGER agency_document_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON agency_document
  FOR EACH STATEMENT EXECUTE FUNCTION audit_guard.refuse_change();
"""


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Publish the first version of each document, in both languages."""
    document = apps.get_model("agency", "Document")
    for kind in ("terms", "privacy", "sharing"):
        texts = {f"text_{code}": (FOLDER / f"{kind}.{code}.txt").read_text("utf-8").strip() for code in ("en", "es")}
        document.objects.using(schema_editor.connection.alias).create(kind=kind, number=1, **texts)


class Migration(migrations.Migration):
    replaces = [("agency", "0002_documents_and_texts"), ("agency", "0003_sharing_agreement")]
    dependencies = [("agency", "0001_initial")]
    operations = [
        migrations.RunSQL(STAYS),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
