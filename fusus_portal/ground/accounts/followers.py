"""What is done above when an account may do less than before: it is disabled, locked, or has another role."""

from collections.abc import Callable
from dataclasses import dataclass

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Contract


@dataclass(frozen=True, slots=True)
class AccountFollower:
    """What an app above does about an account. may_do_less: called once the account is written, before its entry."""

    name: str
    may_do_less: Callable[[User, Actor], None]


account_followers = Contract[AccountFollower]()
"""Live view must be one of them, or the start stops."""


def may_do_less(account: User, by: Actor) -> None:
    """Tell all of them, inside the transaction of the act."""
    for follower in account_followers:
        follower.may_do_less(account, by)
