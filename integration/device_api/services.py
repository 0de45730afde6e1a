"""What a CORE is told to do when it polls, besides sending video. Each source says what it wants; none writes anything.

The cameras that somebody sees now come from `selectors.orders`.
"""

from collections.abc import Callable
from typing import Any

from integration.models import Core
from integration.services import clips, snapshots

Order = dict[str, Any]
"""kind: what to do. id: of which thing. The rest is in openapi.json, by kind."""

SOURCES: tuple[Callable[[Core], list[Order]], ...] = (snapshots.orders_for, clips.orders_for)


def orders_for(core: Core) -> list[Order]:
    """Return what an active CORE is to do now."""
    return [order for source in SOURCES for order in source(core)]
