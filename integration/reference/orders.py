"""What a CORE is ordered to send of its cameras, as a poll or the line says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Order:
    """One camera to send. until: in seconds of Unix, the portal's clock.

    relay: the address for one upload, "" for none. hls: whether pieces are wanted. address: where these go, with a
    slash at its end.
    """

    stream: str
    channel: str
    address: str
    token: str
    until: float
    relay: str
    hls: bool


def read_order(said: Mapping[str, Any], *, root: str) -> Order:
    """Return an order as a poll or the line says it. root: the portal's address without a slash at its end."""
    return Order(
        stream=said["stream"],
        channel=said["channel"],
        address=root + said["put"],
        token=said["token"],
        until=float(said["until"]),
        relay=said.get("relay", ""),
        hls=said.get("hls", True),
    )
