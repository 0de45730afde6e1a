from django.utils.translation import gettext_lazy

from fusus_portal.ground.agency import sections
from fusus_portal.ground.agency.sections import Section
from fusus_portal.ground.worklist import sources
from shop import hooks
from shop.payments import worklist
from shop.payments.services import closed_orders, refunds


class OrderPayments:
    is_being_paid = staticmethod(closed_orders.is_being_paid)
    cancel_attempts = staticmethod(closed_orders.cancel_attempts)
    give_all_back = staticmethod(refunds.give_all_back)
    close_pages = staticmethod(closed_orders.close_pages)


def register() -> None:
    sources.register(*worklist.SOURCES)
    hooks.order_closed.register(OrderPayments())
    sections.register(
        Section(
            url_name="refunds_waiting",
            title=gettext_lazy("Money that waits"),
            text=gettext_lazy(
                "Returns and refunds that a second person sends. Where only one clerk works, you are that person."
            ),
            place=74,
            label=gettext_lazy("See what waits"),
        )
    )
