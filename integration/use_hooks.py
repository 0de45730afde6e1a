"""What other apps know of the use of a CORE: that it begins, whether it may go on, and what its owner reads of that.

An app above registers itself in its `AppConfig.ready`, since nothing here knows of fees or terms.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from audit.actors import Actor
from integration.models import Core

Shown = tuple[str, Mapping[str, Any]]
"""A template, and what it is rendered with as `block`."""


def _nothing(_old: Core, _new: Core) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class UseHook:
    """What an app knows.

    activated: called with a locked CORE in the transaction that puts it to work. why_stopped: why it may not work any
    more, "" when it may. shown: what stands on its owner's page about it, None for nothing. replaced: called with both
    COREs, locked, in the transaction in which the second takes the place of the first.
    """

    name: str
    activated: Callable[[Core, Actor], None]
    why_stopped: Callable[[Core], str]
    shown: Callable[[Core], Shown | None]
    replaced: Callable[[Core, Core], None] = _nothing


_hooks: dict[str, UseHook] = {}


def register(hook: UseHook) -> None:
    """Add one. Doing it twice has one effect."""
    _hooks[hook.name] = hook


def activated(*, core: Core, actor: Actor) -> None:
    """Tell everybody that a locked CORE works from now on."""
    for hook in _hooks.values():
        hook.activated(core, actor)


def replaced(*, old: Core, new: Core) -> None:
    """Tell everybody that a locked CORE takes the place of another."""
    for hook in _hooks.values():
        hook.replaced(old, new)


def why_stopped(core: Core) -> str:
    """Return why a CORE may not work any more, "" when it may."""
    return next((why for hook in _hooks.values() if (why := hook.why_stopped(core))), "")


def shown(core: Core) -> list[Shown]:
    """Return what stands on its owner's page about it."""
    return [found for hook in _hooks.values() if (found := hook.shown(core)) is not None]
