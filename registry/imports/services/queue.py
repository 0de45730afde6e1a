"""Tells the workers that a whole file waits for its check. Losing this is harmless: the sweep finds the row."""

from uuid import UUID

from fusus_portal.notifications.publishing import broker

RECEIVE = "registry.receive_footage"
IMPORT = "registry.work_on_import"
EXPORT = "registry.make_export"


def offer(pk: UUID) -> bool:
    """Offer a file to the workers; return whether they will hear of it."""
    return broker.offer(pk, task=RECEIVE)


def offer_import(pk: UUID) -> bool:
    """Offer an import to the workers; return whether they will hear of it."""
    return broker.offer(pk, task=IMPORT)


def offer_export(pk: UUID) -> bool:
    """Offer a copy of the registry to the workers; return whether they will hear of it."""
    return broker.offer(pk, task=EXPORT)
