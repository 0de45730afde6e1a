"""Asks the payment service what became of something, and writes it into the books: often, and in any order."""

from collections.abc import Callable, Mapping
from uuid import UUID

from shop.gateway.answers import GatewayRefund, IntentStatus, Session
from shop.gateway.current import gateway
from shop.models import Payment, PaymentAttempt, Refund, TaskKind
from shop.services import outside_refunds, refunding, settling, staff_tasks

Follower = Callable[[str], bool]

INTENT = "payment_intent."
_others: list[tuple[str, Follower]] = []


def follow_also(kind: str, follower: Follower) -> None:
    """Let another part of the shop follow what begins with `kind`; it is asked first whether that is its own."""
    if (kind, follower) not in _others:
        _others.append((kind, follower))


def follow(*, kind: str, object_id: str) -> None:
    """Follow what the service told about one of its objects. Raises GatewayFault, then it is tried again later."""
    for begin, follower in (*_others, *FOLLOWERS):
        if kind.startswith(begin) and follower(object_id):
            return


def session(object_id: str) -> bool:
    """Settle the attempt that a payment page was opened for."""
    attempt = PaymentAttempt.objects.filter(session_id=object_id).first()
    if attempt is None:
        page = gateway().retrieve_session(session_id=object_id)
        attempt = _attempt_of(page.metadata)
        if attempt is None:
            return _strange_page(page)
    settling.settle(attempt=attempt, session_id=object_id)
    return True


def intent(object_id: str) -> bool:
    """Settle the attempt that a payment belongs to."""
    if Payment.objects.filter(gateway_id=object_id).exists():
        return True
    found = gateway().retrieve_intent(intent_id=object_id)
    attempt = _attempt_of(found.metadata)
    if attempt is not None:
        settling.settle(attempt=attempt, intent_id=object_id)
    elif found.status == IntentStatus.SUCCEEDED:
        facts: dict[str, int | str] = {"captured": found.captured}
        staff_tasks.open_task(kind=TaskKind.UNKNOWN_OBJECT, about=object_id, facts=facts)
    return True


def refund(object_id: str) -> bool:
    """Settle a refund of ours, or write down one that was made outside the portal."""
    told(gateway().retrieve_refund(refund_id=object_id))
    return True


def told(found: GatewayRefund) -> None:
    """Write down what the service says about a refund."""
    own = refund_of(found)
    if own is not None:
        refunding.settle(refund=own)
        return
    payment = Payment.objects.filter(gateway_id=found.intent_id).first()
    if payment is None:
        facts: dict[str, int | str] = {"cents": found.amount}
        staff_tasks.open_task(kind=TaskKind.UNKNOWN_OBJECT, about=found.id, facts=facts)
        return
    outside_refunds.found(payment=payment, answer=found)


def refund_of(found: GatewayRefund) -> Refund | None:
    """Return our row of a refund at the service."""
    by_id = Refund.objects.filter(gateway_id=found.id).first()
    pk = identity(found.metadata.get("refund", ""))
    return by_id or (Refund.objects.filter(pk=pk).first() if pk else None)


def dispute(object_id: str) -> bool:
    """Tell staff of a dispute: it is answered in the service's dashboard."""
    staff_tasks.open_task(kind=TaskKind.DIFFERENCE, about=object_id, facts={"kind": "dispute"})
    return True


FOLLOWERS: list[tuple[str, Follower]] = [
    ("checkout.session.", session),
    (INTENT, intent),
    ("refund.", refund),
    ("charge.dispute.", dispute),
]
"""What begins with what is followed by whom. What is not here is no business of ours."""


def identity(text: str) -> UUID | None:
    """Return the id that metadata hold, None for what can't be one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _attempt_of(metadata: Mapping[str, str]) -> PaymentAttempt | None:
    pk = identity(metadata.get("attempt", ""))
    return PaymentAttempt.objects.filter(pk=pk).first() if pk else None


def _strange_page(page: Session) -> bool:
    if page.paid and page.amount:
        facts: dict[str, int | str] = {"captured": page.amount}
        staff_tasks.open_task(kind=TaskKind.UNKNOWN_OBJECT, about=page.intent_id or page.id, facts=facts)
    return True
