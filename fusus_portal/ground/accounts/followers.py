"""What apps above do when an account may do less than before: it is disabled, locked, or has another role.

Each registers once, in its `AppConfig.ready`, and is called inside the transaction of the act, when it is written.
"""

from collections.abc import Callable

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User

Follower = Callable[[User, Actor], None]

_followers: dict[str, Follower] = {}


def register(name: str, follower: Follower) -> None:
    """Add an app. Doing it twice has one effect."""
    _followers[name] = follower


def tell(account: User, actor: Actor) -> None:
    """Tell every app that a locked account may do less."""
    for name in sorted(_followers):
        _followers[name](account, actor)
