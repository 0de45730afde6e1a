from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.worklist import sources
from shop.books import messages, worklist


def register() -> None:
    sources.register(*worklist.SOURCES)
    kinds.register(MessageKind.INVOICE_DUE, messages.invoice_due)
