"""What payments add to the apps below: messages, and a card of the page Administration."""

from django.utils.translation import gettext_lazy

from fusus_portal.agency import sections
from fusus_portal.agency.sections import Section
from fusus_portal.notifications import kinds
from fusus_portal.notifications.kinds import MessageKind
from shop.payments import messages


def register() -> None:
    """Add them."""
    kinds.register(MessageKind.ORDER_REFUND, messages.order_refund)
    kinds.register(MessageKind.PAYMENT_FAILED, messages.payment_failed)
    sections.register(
        Section(
            url_name="refunds_waiting",
            title=gettext_lazy("Money that waits"),
            text=gettext_lazy(
                "Returns and refunds that a second person sends: you are that person where one clerk works."
            ),
            place=74,
            label=gettext_lazy("See what waits"),
        )
    )
