from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext_lazy

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.worklist import sources
from shop.catalogue.money import dollars
from shop.orders.hooks import order_closed
from shop.payments import selectors
from shop.payments.models import Refund
from shop.payments.services import payments, refunds as refund_services


def refund_items(user: User) -> list[sources.WorkItem]:
    """Return the refunds that this person may send. The clerk who asked for a refund gets no notice of it."""
    return [_of_refund(each, user) for each in selectors.waiting_refunds() if not _is_for_another(each, user)]


def _is_for_another(refund: Refund, user: User) -> bool:
    inspected = refund.of_return is not None and refund.of_return.inspected_by_id == user.pk
    return inspected or (refund.needs_second and refund.clerk_id == user.pk)


def _of_refund(refund: Refund, user: User) -> sources.WorkItem:
    text = _("Refund of %(amount)s · %(number)s")
    return sources.WorkItem(
        _("To send"),
        "warn",
        text % {"amount": dollars(refund.cents), "number": refund.payment.order.number},
        reverse("refunds_waiting"),
        about=None if refund.clerk_id == user.pk else refund.subject,
        act=sources.link_act(_("Send"), reverse("refund_send", args=[refund.pk]), refund.payment.order.number),
    )


SOURCE = sources.Source(
    name="refunds_to_send",
    permission=Permission.GIVE_BACK,
    find=refund_items,
    telling=sources.Telling(
        words=ngettext_lazy("A refund waits to be sent.", "%(number)d refunds wait to be sent.", "number"),
        waits=lambda: selectors.waiting_refunds().exists(),
    ),
)


class OrderPayments:
    is_being_paid = staticmethod(payments.is_being_paid)
    cancel_attempts = staticmethod(payments.cancel_attempts)
    give_all_back = staticmethod(refund_services.give_all_back)
    close_pages = staticmethod(payments.close_pages)


def register() -> None:
    sources.register(SOURCE)
    order_closed.register(OrderPayments())
    agency.register_sections(
        agency.Section(
            url_name="refunds_waiting",
            title=gettext_lazy("Money that waits"),
            text=gettext_lazy(
                "Returns and refunds that a second person sends. Where only one clerk works, you are that person."
            ),
            group=agency.Group.SHOP,
            place=74,
            words=gettext_lazy("refunds, returns, checks, payments"),
        )
    )
