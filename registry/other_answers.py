"""Other ways in which a request can be answered, beside sending files: apps above the registry offer them.

Each registers once, in its `AppConfig.ready`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from registry.models import FootageRequest


@dataclass(frozen=True, slots=True)
class Offer:
    """One way. text: what it is, in a sentence. label: of the link that leads there, behind the owner's sign-in."""

    text: str
    label: str
    url: str


Offering = Callable[[FootageRequest], list[Offer]]

_offering: dict[str, Offering] = {}


def register(name: str, offering: Offering) -> None:
    """Add what an app offers. Doing it twice has one effect."""
    _offering[name] = offering


def offered(request: FootageRequest) -> list[Offer]:
    """Return how else a request can be answered."""
    return [offer for name in sorted(_offering) for offer in _offering[name](request)]
