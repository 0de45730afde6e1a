"""What apps above the registry do when an incident is confirmed, changed or closed, or somebody is taken off it.

Each registers once, in its `AppConfig.ready`, and is called inside the transaction of the act, when it is written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from audit.actors import Actor
from fusus_portal.accounts.models import User
from registry.models import Incident


@dataclass(frozen=True, slots=True)
class IncidentFollower:
    """One app. The incident is locked that is handed to it.

    confirmed: dispatch opened it, or says again what it is. changed: it is something else, or elsewhere, or at another
    time; what was verified is not any more, unless dispatch said so. closed: nothing is done for it any more.
    unassigned: this person does not work on it any more. closing: what closing it would end, in sentences.
    """

    name: str
    confirmed: Callable[[Incident, Actor], None]
    changed: Callable[[Incident, Actor], None]
    closed: Callable[[Incident, Actor], None]
    unassigned: Callable[[Incident, User, Actor], None]
    closing: Callable[[Incident], Sequence[str]]


_followers: dict[str, IncidentFollower] = {}


def register(follower: IncidentFollower) -> None:
    """Add an app. Doing it twice has one effect."""
    _followers[follower.name] = follower


def confirmed(incident: Incident, actor: Actor) -> None:
    """Tell every app that dispatch stands for an incident."""
    for follower in _all():
        follower.confirmed(incident, actor)


def changed(incident: Incident, actor: Actor) -> None:
    """Tell every app that an incident is not what it was."""
    for follower in _all():
        follower.changed(incident, actor)


def closed(incident: Incident, actor: Actor) -> None:
    """Tell every app that an incident is closed."""
    for follower in _all():
        follower.closed(incident, actor)


def unassigned(incident: Incident, user: User, actor: Actor) -> None:
    """Tell every app that somebody was taken off an incident."""
    for follower in _all():
        follower.unassigned(incident, user, actor)


def closing(incident: Incident) -> list[str]:
    """Return what closing an incident would end in every app, in sentences."""
    return [sentence for follower in _all() for sentence in follower.closing(incident)]


def _all() -> list[IncidentFollower]:
    return [_followers[name] for name in sorted(_followers)]
