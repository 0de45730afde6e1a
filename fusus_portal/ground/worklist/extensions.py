"""What the worklist adds to the apps below: nobody is told who may do less than before."""

from fusus_portal.ground.accounts.followers import AccountFollower, account_followers
from fusus_portal.ground.worklist import services


def register() -> None:
    """Add it."""
    account_followers.register(AccountFollower(name="worklist", may_do_less=services.withdraw))
