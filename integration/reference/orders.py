"""Orders of a CORE to send its cameras, from a poll or the line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Order:
    """One camera to send. until: Unix seconds by the portal's clock.

    relay: the address for one upload, "" for none. hls: pieces are wanted. address: their folder, with a slash at its
    end.
    """

    stream: str
    channel: str
    address: str
    token: str
    until: float
    relay: str
    hls: bool


def read_order(said: Mapping[str, Any], *, root: str) -> Order:
    """Return an order of a poll or the line. root: the portal's address without a slash at its end."""
    return Order(
        stream=said["stream"],
        channel=said["channel"],
        address=root + said["put"],
        token=said["token"],
        until=float(said["until"]),
        relay=said.get("relay", ""),
        hls=said.get("hls", True),
    )
