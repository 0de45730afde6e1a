"""Other ways in which a request can be answered, beside sending files: apps above the registry offer and follow them.

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


@dataclass(frozen=True, slots=True)
class Others:
    """What an app says of a request. offers: what waits for a press. given: what was given, in a sentence, or ""."""

    offers: list[Offer]
    given: str


Answering = Callable[[FootageRequest], Others]

_answering: dict[str, Answering] = {}


def register(name: str, answering: Answering) -> None:
    """Add what an app offers. Doing it twice has one effect."""
    _answering[name] = answering


def of_request(request: FootageRequest) -> Others:
    """Return how else a request can be answered, and what was given so."""
    found = [_answering[name](request) for name in sorted(_answering)]
    offers = [offer for others in found for offer in others.offers]
    return Others(offers, " ".join(others.given for others in found if others.given))
