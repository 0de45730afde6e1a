"""Accounts that one administrator suspends."""

from fusus_portal.ground.accounts.models import Suspension, User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import suspensions
from tests.factories import person

REASON = "Somebody signs in with it from abroad."


def suspended(account: User, *, by: User | None = None) -> Suspension:
    """Let an administrator suspend an account."""
    return suspensions.suspend(account=account, reason=REASON, by=by or person(Role.ADMINISTRATOR))
