"""Copies of the registry, brought as far as a test needs."""

import io
import zipfile

from registry.imports import table_storage
from registry.imports.models import RegistryExport
from registry.imports.services import exports
from tests.factories import person

REASON = "We move to another portal in May."


def proposed() -> RegistryExport:
    """Return a copy that one administrator asked for."""
    return exports.propose(reason=REASON, by=person("administrator"))


def approved() -> RegistryExport:
    """Return a copy that another administrator approved."""
    return exports.approve(export=proposed(), by=person("administrator"))


def ready() -> RegistryExport:
    """Return a copy that waits for the administrator who asked for it."""
    export = approved()
    exports.make(pk=export.pk)
    return RegistryExport.objects.select_related("proposed_by").get(pk=export.pk)


def files_of(export: RegistryExport) -> dict[str, bytes]:
    """Return the files in a copy that is ready."""
    with table_storage.open_table(export.key) as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
