"""Contract through which apps above follow COREs. This module knows nothing of orders, fees or money."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Contract
from integration.cores.models import Core
from integration.cores.states import Whereabouts

Shown = tuple[str, Mapping[str, Any]]
"""A template to include in a page, and its context as `block`."""


def _nothing(*_told: object) -> None:
    """Do and show nothing."""


@dataclass(frozen=True, slots=True)
class CoreFollower:
    """Functions through which an app above follows COREs. None of them changes a CORE.

    Called with a locked CORE in the transaction of the act. activated: its business typed its code. replaced: the
    second CORE takes the place of the first; both are locked. return_begun: by its owner, or because the owner leaves
    or a place ends. restocked: wiped and back in stock. signed_out: all its tokens ended.

    Called by pages. why_stopped: why a suspended CORE may not work again, or "". shown: a block of the page of the CORE
    for its owner, or None. came_back: state and next step, in words, of the return of a CORE that the office has, or
    None. shown_before_return: a block of the page that asks the owner to confirm a return, or None. return_page:
    address of the next page of a return, or "". desk_page: address of the next page for a clerk who scanned the CORE,
    or "". whereabouts: places of those of these COREs (None: of all) that are in a parcel, or back at the office.
    """

    name: str
    activated: Callable[[Core, Actor], None] = _nothing
    replaced: Callable[[Core, Core], None] = _nothing
    return_begun: Callable[[Core, Actor], None] = _nothing
    restocked: Callable[[Core, User], None] = _nothing
    signed_out: Callable[[Core], None] = _nothing
    why_stopped: Callable[[Core], str] = lambda _core: ""
    shown: Callable[[Core], Shown | None] = _nothing
    came_back: Callable[[Core], tuple[str, str] | None] = _nothing
    shown_before_return: Callable[[Core], Shown | None] = _nothing
    return_page: Callable[[Core], str] = lambda _core: ""
    desk_page: Callable[[Core], str] = lambda _core: ""
    whereabouts: Callable[[Iterable[UUID] | None], Mapping[UUID, Whereabouts]] = lambda _cores: {}


core_followers = Contract[CoreFollower]()


def why_stopped(core: Core) -> str:
    return next(filter(None, (follower.why_stopped(core) for follower in core_followers)), "")


def shown(core: Core) -> list[Shown]:
    return [found for follower in core_followers if (found := follower.shown(core)) is not None]


def came_back(core: Core) -> tuple[str, str] | None:
    return next(filter(None, (follower.came_back(core) for follower in core_followers)), None)


def shown_before_return(core: Core) -> list[Shown]:
    return [found for follower in core_followers if (found := follower.shown_before_return(core)) is not None]


def return_page(core: Core) -> str:
    return next(filter(None, (follower.return_page(core) for follower in core_followers)), "")


def desk_page(core: Core) -> str:
    return next(filter(None, (follower.desk_page(core) for follower in core_followers)), "")


def whereabouts(cores: Iterable[UUID] | None = None) -> Mapping[UUID, Whereabouts]:
    """Return where COREs are whose state does not show it, such as one in stock that is packed. cores: None for all."""
    wanted = None if cores is None else list(cores)
    return {pk: where for follower in core_followers for pk, where in follower.whereabouts(wanted).items()}
