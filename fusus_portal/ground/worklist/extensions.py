from fusus_portal.ground.accounts.followers import AccountFollower, account_followers
from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.worklist import messages, services


def register() -> None:
    kinds.register(MessageKind.WORK_WAITS, messages.work_waits)
    account_followers.register(AccountFollower(name="worklist", may_do_less=services.withdraw))
