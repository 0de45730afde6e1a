"""What else waits for somebody on the console's start page: told by the apps above, in their `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from fusus_portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits. kind: the tag's kind (good, warn, quiet)."""

    tag: str | Promise
    kind: str
    text: str
    url: str


Source = Callable[[User], list[Waiting]]

_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Add an app. Doing it twice has one effect."""
    _sources[name] = source


def waiting_for(user: User) -> list[Waiting]:
    """Return what waits for a person in the apps above."""
    return [found for name in sorted(_sources) for found in _sources[name](user)]
