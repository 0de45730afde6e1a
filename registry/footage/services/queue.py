"""Tells the workers that a whole file waits for its check. Losing this is harmless: the sweep finds the row."""

from uuid import UUID

from fusus_portal.ground.notifications.publishing import broker

RECEIVE = "registry.receive_footage"


def offer(pk: UUID) -> bool:
    """Offer a file to the workers; return whether they will hear of it."""
    return broker.offer(pk, task=RECEIVE)
