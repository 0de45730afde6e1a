"""What the other apps ask of the outbox; its delivery is `delivery`'s."""

from fusus_portal.ground.notifications.services.outbox import (
    Letter,
    enqueue,
    enqueue_many,
    preview,
    preview_each,
    readdress,
    withdraw_many,
    withdraw_to,
)

__all__ = [
    "Letter",
    "enqueue",
    "enqueue_many",
    "preview",
    "preview_each",
    "readdress",
    "withdraw_many",
    "withdraw_to",
]
