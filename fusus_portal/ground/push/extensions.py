from fusus_portal.ground.accounts.followers import AccountFollower, account_followers
from fusus_portal.ground.push.services import subscriptions


def register() -> None:
    account_followers.register(AccountFollower(name="push", may_do_less=subscriptions.end_all_of))
