"""The connection of a CORE that was bought: it begins with its activation, and ends when its owner says so.

Canceling asks no reason. At once means that nobody sees anything from that moment on, and the whole months that have
not begun go back; at the end of the year that is paid means that all goes on until then.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.actors import Actor
from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from integration.models import Core
from integration.services import cores
from integration.services import locking as core_locking
from registry.services.acting import task_actor
from shop import worth
from shop.models import Order, RefundSource, Return, Subscription, Term
from shop.policies import subscriptions as policy
from shop.selectors import subscriptions as known
from shop.selectors.worth import free_position, item_of, piece_of
from shop.services import invoices, locking, refunds, steps
from shop.states import SubscriptionState

ENDER = "shop.end_subscriptions"
ACTOR = task_actor(ENDER)


def begin(core: Core, actor: Actor) -> None:
    """Begin the first year of a locked CORE that works from now on, inside the transaction of that act, once."""
    item = item_of(core)
    if item is None:
        return
    order = locking.order(item.shipment.order_id)
    if Subscription.objects.filter(item=item).exists():
        return
    for stale in Subscription.objects.filter(core=core).exclude(state=SubscriptionState.ENDED):
        # It came back without a return, and went to somebody else.
        _end(_locked(stale.pk), ACTOR)
    position, today = free_position(item.line), timezone.localdate()
    made = Subscription.objects.create(
        item=item, core=core, line=item.line, registrant=core.registrant, position=position
    )
    fee = piece_of(item.line).paid(position).fee
    ends_on = policy.a_year_after(today)
    Term.objects.create(subscription=made, line=item.line, starts_on=today, ends_on=ends_on, fee=fee)
    facts: dict[str, int | str] = {"core": core.serial, "order": order.number, "ends_on": str(ends_on), "fee": fee}
    record(event=Event.SUBSCRIPTION_BEGUN, actor=actor, subject=made.subject, facts=facts)


def move(old: Core, new: Core) -> None:
    """Let the rest of the paid year go with a locked CORE that takes the place of another, in that transaction."""
    running = Subscription.objects.select_for_update(no_key=True).filter(core=old)
    running.exclude(state=SubscriptionState.ENDED).update(core=new)


def cancel_with_year(*, core: Core, by: User) -> Subscription:
    """Let a connection end with the year that is paid. Nothing changes until then. Raises NotYours, Stale."""
    with transaction.atomic():
        _core, _order, locked = _own(core, by)
        locked.ends_on = known.paid_until(locked)
        return steps.subscription(locked, SubscriptionState.CANCEL_SCHEDULED, by)


def keep(*, core: Core, by: User) -> Subscription:
    """Keep a connection after all that was to end with its year. Raises NotYours, Stale."""
    with transaction.atomic():
        _core, _order, locked = _own(core, by)
        locked.ends_on = None
        return steps.subscription(locked, SubscriptionState.ACTIVE, by)


def cancel_now(*, core: Core, by: User) -> Subscription:
    """End a connection at once: its CORE stops, and the whole months that have not begun go back.

    The CORE need not be returned for that. Raises NotYours for another's, Stale for one that has ended.
    """
    with transaction.atomic():
        held, order, locked = _own(core, by)
        policy.may_become(locked, SubscriptionState.ENDED, by=by)
        _give_back(locked, order, by.actor)
        _end(locked, by)
        cores.stop(core=held, by=by)
    return locked


def end_for_return(*, back: Return, by: User) -> None:
    """End the connection of a CORE that came back, inside the transaction that accepts it; the return has its money."""
    rows = Subscription.objects.select_for_update(no_key=True).filter(item=back.item_id)
    locked = rows.exclude(state=SubscriptionState.ENDED).first()
    if locked is not None:
        _end(locked, by)


def end_due() -> int:
    """End the connections whose last day has come; return how many."""
    due = list(known.due(timezone.localdate()).values_list("core", flat=True))
    return sum(_end_one(core) for core in due)


@transaction.atomic
def _end_one(core: UUID) -> bool:
    held = core_locking.core(core)
    found = known.due(timezone.localdate()).filter(core=core).values_list("pk", "line__order").first()
    if found is None:
        return False
    locking.order(found[1])
    locked = _locked(found[0])
    if locked.state != SubscriptionState.CANCEL_SCHEDULED:
        return False
    _end(locked, ACTOR)
    cores.stop(core=held, by=ACTOR)
    return True


def _own(core: Core, by: User) -> tuple[Core, Order, Subscription]:
    """Lock a business's own CORE, the order that bought it, and its connection."""
    held = core_locking.own_core(core.pk, by=by)
    found = known.own_of(by, held)
    order = locking.order(found.line.order_id)
    return held, order, _locked(found.pk)


def _locked(pk: int) -> Subscription:
    rows = Subscription.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("line__order").prefetch_related("terms").get(pk=pk)


def _end(locked: Subscription, by: User | Actor) -> None:
    locked.ended_at = timezone.now()
    steps.subscription(locked, SubscriptionState.ENDED, by)


def _give_back(locked: Subscription, order: Order, actor: Actor) -> None:
    """Give back what of the year has not begun: off the invoice what was never paid, and the rest as it was paid."""
    with override(order.language):
        reason = _("Unused whole months of the fee")
    today = timezone.localdate()
    for term in locked.terms.all():
        if term.ends_on <= today:
            continue
        cents = worth.unused(term.fee, term.starts_on, today)
        unpaid = invoices.credit_part(order=order, cents=cents, reason=reason, actor=actor)
        given = refunds.give_for(line=locked.line, cents=cents - unpaid, source=RefundSource.FEE, actor=actor)
        term.refunded = unpaid + given
        term.save(update_fields=["refunded"])
