"""Tells the workers that something waits for them. Losing this is harmless: the sweep finds the row."""

from uuid import UUID

from fusus_portal.notifications.publishing import broker

SEND_REFUND = "shop.send_refund"


def offer_refund(pk: UUID) -> bool:
    """Offer a refund to the workers; return whether they will hear of it."""
    return broker.offer(pk, task=SEND_REFUND)
