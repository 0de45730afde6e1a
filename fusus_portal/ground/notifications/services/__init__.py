"""What the other apps ask of the outbox; its delivery is `delivery`'s."""

from fusus_portal.ground.notifications.services.outbox import (
    Letter,
    preview,
    preview_each,
    readdress,
    send,
    send_many,
    withdraw_many,
    withdraw_to,
)

__all__ = [
    "Letter",
    "preview",
    "preview_each",
    "readdress",
    "send",
    "send_many",
    "withdraw_many",
    "withdraw_to",
]
