from fusus_portal.ground.accounts.followers import AccountFollower, account_followers
from fusus_portal.oversight.homes import services


def register() -> None:
    """Have a home forgotten when its account can no longer search or view."""
    account_followers.register(AccountFollower("homes", services.forget))
