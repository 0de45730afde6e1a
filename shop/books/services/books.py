"""What the payment service itself reports of a period: each payment and refund is asked of it, none is taken from us.

A thing counts on the day on which the books have it, so that a minute around midnight makes no difference. What the
books do not know at all counts on the day on which the service made it.
"""

from collections.abc import Mapping
from datetime import timedelta

from shop.gateway import listing
from shop.gateway.answers import GatewayRefund, Intent, IntentStatus, Missing, RefundStatus
from shop.gateway.current import gateway
from shop.models import Payment, PaymentMethod, Refund
from shop.periods import Period
from shop.selectors import movements
from shop.services.comparing import A_DAY, CLOCKS

SLOWEST = timedelta(days=35)
"""So long a payment may be on its way before it is made."""

BROKEN = (RefundStatus.FAILED, RefundStatus.CANCELLED)


def told(period: Period) -> tuple[int, int]:
    """Return what the service took in a period, and what it gave back and that did not come back, in cents.

    Raises GatewayFault when it does not say.
    """
    return _taken(period), _given_back(period)


def _taken(period: Period) -> int:
    listed = {one.id: one for one in listing.intents(since=period.begins - SLOWEST, until=period.ends + A_DAY)}
    rows = movements.payments(period).filter(method=PaymentMethod.CARD)
    own = sum(_captured(pk, listed) for pk in rows.values_list("gateway_id", flat=True).iterator())
    made = {pk: one for pk, one in listed.items() if one.made_at and period.begins <= one.made_at < period.ends}
    known = set(Payment.objects.filter(gateway_id__in=list(made)).values_list("gateway_id", flat=True))
    paid = [one for pk, one in made.items() if pk not in known and one.status == IntentStatus.SUCCEEDED]
    return own + sum(one.captured for one in paid)


def _captured(pk: str, listed: Mapping[str, Intent]) -> int:
    try:
        return (listed[pk] if pk in listed else gateway().retrieve_intent(intent_id=pk)).captured
    except Missing:
        return 0


def _given_back(period: Period) -> int:
    since, until = period.begins - CLOCKS, period.ends + A_DAY
    listed = {one.id: one for one in listing.refunds(since=since, until=until)}
    out = list(movements.refunds_out(period).values_list("gateway_id", flat=True))
    back = list(movements.refunds_back(period).values_list("gateway_id", flat=True))
    own = sum(_amount(pk, listed) for pk in out) - sum(_amount(pk, listed, came_back=True) for pk in back)
    made = {pk: one for pk, one in listed.items() if one.made_at and period.begins <= one.made_at < period.ends}
    known = set(Refund.objects.filter(gateway_id__in=list(made)).values_list("gateway_id", flat=True))
    # What failed there and not yet in the books is a difference, on whichever day it set out.
    broken = Refund.objects.filter(gateway_id__in=[pk for pk in out if _is_broken(pk, listed)])
    unheard = broken.exclude(state__in=movements.BROKEN).values_list("cents", flat=True)
    return own - sum(unheard) + sum(one.amount for pk, one in made.items() if pk not in known and _stays_out(one))


def _amount(pk: str, listed: Mapping[str, GatewayRefund], *, came_back: bool = False) -> int:
    try:
        found = listed[pk] if pk in listed else gateway().retrieve_refund(refund_id=pk)
    except Missing:
        return 0
    return found.amount if not came_back or found.status in BROKEN else 0


def _is_broken(pk: str, listed: Mapping[str, GatewayRefund]) -> bool:
    return pk in listed and listed[pk].status in BROKEN


def _stays_out(one: GatewayRefund) -> bool:
    return one.status not in BROKEN
