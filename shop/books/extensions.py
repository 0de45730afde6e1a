"""What the books add to the apps below: the reminder of an invoice."""

from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.worklist import sources
from shop.books import messages, worklist


def register() -> None:
    """Add it."""
    sources.register(*worklist.SOURCES)
    kinds.register(MessageKind.INVOICE_DUE, messages.invoice_due)
