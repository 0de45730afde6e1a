from fusus_portal.ground.accounts.followers import AccountFollower, account_followers
from fusus_portal.ground.push import services


def register() -> None:
    account_followers.register(AccountFollower(name="push", may_do_less=services.end_subscriptions))
