"""What homes add to accounts: a ZIP code goes with the work that it is kept for."""

from fusus_portal.ground.accounts.followers import AccountFollower, account_followers
from fusus_portal.oversight.homes import services


def register() -> None:
    """Add it."""
    account_followers.register(AccountFollower("homes", services.forget))
