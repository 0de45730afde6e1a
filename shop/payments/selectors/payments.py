"""The attempts to pay an order, its refunds, and what waits for somebody."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.queries import find_or_refuse
from shop.orders.models.orders import Order
from shop.payments.models.payments import PaymentAttempt, PaymentMethod
from shop.payments.models.refunds import Refund
from shop.payments.states import RefundState
from shop.returns.models import Return
from shop.returns.selectors.returns import left_of
from shop.returns.states import ReturnState


def latest_attempt(order: Order) -> PaymentAttempt | None:
    """Return the last attempt to pay an order."""
    return order.attempts.order_by("-begun_at").first()


def refunds_of(order: Order) -> list[Refund]:
    """Return what went back of an order, the first first."""
    return list(_whole().filter(payment__order=order).order_by("requested_at"))


def refund(pk: UUID) -> Refund:
    """Return a refund. Raises NotYours for none."""
    return find_or_refuse(_whole().filter(pk=pk), _("There is no such refund."), subject=("refund", str(pk)))


def asked(key: UUID, by: User) -> Refund | None:
    """Return the refund that a person asked for by a form, None for none."""
    return _whole().filter(pk=key, clerk=by).first()


def waiting() -> QuerySet[Refund]:
    """Return the refunds that wait for a person, the oldest first: to be sent, or to be paid out by check."""
    by_check = Q(payment__method=PaymentMethod.CHECK)
    asked = Q(state=RefundState.REQUESTED) & (Q(clerk__isnull=False) | by_check)
    return _whole().filter(asked | Q(state=RefundState.SUBMITTED) & by_check).order_by("requested_at", "pk")


def returns_waiting() -> Sequence[Return]:
    """Return the returns whose money is still to be given back, the oldest first."""
    rows = Return.objects.filter(state__in=[ReturnState.ACCEPTED, ReturnState.REFUNDING])
    whole = rows.select_related("registrant", "order", "line", "core").order_by("inspected_at", "pk")
    return [back for back in whole if back.state == ReturnState.ACCEPTED or left_of(back) > 0]


def _whole() -> QuerySet[Refund]:
    return Refund.objects.select_related("payment__order__registrant", "of_return", "clerk")
