from fusus_portal.ground.accounts.followers import AccountFollower, account_followers
from fusus_portal.ground.worklist import services


def register() -> None:
    account_followers.register(AccountFollower(name="worklist", may_do_less=services.withdraw))
