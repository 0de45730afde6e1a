"""What the other apps ask of the outbox; its delivery is `delivery`'s."""

from fusus_portal.notifications.services.outbox import (
    PREVIEW_NUMBER,
    Letter,
    enqueue,
    enqueue_many,
    preview,
    withdraw,
    withdraw_many,
    withdraw_to,
)

__all__ = [
    "PREVIEW_NUMBER",
    "Letter",
    "enqueue",
    "enqueue_many",
    "preview",
    "withdraw",
    "withdraw_many",
    "withdraw_to",
]
