"""The limits of the shop that an agency may set, begun with the portal's own. It edits them later."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the row, and the line of history that later changes are compared with."""
    alias = schema_editor.connection.alias
    row = apps.get_model("shop", "ShopLimits").objects.using(alias).create()
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001
    past = apps.get_model("shop", "HistoricalShopLimits").objects.using(alias)
    past.create(history_type="+", history_date=timezone.now(), **columns)


class Migration(migrations.Migration):
    replaces = [("shop", "0010_limits")]
    dependencies = [("shop", "0004_money")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
