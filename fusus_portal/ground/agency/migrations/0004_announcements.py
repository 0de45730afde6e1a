"""Each version of a text is announced before it holds, and the sharing agreement's second one names broken glass."""

import uuid
from datetime import timedelta
from pathlib import Path

import django.db.models.expressions
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FOLDER = Path(__file__).resolve().parents[1] / "first_documents"

STAYS = """
CREATE TRIGGER agency_announcement_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON agency_announcement
  FOR EACH STATEMENT EXECUTE FUNCTION audit_guard.refuse_change();
"""


def announce_known(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write that what was published before this holds since then."""
    document, announcement = (apps.get_model("agency", name) for name in ("Document", "Announcement"))
    alias = schema_editor.connection.alias
    for known in document.objects.using(alias).order_by("published_at"):
        times = {"announced_at": known.published_at, "holds_from": known.published_at}
        announcement.objects.using(alias).create(name=known.kind, number=known.number, **times)


def name_glass(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Publish the portal's second agreement where its first one is in force; an office's own text stays.

    Who relied on the words before is written to by the task that announces; where nobody registered yet, the new ones
    hold at once.
    """
    document, announcement = (apps.get_model("agency", name) for name in ("Document", "Announcement"))
    alias = schema_editor.connection.alias
    published = []
    if document.objects.using(alias).filter(kind="sharing").count() == 1:
        texts = {f"text_{code}": (FOLDER / f"sharing-2.{code}.txt").read_text("utf-8").strip() for code in ("en", "es")}
        document.objects.using(alias).create(kind="sharing", number=2, names_glass=True, **texts)
        published.append("sharing")
    if not _is_used(schema_editor):
        now = django.utils.timezone.now()
        for name in [*published, "promises"]:
            announcement.objects.using(alias).create(name=name, number=2, announced_at=now, holds_from=now)


def _is_used(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    """Tell whether anybody has registered; this app is below the one that knows."""
    with schema_editor.connection.cursor() as cursor:
        if "registry_registrant" not in schema_editor.connection.introspection.table_names(cursor):
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM registry_registrant)")
        return bool(cursor.fetchone()[0])


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0003_where_checks_and_cores_go"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=10)),
                ("number", models.PositiveIntegerField()),
                ("announced_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("holds_from", models.DateTimeField(editable=False)),
                ("told", models.PositiveIntegerField(default=0, editable=False)),
            ],
        ),
        migrations.AddField(
            model_name="document",
            name="names_glass",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("names_glass", False), ("kind", "sharing"), _connector="OR"),
                name="document_names_glass_where_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.UniqueConstraint(fields=("name", "number"), name="announcement_once"),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__in", ["terms", "privacy", "sharing", "promises"])),
                name="announcement_of_known_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gt", 0)), name="announcement_number_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("holds_from__gte", models.F("announced_at")), ("told", 0)),
                    (
                        "holds_from__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("announced_at"), "+", models.Value(timedelta(days=14))
                        ),
                    ),
                    _connector="OR",
                ),
                name="announcement_before_it_holds",
            ),
        ),
        migrations.RunSQL(STAYS),
        migrations.RunPython(announce_known, migrations.RunPython.noop),
        migrations.RunPython(name_glass, migrations.RunPython.noop),
    ]
