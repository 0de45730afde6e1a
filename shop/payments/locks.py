"""Locks of payments, in the order that `shop.orders.locks` gives."""

from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from shop.orders.locks import order
from shop.orders.models.orders import Order
from shop.payments.models import Payment, PaymentAttempt, Refund


def attempt(pk: UUID) -> PaymentAttempt:
    """Lock an attempt. A caller that also needs its order locks the order first."""
    return PaymentAttempt.objects.select_for_update(no_key=True).get(pk=pk)


def attempts_of(order: Order) -> list[PaymentAttempt]:
    """Lock the attempts of a locked order, oldest first."""
    rows = PaymentAttempt.objects.select_for_update(no_key=True).filter(order=order)
    return list(rows.order_by("begun_at", "pk"))


def payment(pk: UUID) -> Payment:
    """Lock a payment of a locked order."""
    return Payment.objects.select_for_update(no_key=True).get(pk=pk)


def payments_of(order: Order) -> list[Payment]:
    """Lock the payments of a locked order, oldest first."""
    rows = Payment.objects.select_for_update(no_key=True).filter(order=order)
    return list(rows.order_by("captured_at", "pk"))


def refund(pk: UUID) -> Refund:
    """Lock a refund. A caller that also needs its order and payment locks them first."""
    return Refund.objects.select_for_update(of=("self",), no_key=True).select_related("payment").get(pk=pk)


def refund_with_order(pk: UUID) -> tuple[Order, Payment, Refund]:
    """Lock the order and payment of a refund, then the refund, and return all three. Raises NotYours."""
    rows = Refund.objects.filter(pk=pk).values_list("payment__order", "payment")
    order_pk, payment_pk = find_or_refuse(rows, _("There is no such refund."), subject=("refund", str(pk)))
    return order(order_pk), payment(payment_pk), refund(pk)


def person(by: User) -> None:
    """Lock the account of the person who refunds, so that two presses are counted one after the other."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
