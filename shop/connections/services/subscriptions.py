"""The connection of a bought CORE: it begins with the activation, and ends when its owner cancels or leaves.

Canceling needs no reason. If it ends at once, nobody sees anything from that moment on, and the whole months that have
not begun are refunded. If it ends with the paid year, everything works until then.
"""

from datetime import date
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, override

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User, actor_of, task_actor
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.kinds import MessageKind
from integration.cores import locks as core_locks
from integration.cores.models import Core
from integration.cores.services import cores
from registry.registrants.models import Registrant
from shop.catalogue import files
from shop.connections import locks as connections, policies, selectors
from shop.connections.models import CardOnFile, Subscription, Term
from shop.connections.services import cards, years
from shop.connections.states import SubscriptionState
from shop.orders import locks as order_locks, policies as order_policies
from shop.orders.models.orders import ExemptionCertificate, Order, PayMethod
from shop.orders.services import invoices, orders
from shop.orders.states import OrderState
from shop.payments.models import RefundSource
from shop.payments.services import payments, refunds
from shop.returns.models import Return
from shop.returns.selectors import bought_item_of, free_position, piece_of_line

ENDER = "shop.end_subscriptions"
ACTOR = task_actor(ENDER)


def begin(core: Core, actor: Actor) -> None:
    """Begin the connection of a locked CORE with its first year, once, inside the transaction of the activation."""
    item = bought_item_of(core)
    if item is None:
        return
    order = order_locks.order(item.shipment.order_id)
    if Subscription.objects.filter(item=item).exists():
        return
    for stale in Subscription.objects.filter(core=core).exclude(state=SubscriptionState.ENDED):
        # It came back without a return, and went to somebody else.
        _end(connections.subscription(stale.pk, with_orders=True), ACTOR)
        _end_years(stale, ACTOR)
    position, today = free_position(item.line), timezone.localdate()
    made = Subscription.objects.create(
        item=item, core=core, line=item.line, registrant=core.registrant, position=position
    )
    fee = piece_of_line(item.line).paid(position).fee
    ends_on = order_policies.a_year_after(today)
    Term.objects.create(subscription=made, line=item.line, starts_on=today, ends_on=ends_on, fee=fee)
    facts: dict[str, int | str] = {"core": core.serial, "order": order.number, "ends_on": str(ends_on), "fee": fee}
    record(event=Event.SUBSCRIPTION_BEGUN, actor=actor, subject=made.subject, facts=facts)


def replace_core(old: Core, new: Core) -> None:
    """Move a connection to the locked CORE that replaces its old one, inside the transaction of the replacement."""
    running = Subscription.objects.select_for_update(no_key=True).filter(core=old)
    running.exclude(state=SubscriptionState.ENDED).update(core=new)


def cancel_with_year(*, core: Core, by: User) -> Subscription:
    """Cancel a connection: it ends with its current year, and a year paid ahead is refunded. Raises NotYours, Stale."""
    with transaction.atomic():
        _core, locked = _own(core, by)
        locked.ends_on = selectors.year_ends_on(locked)
        steps.take(locked, SubscriptionState.CANCEL_SCHEDULED, by)
        ahead = [term for term in selectors.terms_of(locked) if term.starts_on >= locked.ends_on]
        _give_back(ahead, by.actor)
        _end_years(locked, by)
    return locked


def keep(*, core: Core, by: User) -> Subscription:
    """Undo the cancellation of a connection that has not ended yet. Raises NotYours, Stale."""
    with transaction.atomic():
        _core, locked = _own(core, by)
        locked.ends_on = None
        return steps.take(locked, SubscriptionState.ACTIVE, by)


def cancel_now(*, core: Core, by: User) -> Subscription:
    """End a connection at once and refund unused whole months. The owner keeps the CORE. Raises NotYours, Stale."""
    with transaction.atomic():
        held, locked = _own(core, by)
        _give_back(selectors.terms_of(locked), by.actor)
        _end(locked, by)
        _end_years(locked, by)
        cores.stop(core=held, by=by)
    return locked


def end_for_return(*, back: Return, by: User) -> None:
    """End the connection of a returned CORE, inside the transaction that pays for the return.

    The return refunds the CORE and its first year. This refunds the months of each later year that were unused when the
    return began, by the order of that year.
    """
    found = Subscription.objects.filter(item=back.item_id).exclude(state=SubscriptionState.ENDED).first()
    if found is None:
        # It was never activated: its order may have nothing left that a card pays for.
        cards.drop_over(registrant=back.registrant, actor=by.actor)
        return
    connections.years(found.pk)
    locked = connections.subscription(found.pk, with_orders=True)
    if locked.state != SubscriptionState.ENDED:
        later = [term for term in selectors.terms_of(locked) if term.line_id != locked.line_id]
        _give_back(later, by.actor, on=timezone.localdate(back.requested_at))
        _end(locked, by)
        # As the portal: an administrator may pay for a return, but may not cancel an order.
        _end_years(locked, ACTOR)


def end_due() -> int:
    due = list(selectors.subscriptions_to_end(timezone.localdate()).values_list("core", flat=True))
    return sum(_end_one(core) for core in due)


@transaction.atomic
def _end_one(core: UUID) -> bool:
    held = core_locks.core(core)
    due = selectors.subscriptions_to_end(timezone.localdate()).filter(core=core)
    found = due.values_list("pk", "line__order").first()
    if found is None:
        return False
    order_locks.order(found[1])
    locked = connections.subscription(found[0], with_orders=True)
    if locked.state != SubscriptionState.CANCEL_SCHEDULED:
        return False
    _end(locked, ACTOR)
    cores.stop(core=held, by=ACTOR)
    return True


def _own(core: Core, by: User) -> tuple[Core, Subscription]:
    """Lock a CORE of the user's own business, the order that bought it, the orders of its years, and its connection."""
    held = core_locks.own_core(core.pk, by=by)
    found = selectors.own_subscription(by, held)
    order_locks.order(found.line.order_id)
    connections.years(found.pk)
    locked = connections.subscription(found.pk, with_orders=True)
    policies.must_not_come_back(locked, is_coming_back=selectors.is_coming_back(locked))
    return held, locked


def _end(locked: Subscription, by: User | Actor) -> None:
    locked.ended_at, locked.past_due_on, locked.stopped = timezone.now(), None, False
    steps.take(locked, SubscriptionState.ENDED, by)
    cards.drop_over(registrant=locked.registrant, actor=actor_of(by))


def _end_years(locked: Subscription, by: User | Actor) -> None:
    for order in years.end_waiting(subscription=locked, by=by):
        transaction.on_commit(partial(payments.close_pages, order=order))


def _give_back(terms: list[Term], actor: Actor, *, on: date | None = None) -> None:
    """Refund months that have not begun: credit the unpaid part on the invoice, and refund the rest as it was paid.

    The buyer gets a message of what comes off the invoice, and of the rest once it is paid out. Each year is refunded
    by the order that paid it. on: count months from that day, not today. A year that has not begun becomes void.
    """
    today = on or timezone.localdate()
    for term in terms:
        cents = selectors.unused_fee(term, today)
        if cents <= 0:
            continue
        line, order = term.line, term.line.order
        with override(order.language):
            reason = _("Unused whole months of the fee")
        note = invoices.credit_part(order=order, line=line, cents=cents, reason=reason, actor=actor)
        unpaid = note.total if note else 0
        if note is not None:
            orders.write_to_buyer(order, MessageKind.ORDER_REFUND, note=str(note.pk))
        given = refunds.give_for(line=line, cents=cents - unpaid, source=RefundSource.FEE, actor=actor)
        term.refunded += unpaid + given
        if term.starts_on > today:
            term.void_at = timezone.now()
        term.save(update_fields=["refunded", "void_at"])


ENDS = (OrderState.AWAITING_PAYMENT, OrderState.AWAITING_APPROVAL, OrderState.PAID, OrderState.ON_ACCOUNT)
"""States of an order before its first parcel ships."""


def end_for_leaver(registrant: Registrant, actor: Actor) -> None:
    """Cancel the unshipped orders of a locked registrant, inside the transaction in which the registrant leaves.

    Payments are refunded in full. Drafts, card and unused certificates are deleted; the cart goes with its account.
    """
    Order.objects.filter(registrant=registrant, state=OrderState.DRAFT).delete()
    open_orders = Order.objects.filter(registrant=registrant, state__in=ENDS).order_by("pk")
    # The bill for an old CORE stays owed until the CORE comes.
    open_orders = open_orders.exclude(method=PayMethod.CHARGE)
    for pk in list(open_orders.values_list("pk", flat=True)):
        order = order_locks.order(pk)
        if order.state in ENDS:
            orders.end(order=order, by=actor, role=Role.BUSINESS, waits=False)
            transaction.on_commit(partial(payments.close_pages, order=order))
    # After the orders: a settlement locks its order before the card.
    for card in CardOnFile.objects.filter(registrant=registrant):
        transaction.on_commit(partial(cards.forget_at_service, card.method))
        record(event=Event.CARD_REMOVED, actor=actor, subject=registrant.subject)
        card.delete()
    unused = ExemptionCertificate.objects.filter(registrant=registrant, order__isnull=True)
    for certificate in unused:
        transaction.on_commit(partial(files.discard_paper, certificate.paper))
    unused.delete()
