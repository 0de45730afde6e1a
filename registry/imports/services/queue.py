"""Tells the workers of an import or a copy of the registry. Losing this is harmless: the sweep finds the row."""

from uuid import UUID

from fusus_portal.ground.notifications.publishing import broker

IMPORT = "registry.work_on_import"
EXPORT = "registry.make_export"


def offer_import(pk: UUID) -> bool:
    """Offer an import to the workers; return whether they will hear of it."""
    return broker.offer(pk, task=IMPORT)


def offer_export(pk: UUID) -> bool:
    """Offer a copy of the registry to the workers; return whether they will hear of it."""
    return broker.offer(pk, task=EXPORT)
