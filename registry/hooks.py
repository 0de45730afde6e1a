"""What apps above the registry do when a place moves or ends, a camera is paused or taken out, or somebody leaves.

Each registers once, in its `AppConfig.ready`, and is called inside the transaction of the act.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from audit.actors import Actor
from registry.models import Camera, Premises, Registrant


@dataclass(frozen=True, slots=True)
class Follower:
    """One app. Everything is locked that is handed to it.

    cameras_end: these leave the registry. cameras_pause: these are in no search for now. place_ends, place_moves: with
    the cameras at it. pin_moves: a place stays, and is somewhere else on the map. registration_ends: with all of it.
    told: what leaving means here, in sentences, for a person who is about to leave. told_ending, told_moving: what it
    means that a place ends here, or moves inside the boundary. why_business: why a business must stay one, "" when it
    need not.
    """

    name: str
    cameras_end: Callable[[Sequence[Camera], Actor], None]
    cameras_pause: Callable[[Sequence[Camera], Actor], None]
    place_ends: Callable[[Premises, Actor], None]
    place_moves: Callable[[Premises, Actor], None]
    pin_moves: Callable[[Premises, Actor], None]
    registration_ends: Callable[[Registrant, Actor], None]
    told: Callable[[Registrant], list[str]]
    told_ending: Callable[[Premises], list[str]]
    told_moving: Callable[[Premises], list[str]]
    why_business: Callable[[Registrant], str]


_followers: dict[str, Follower] = {}


def register(follower: Follower) -> None:
    """Add an app. Doing it twice has one effect."""
    _followers[follower.name] = follower


def all_followers() -> list[Follower]:
    """Return the apps in the order of their names."""
    return [_followers[name] for name in sorted(_followers)]


def told(registrant: Registrant) -> list[str]:
    """Return what else leaving means for a person."""
    return [sentence for follower in all_followers() for sentence in follower.told(registrant)]


def told_ending(premises: Premises) -> list[str]:
    """Return what else it means that a place ends here."""
    return [sentence for follower in all_followers() for sentence in follower.told_ending(premises)]


def told_moving(premises: Premises) -> list[str]:
    """Return what else it means that a place moves inside the boundary."""
    return [sentence for follower in all_followers() for sentence in follower.told_moving(premises)]


def why_business(registrant: Registrant) -> str:
    """Return why a business must stay one, "" when it need not."""
    return next(filter(None, (follower.why_business(registrant) for follower in all_followers())), "")
