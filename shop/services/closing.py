"""A return is closed when its money has arrived, and owed again when that turns out to be untrue."""

from django.utils import timezone

from audit.actors import Actor
from fusus_portal.accounts.models import User
from shop.models import Payment, Refund, Return
from shop.policies import returns as policy
from shop.services import return_locking, steps
from shop.states import OPEN_REFUNDS, RefundState, ReturnState


def follow(*, refund: Refund, by: User | Actor) -> None:
    """Bring the return of a locked refund to where its money is, inside the caller's transaction."""
    if refund.of_return_id is None:
        return
    _order, back = return_locking.whole(refund.of_return_id)
    if refund.state == RefundState.SUCCEEDED:
        close_if_done(back, by=by)
    elif back.state == ReturnState.CLOSED:
        back.ended_at = None
        steps.back(back, ReturnState.REFUNDING, by, facts={"refund": str(refund.pk)})


def close_if_done(back: Return, *, by: User | Actor) -> None:
    """Close a locked return of which nothing is on its way any more, and nothing left that could be paid."""
    on_its_way = back.refunds.filter(state__in=[RefundState.REQUESTED, *OPEN_REFUNDS]).exists()
    if back.state == ReturnState.REFUNDING and not on_its_way and not can_pay(back):
        back.ended_at = timezone.now()
        steps.back(back, ReturnState.CLOSED, by)


def can_pay(back: Return) -> bool:
    """Tell whether something is owed of a return that its order still holds."""
    line = back.line
    payments = Payment.objects.filter(order=back.order_id)
    return policy.owed(back) > 0 and line.total > line.held and any(payment.refundable for payment in payments)
