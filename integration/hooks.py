"""What follows a CORE, in the apps above: its use, and its return.

An app above registers itself in its `AppConfig.ready`, since nothing here knows of orders, fees or money.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from audit.actors import Actor
from fusus_portal.accounts.models import User
from integration.cores.models import Core

Shown = tuple[str, Mapping[str, Any]]
"""A template, and what it is rendered with as `block`."""


def _nothing_restocked(_core: Core, _by: User) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class ReturnHook:
    """What an app knows. None of it changes a CORE.

    begun: called with a locked CORE in the transaction that begins its return, by its owner or because they leave.
    shown: what is on the page that asks whether to return it, None for nothing.
    page: where its return continues, "" for nowhere else. restocked: called with a locked CORE in the transaction that
    puts it back into stock.
    """

    name: str
    begun: Callable[[Core, Actor], None]
    shown: Callable[[Core], Shown | None]
    page: Callable[[Core], str]
    restocked: Callable[[Core, User], None] = _nothing_restocked


_return_hooks: dict[str, ReturnHook] = {}


def register_return(hook: ReturnHook) -> None:
    """Add one. Doing it twice has one effect."""
    _return_hooks[hook.name] = hook


def return_begun(*, core: Core, actor: Actor) -> None:
    """Tell everybody that the return of a locked CORE begins."""
    for hook in _return_hooks.values():
        hook.begun(core, actor)


def restocked(*, core: Core, by: User) -> None:
    """Tell everybody that a locked CORE is in stock again."""
    for hook in _return_hooks.values():
        hook.restocked(core, by)


def shown_before_return(core: Core) -> list[Shown]:
    """Return what is on the page that asks."""
    return [found for hook in _return_hooks.values() if (found := hook.shown(core)) is not None]


def return_page(core: Core) -> str:
    """Return where the return of a CORE continues, "" for nowhere."""
    return next((found for hook in _return_hooks.values() if (found := hook.page(core))), "")


def _nothing_replaced(_old: Core, _new: Core) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class UseHook:
    """What an app knows.

    activated: called with a locked CORE in the transaction that puts it to work. why_stopped: why it may not work any
    more, "" when it may. shown: what is on its owner's page about it, None for nothing. replaced: called with both
    COREs, locked, in the transaction in which the second takes the place of the first.
    """

    name: str
    activated: Callable[[Core, Actor], None]
    why_stopped: Callable[[Core], str]
    shown: Callable[[Core], Shown | None]
    replaced: Callable[[Core, Core], None] = _nothing_replaced


_use_hooks: dict[str, UseHook] = {}


def register_use(hook: UseHook) -> None:
    """Add one. Doing it twice has one effect."""
    _use_hooks[hook.name] = hook


def activated(*, core: Core, actor: Actor) -> None:
    """Tell everybody that a locked CORE works from now on."""
    for hook in _use_hooks.values():
        hook.activated(core, actor)


def replaced(*, old: Core, new: Core) -> None:
    """Tell everybody that a locked CORE takes the place of another."""
    for hook in _use_hooks.values():
        hook.replaced(old, new)


def why_stopped(core: Core) -> str:
    """Return why a CORE may not work any more, "" when it may."""
    return next((why for hook in _use_hooks.values() if (why := hook.why_stopped(core))), "")


def shown_in_use(core: Core) -> list[Shown]:
    """Return what is on its owner's page about it."""
    return [found for hook in _use_hooks.values() if (found := hook.shown(core)) is not None]
