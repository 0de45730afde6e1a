"""Orders from draft to end, their reserved stock, purchase orders, and tasks of staff."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User, actor_of, task_actor
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.database import writing as database
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from registry.access_log import services as access_log
from registry.registrants import locks as registrant_locks
from registry.registrants.models import Registrant
from shop.catalogue import files, services as catalogue
from shop.catalogue.models import Reservation
from shop.catalogue.policies import check_text
from shop.limits.models import ShopLimits
from shop.orders import hooks, locks, policies
from shop.orders.models.orders import NUMBER_ONCE, Cart, Order, OrderLine, PayMethod, PurchaseOrder, ShopTask, TaskKind
from shop.orders.policies import Sending
from shop.orders.selectors.orders import live_reservations
from shop.orders.selectors.quotes import OrderQuote, consent_of, has_changed_price, quote, rows_of, wanted_of
from shop.orders.services import carts, invoices
from shop.orders.states import CONFIRMED, OrderState
from shop.parcels.policies import state_by_parcels
from shop.parcels.selectors import needs_reservation
from shop.payments.models import Refund, RefundSource
from shop.rules import DUE_AFTER, RESERVED_FOR


def _reserve_stock(*, order: Order) -> None:
    """Reserve all stock that a locked order needs, or none. Raises ValidationError on "lines" if too little is left."""
    needed = _stock_needs_of(order)
    locked = catalogue.lock_stocks(needed)
    short = [
        policies.short_words(name, locked[product].free if product in locked else 0)
        for product, (name, quantity) in needed.items()
        if product not in locked or locked[product].free < quantity
    ]
    if short:
        raise ValidationError({"lines": short})
    for product, stock in locked.items():
        Reservation.objects.create(order=order, stock=stock, quantity=needed[product][1])


def _stock_needs_of(order: Order) -> Mapping[UUID, tuple[str, int]]:
    """Return name and pieces of each product that an order needs from stock, by product id."""
    lines = order.lines.select_related("product").order_by("position")
    return {line.product_id: (line.local_name, line.quantity) for line in lines if line.product.is_shipped}


def reserve_again(*, order: Order, needs: Mapping[UUID, int]) -> None:
    """Reserve what a locked order needs, as far as the stock goes, and release the rest. needs: by product id."""
    held = live_reservations(order)
    other = {pk: needed for pk, needed in needs.items() if needed != (held[pk].left if pk in held else 0)}
    for stock in catalogue.lock_stocks(other).values():
        before, needed = held.get(stock.product_id), other[stock.product_id]
        if stock.free < needed - (before.left if before else 0):
            continue
        if before is not None:
            before.released_at = timezone.now()
            before.save(update_fields=["released_at"])
        if needed:
            Reservation.objects.create(order=order, stock=stock, quantity=needed)


def reserve_for_lines(*, order: Order, lines: Iterable[OrderLine]) -> None:
    """Reserve what lines of a locked order need after a refund, or after its end, and release the rest."""
    if order.state in CONFIRMED:
        needs, products = needs_reservation(order), {line.product_id for line in lines}
        reserve_again(order=order, needs={pk: needed for pk, needed in needs.items() if pk in products})


def follow_parcels(*, order: Order, by: User) -> None:
    """Take a locked order to the state that its parcels and refunds give it, inside the caller's transaction."""
    target = state_by_parcels(order)
    if target == order.state:
        return
    order.ended_at = None
    steps.take(order, target, by)


def write_to_buyer(order: Order, kind: MessageKind, **more: str | int) -> None:
    """Send a buyer a message in the order's language, in the caller's transaction; none to a buyer who has left."""
    notifications.send(
        kind=kind,
        to=order.registrant,
        language=order.language,
        about=order.subject,
        context={"order": str(order.pk), **more},
    )


def write_of_refund(*, order: Order, refund: Refund) -> None:
    write_to_buyer(order, MessageKind.ORDER_REFUND, refund=str(refund.pk))


def see_buyer(*, order: Order, by: User) -> None:
    """Record that a person is about to read the buyer and the addresses of an order.

    The buyer reads it in the access log, also for a parcel, refund or return of the order. See
    `registry.access_log.services.see_owner`.
    """
    access_log.see_owner(owner=order.registrant_id, by=by, subject=order.subject, number=order.number)


def draft(*, registrant: Registrant, cart: Cart | None, by: User, sending: Sending) -> Order:
    """Make a draft order from a cart, at current prices and taxes. It replaces the buyer's earlier draft.

    Nothing is bought or reserved yet. Raises NotYours if the registrant is somebody else's, Refused for a private
    buyer, and ValidationError: on "cart" if the cart is empty or too full, on "prices" if one differs from the price
    that the buyer has seen, on "lines" if too few are left, else on the field that is wrong.
    """
    with transaction.atomic():
        owner = registrant_locks.own_registrant(registrant.pk, by=by)
        policies.check_business(owner)
        columns = policies.check_sending(sending)
        rows = rows_of(cart)
        if not rows:
            raise ValidationError({"cart": _("Your cart is empty.")})
        if has_changed_price(rows):
            raise ValidationError({"prices": _price_changed_sentence()})
        if short := [row for row in rows if row.is_short]:
            words = [policies.short_words(row.line.product.local_name, row.line.product.free or 0) for row in short]
            raise ValidationError({"lines": words})
        limits = ShopLimits.current()
        for row in rows:
            policies.check_quantity(row.line.quantity, most=limits.most_of_one)
        policies.check_line_count(len(rows), most=limits.most_lines)
        wanted = [(row.line.product, row.line.quantity) for row in rows]
        quoted = quote(wanted, state=columns["ship_state"], zip_code=columns["ship_zip"], registrant=owner)
        Order.objects.filter(registrant=owner, state=OrderState.DRAFT).delete()
        order = insert(owner=owner, quoted=quoted, **columns)
        facts: dict[str, int | str] = {"number": order.number, "total": order.total}
        record(event=Event.ORDER_DRAFTED, actor=by.actor, subject=order.subject, facts=facts)
    return order


def insert(*, owner: Registrant, quoted: OrderQuote, **columns: object) -> Order:
    """Insert an order with its lines, inside the caller's transaction. columns: its addresses and other columns."""
    amounts = {name: getattr(quoted, name) for name in ("goods", "discount", "tax", "total")}
    order = Order.objects.create(
        registrant=owner,
        party=owner.name,
        language=owner.language,
        exemption=quoted.exemption,
        **amounts,
        **columns,
    )
    for position, line in enumerate(quoted.lines, start=1):
        line.order, line.position = order, position
    OrderLine.objects.bulk_create(quoted.lines)
    return order


def _price_changed_sentence() -> str:
    return _("A price has changed since you looked. Nothing was ordered. Please check the new total.")


def buy(*, order: Order, actor: Actor) -> bool:
    """Buy a locked order that is paid, inside the caller's transaction. False if too little stock is left for it.

    A lapsed reservation is made again if there is enough. `hooks.year_order` buys a further year, or returns False.
    """
    if order.renews_id is not None:
        return hooks.year_order.answer.buy(order=order, actor=actor)
    if not live_reservations(order).keys() >= _stock_needs_of(order).keys():
        try:
            with transaction.atomic():
                _reserve_stock(order=order)
        except ValidationError:
            return False
    order.bought_at, order.ended_at = timezone.now(), None
    steps.take(order, OrderState.PAID, actor, facts={"number": order.number})
    invoices.issue(order=order, actor=actor)
    write_to_buyer(order, MessageKind.ORDER_CONFIRMED)
    return True


def _buy_on_account(*, order: Order, actor: Actor, due_on: date) -> None:
    """Buy a locked order on account, inside the caller's transaction. Raises Stale if a further year can't begin."""
    if order.renews_id is not None:
        if not hooks.year_order.answer.buy(order=order, actor=actor, due_on=due_on):
            raise Stale(_("This year can't begin any more: its connection has ended."), subject=order.subject)
        return
    order.bought_at = timezone.now()
    steps.take(order, OrderState.ON_ACCOUNT, actor, facts={"number": order.number})
    invoices.issue(order=order, actor=actor, due_on=due_on)
    write_to_buyer(order, MessageKind.ORDER_CONFIRMED)


EXPIRER = "shop.expire_orders"
AT_ONCE = 100


def place(*, order: Order, by: User, consents: bool) -> Order:
    """Place an order that is paid by card: its stock is reserved for a while, and it waits for the payment.

    consents: to the yearly fee, as `consent_of` says it. Raises NotYours for another's order, Stale if it was placed
    already, and ValidationError: on "prices" if the order would cost another amount now or the cart differs from it
    (the checkout starts over and shows it), on "ship_zip" if the ZIP code is not in use, on "consent", and on "lines"
    if something is sold out.
    """
    with transaction.atomic():
        locked = locks.own_order(order.pk, by=by)
        steps.check(locked, OrderState.AWAITING_PAYMENT, by)
        _make_ready(order=locked, by=by, consents=consents)
        locked.method = PayMethod.CARD
        locked.reserved_until = timezone.now() + RESERVED_FOR
        steps.take(locked, OrderState.AWAITING_PAYMENT, by, facts={"number": locked.number})
    return locked


def _make_ready(*, order: Order, by: User, consents: bool) -> None:
    """Check a locked draft once more, reserve its stock and empty the cart, inside the caller's transaction.

    Raises ValidationError as `place`. A further year is not checked: it costs what was announced, by the first consent.
    """
    if order.renews_id is not None:
        order.placed_at = timezone.now()
        return
    now_costs = quote(wanted_of(order), state=order.ship_state, zip_code=order.ship_zip, registrant=order.registrant)
    if not now_costs.is_as(order):
        raise ValidationError({"prices": _price_changed_sentence()})
    order.consent = policies.check_consent(consents=consents, sentence=consent_of(order))
    order.placed_at = timezone.now()
    order.consent_at = order.placed_at if order.consent else None
    _reserve_stock(order=order)
    carts.empty_for_order(order=order, user=by)


def cancel(*, order: Order, by: User) -> Order:
    """Cancel an order before any parcel of it ships, as its buyer for any reason, or as a clerk.

    The paid amount is refunded in full, and the buyer gets one message: of that refund, of the refund of a payment made
    in this moment, or of the canceled unpaid order. Raises NotYours for another's order; Stale if it has shipped or
    ended, while a payment is being processed (nobody knows yet whether there is something to refund), for a bill, and
    for a further year, which ends with its connection.
    """
    with transaction.atomic():
        locked = locks.order(order.pk) if by.role in AGENCY_ROLES else locks.own_order(order.pk, by=by)
        policies.must_not_be_renewal(locked)
        policies.must_not_be_bill(locked)
        refunds, has_pages = end(order=locked, by=by), locked.attempts.exists()
        if not refunds and not has_pages:
            write_to_buyer(locked, MessageKind.ORDER_CANCELED)
    hooks.order_closed.answer.close_pages(order=locked)
    if not refunds and has_pages:
        _tell_unless_paid(locked)
    return locked


@transaction.atomic
def _tell_unless_paid(order: Order) -> None:
    """Write to the buyer of a canceled order with closed pages, unless a mail told of the refund of a late payment."""
    locked = locks.order(order.pk)
    if not Refund.objects.filter(payment__order=locked, source=RefundSource.LATE).exists():
        write_to_buyer(locked, MessageKind.ORDER_CANCELED)


def end(*, order: Order, by: User | Actor, role: str = "", waits: bool = True) -> int:
    """Cancel a locked order, inside the caller's transaction; return the number of refunds. role: as for `steps.take`.

    waits: raise Stale while a payment is being processed. Without it, such a payment is refunded when it arrives.
    """
    actor = actor_of(by)
    steps.check(order, OrderState.CANCELLED, actor, role=role)
    hooks.order_closed.answer.cancel_attempts(order=order, actor=actor, role=role, waits=waits)
    order.ended_at = timezone.now()
    steps.take(order, OrderState.CANCELLED, actor, role=role, facts={"number": order.number})
    reserve_again(order=order, needs=needs_reservation(order))
    refunds = hooks.order_closed.answer.give_all_back(order=order, actor=actor)
    hooks.year_order.answer.order_ended(order=order, actor=actor)
    invoices.credit_unpaid(order=order, actor=actor)
    return refunds


def complete_services(*, order: Order, by: User) -> Order:
    """Record as a clerk that the services of an order are done; its buyer gets a message, and it can't be canceled.

    Raises Refused, and Stale for an order that has goods that are not refunded, is a bill, is not bought yet, or has
    ended.
    """
    demand(by, Permission.FULFILMENT, subject=order.subject)
    with transaction.atomic():
        locked = locks.order(order.pk)
        policies.must_be_to_do(locked)
        locked.ended_at = timezone.now()
        steps.take(locked, OrderState.COMPLETED, by, facts={"number": locked.number})
        write_to_buyer(locked, MessageKind.ORDER_DONE)
    return locked


def expire_due() -> int:
    """Expire orders that were not paid in time, so that others may buy their stock. Returns how many.

    The gateway is asked first. A payment in the last moment counts; an order whose payment is being processed waits.
    """
    due = Order.objects.filter(state=OrderState.AWAITING_PAYMENT, reserved_until__lte=timezone.now())
    expired = 0
    for pk in due.order_by("reserved_until", "pk").values_list("pk", flat=True)[:AT_ONCE]:
        hooks.order_closed.answer.close_pages(order=Order.objects.get(pk=pk))
        expired += _expire(pk)
    return expired


@transaction.atomic
def _expire(pk: UUID) -> bool:
    locked = locks.order(pk)
    if locked.state != OrderState.AWAITING_PAYMENT or locked.reserved_until is None:
        return False
    if locked.reserved_until > timezone.now():
        return False
    if hooks.order_closed.answer.is_being_paid(order=locked):
        return False
    locked.ended_at = timezone.now()
    steps.take(locked, OrderState.EXPIRED, task_actor(EXPIRER), facts={"number": locked.number})
    reserve_again(order=locked, needs=needs_reservation(locked))
    return True


def submit_purchase_order(
    *,
    order: Order,
    by: User,
    consents: bool,
    number: str,
    limit: int,
    paper: "File[bytes] | files.CheckedPaper | None",
) -> PurchaseOrder:
    """Place an order by a purchase order; its stock is reserved until a clerk has decided.

    limit: cents that the purchase order allows. paper: its scan, checked already if the caller is in a transaction.
    Raises as `place`, and ValidationError on "number" if it was used before, on "limit" if it is below the total, on
    "paper".
    """
    key, content = files.check_paper(paper, sender=by.pk)
    with transaction.atomic():
        locked = locks.own_order(order.pk, by=by)
        steps.check(locked, OrderState.AWAITING_APPROVAL, by)
        tidy = policies.check_purchase_order_number(number, registrant=locked.registrant)
        policies.check_purchase_order_limit(limit, total=locked.total)
        _make_ready(order=locked, by=by, consents=consents)
        with database.refuse_duplicate(NUMBER_ONCE, field="number", sentence=policies.used_number_words()):
            purchase_order = PurchaseOrder.objects.create(
                order=locked,
                registrant=locked.registrant,
                number=tidy,
                limit=limit,
                total=locked.total,
                paper=key,
            )
        locked.method = PayMethod.PURCHASE_ORDER
        steps.take(locked, OrderState.AWAITING_APPROVAL, by, facts={"number": locked.number, "limit": limit})
        files.keep_paper(key, content)
    return purchase_order


def approve_purchase_order(*, purchase_order: PurchaseOrder, by: User) -> PurchaseOrder:
    """Approve a purchase order as a clerk: its order is bought, and the invoice is due in 30 days.

    Raises Refused; Stale if a clerk has decided, the order was canceled, or a further year can't begin.
    """
    with transaction.atomic():
        order, locked = _locked_purchase_order(purchase_order, by, approves=True)
        locked.approved_by, locked.approved_at = by, timezone.now()
        locked.save(update_fields=["approved_by", "approved_at"])
        order.purchase_order = locked
        due_on = timezone.localdate() + DUE_AFTER
        _buy_on_account(order=order, actor=by.actor, due_on=due_on)
    return locked


def decline_purchase_order(*, purchase_order: PurchaseOrder, by: User, reason: str) -> PurchaseOrder:
    """Decline a purchase order with a reason: its order is canceled, and its number may be used again.

    A further year waits for a card again. Raises Refused, Stale, and ValidationError on "reason".
    """
    with transaction.atomic():
        order, locked = _locked_purchase_order(purchase_order, by, approves=False)
        locked.reason = check_text("reason", reason, longest=200)
        locked.declined_by, locked.declined_at = by, timezone.now()
        locked.save(update_fields=["declined_by", "declined_at", "reason"])
        record(event=Event.PURCHASE_ORDER_DECLINED, actor=by.actor, subject=locked.subject, reason=reason)
        end(order=order, by=by)
        write_to_buyer(order, MessageKind.ORDER_REFUSED)
        if order.renews_id is not None:
            hooks.year_order.answer.declined(order=order)
    return locked


def _locked_purchase_order(purchase_order: PurchaseOrder, by: User, *, approves: bool) -> tuple[Order, PurchaseOrder]:
    """Lock a purchase order that waits for a decision, after its order."""
    demand(by, Permission.FULFILMENT, subject=purchase_order.subject)
    hooks.year_order.answer.lock_core(purchase_order.order)
    order = locks.order(purchase_order.order_id)
    locked = PurchaseOrder.objects.select_for_update(no_key=True).get(pk=purchase_order.pk)
    policies.must_be_undecided(locked)
    bought = OrderState.ON_ACCOUNT if order.renews_id is None else OrderState.COMPLETED
    target = bought if approves else OrderState.CANCELLED
    steps.check(order, target, by)
    return order, locked


def open_task(*, kind: TaskKind, about: str, facts: dict[str, int | str], order: Order | None = None) -> None:
    """Open a task for staff, inside the caller's transaction. At most one task of a kind is open for one subject."""
    task = ShopTask(kind=kind, about=about, order=order, facts=facts)
    ShopTask.objects.bulk_create([task], ignore_conflicts=True)


def settle_task(*, task: ShopTask, by: User, note: str) -> ShopTask:
    """Close a task of staff with a note of what was done. Raises Refused, Stale, ValidationError on "note"."""
    demand(by, Permission.FULFILMENT, subject=task.subject)
    with transaction.atomic():
        locked = ShopTask.objects.select_for_update(no_key=True).get(pk=task.pk)
        if locked.done_at is not None:
            raise Stale(_("Somebody has settled this already."), subject=locked.subject)
        return _done(locked, by, check_text("note", note, longest=200))


def settle_by_act(*, kind: TaskKind, about: str, by: User, note: str) -> None:
    """Close the open task of a kind about a subject, inside the transaction of the act that settles it."""
    for task in ShopTask.objects.select_for_update(no_key=True).filter(kind=kind, about=about, done_at__isnull=True):
        _done(task, by, note)


def _done(task: ShopTask, by: User, note: str) -> ShopTask:
    task.note, task.done_by, task.done_at = note, by, timezone.now()
    task.save(update_fields=["note", "done_by", "done_at"])
    record(event=Event.SHOP_TASK_DONE, actor=by.actor, subject=task.subject, facts={"kind": task.kind}, reason=note)
    return task
