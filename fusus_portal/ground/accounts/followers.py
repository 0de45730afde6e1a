from collections.abc import Callable
from dataclasses import dataclass

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Contract


@dataclass(frozen=True, slots=True)
class AccountFollower:
    """An app's reaction to an account that loses rights. Called once the account is saved, before the act's entry."""

    name: str
    may_do_less: Callable[[User, Actor], None]


account_followers = Contract[AccountFollower]()
"""Reactions of all apps. The portal does not start unless live view has registered its reaction."""


def may_do_less(account: User, by: Actor) -> None:
    for follower in account_followers:
        follower.may_do_less(account, by)
