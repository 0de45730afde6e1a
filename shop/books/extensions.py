"""What the books add to the apps below: the reminder of an invoice."""

from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.kinds import MessageKind
from shop.books import messages


def register() -> None:
    """Add it."""
    kinds.register(MessageKind.INVOICE_DUE, messages.invoice_due)
