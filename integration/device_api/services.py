"""What a CORE is told to do when it polls, besides sending video. Each source says what it wants; none writes anything.

The cameras that somebody sees now come from `selectors`.
"""

from collections.abc import Callable
from typing import Any

from integration.clips import services
from integration.cores.models import Core
from integration.live.services import snapshots

CoreOrder = dict[str, Any]
"""kind: what to do. id: of which thing. The rest is in openapi.json, by kind."""

SOURCES: tuple[Callable[[Core], list[CoreOrder]], ...] = (snapshots.orders_for, services.orders_for)


def orders_for(core: Core) -> list[CoreOrder]:
    """Return what an active CORE is to do now."""
    return [order for source in SOURCES for order in source(core)]
