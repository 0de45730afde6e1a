"""The contract on COREs, answered from `extensions`. Nothing here knows of orders, fees or money."""

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
"""A template, and its context as `block`."""


def _nothing(*_told: object) -> None:
    """Do and show nothing."""


def _no_text(_core: Core) -> str:
    return ""


def _nowhere(_cores: Iterable[UUID] | None) -> Mapping[UUID, Whereabouts]:
    return {}


@dataclass(frozen=True, slots=True)
class CoreFollower:
    """An app above that follows COREs. None of these functions changes a CORE.

    Called with a locked CORE in the transaction of the act. activated: it works from now on. replaced: the second takes
    the place of the first; both are locked. return_begun: by its owner, or because they leave. restocked: it is in
    stock again. signed_out: none of its tokens works any more.

    Called by pages. why_stopped: why it may not work any more, "" if it may. shown: a block of its owner's page, None
    for nothing. shown_before_return: a block of the page that asks whether to return it. return_page: where its return
    continues, "" for nowhere else. desk_page: where a clerk who scans it continues, "" for its own page. whereabouts:
    of these COREs, None for all, those in a parcel that is here or arrived.
    """

    name: str
    activated: Callable[[Core, Actor], None] = _nothing
    replaced: Callable[[Core, Core], None] = _nothing
    return_begun: Callable[[Core, Actor], None] = _nothing
    restocked: Callable[[Core, User], None] = _nothing
    signed_out: Callable[[Core], None] = _nothing
    why_stopped: Callable[[Core], str] = _no_text
    shown: Callable[[Core], Shown | None] = _nothing
    shown_before_return: Callable[[Core], Shown | None] = _nothing
    return_page: Callable[[Core], str] = _no_text
    desk_page: Callable[[Core], str] = _no_text
    whereabouts: Callable[[Iterable[UUID] | None], Mapping[UUID, Whereabouts]] = _nowhere


core_followers = Contract[CoreFollower]()


def why_stopped(core: Core) -> str:
    return next(filter(None, (follower.why_stopped(core) for follower in core_followers)), "")


def shown(core: Core) -> list[Shown]:
    return [found for follower in core_followers if (found := follower.shown(core)) is not None]


def shown_before_return(core: Core) -> list[Shown]:
    return [found for follower in core_followers if (found := follower.shown_before_return(core)) is not None]


def return_page(core: Core) -> str:
    return next(filter(None, (follower.return_page(core) for follower in core_followers)), "")


def desk_page(core: Core) -> str:
    return next(filter(None, (follower.desk_page(core) for follower in core_followers)), "")


def whereabouts(cores: Iterable[UUID] | None = None) -> Mapping[UUID, Whereabouts]:
    """Return the whereabouts of these COREs, None for all, if their state does not show it: packed is not in stock."""
    wanted = None if cores is None else list(cores)
    return {pk: where for follower in core_followers for pk, where in follower.whereabouts(wanted).items()}
