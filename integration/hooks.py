"""What other apps know of the return of a CORE: what it is worth, what begins with it, and where it goes on.

An app above registers itself in its `AppConfig.ready`, since nothing here knows of orders or money.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from audit.actors import Actor
from fusus_portal.accounts.models import User
from integration.models import Core

Shown = tuple[str, Mapping[str, Any]]
"""A template, and what it is rendered with as `block`."""


def _nothing(_core: Core, _by: User) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class ReturnHook:
    """What an app knows. None of it changes a CORE.

    begun: called with a locked CORE in the transaction that begins its return, by its owner or because they leave.
    shown: what stands on the page that asks whether to return it, None for nothing.
    page: where its return goes on, "" for nowhere else. restocked: called with a locked CORE in the transaction that
    puts it back into stock.
    """

    name: str
    begun: Callable[[Core, Actor], None]
    shown: Callable[[Core], Shown | None]
    page: Callable[[Core], str]
    restocked: Callable[[Core, User], None] = _nothing


_hooks: dict[str, ReturnHook] = {}


def register(hook: ReturnHook) -> None:
    """Add one. Doing it twice has one effect."""
    _hooks[hook.name] = hook


def begun(*, core: Core, actor: Actor) -> None:
    """Tell everybody that the return of a locked CORE begins."""
    for hook in _hooks.values():
        hook.begun(core, actor)


def restocked(*, core: Core, by: User) -> None:
    """Tell everybody that a locked CORE lies in stock again."""
    for hook in _hooks.values():
        hook.restocked(core, by)


def shown(core: Core) -> list[Shown]:
    """Return what stands on the page that asks."""
    return [found for hook in _hooks.values() if (found := hook.shown(core)) is not None]


def page_of(core: Core) -> str:
    """Return where the return of a CORE goes on, "" for nowhere."""
    return next((found for hook in _hooks.values() if (found := hook.page(core))), "")
