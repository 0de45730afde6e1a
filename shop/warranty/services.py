"""Warranty claims: the owner of an active CORE gets another one, free of charge, and the old one comes back.

The bill for an old CORE that never came is an order that nobody placed: one line, on account, due in 30 days. No card
is ever charged for it. The bill is canceled in full if the old CORE arrives later.
"""

from collections.abc import Sequence

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _, override

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from integration.cores import locks as core_locks
from integration.cores.models import Core
from integration.cores.services import cores
from integration.cores.services.credentials import IssuedCode
from registry.registrants.models import Registrant
from shop.catalogue import files, policies as catalogue_policies, services as catalogue
from shop.catalogue.models import LONGEST_NAME, MovementKind, Product, ProductKind
from shop.orders import policies as orders_policies
from shop.orders.models.orders import Order, PayMethod, TaskKind
from shop.orders.selectors import money
from shop.orders.selectors.quotes import OrderQuote, exemption_of, line_of
from shop.orders.services import invoices, orders
from shop.orders.states import OrderState
from shop.parcels.models import ShipmentItem
from shop.returns import worth
from shop.rules import DUE_AFTER, OLD_UNIT_WITHIN
from shop.warranty import locks, policies, selectors
from shop.warranty.models import Claim, ClaimPicture
from shop.warranty.states import ClaimState

ACTOR = task_actor("shop.warranty")


def open_claim(*, core: Core, by: User, problem: str, pictures: "Sequence[File[bytes] | files.Sizes]") -> Claim:
    """Open a claim that an active CORE does not work as it should, as its owner, with pictures or none.

    Raises NotYours, Stale if the CORE is not active or claimed already, ValidationError on "problem" or "picture".
    """
    tidy = policies.check_problem(problem)
    policies.check_pictures(pictures)
    encoded = [files.sizes_of(picture, sender=by.pk) for picture in pictures]
    with transaction.atomic():
        locked = core_locks.own_core(core.pk, by=by)
        policies.must_be_covered(locked)
        try:
            with transaction.atomic():
                claim = Claim.objects.create(core=locked, registrant=locked.registrant, problem=tidy)
        except IntegrityError as error:
            raise Stale(_("You already told us about this CORE."), subject=locked.subject) from error
        rows = [ClaimPicture(claim=claim, key=files.new_key()) for _each in encoded]
        ClaimPicture.objects.bulk_create(rows)
        facts: dict[str, int | str] = {"core": locked.serial, "pictures": len(rows)}
        record(event=Event.CLAIM_OPENED, actor=by.actor, subject=claim.subject, facts=facts)
        files.keep_inspected((row.key for row in rows), encoded)
    return claim


def approve_claim(*, claim: Claim, by: User) -> Claim:
    """Approve a claim: its owner is promised another CORE. Raises Refused, Stale."""
    with transaction.atomic():
        locked = locks.claim(claim.pk)
        locked.decided_by, locked.decided_at = by, timezone.now()
        steps.take(locked, ClaimState.APPROVED, by)
        tell_owner(locked)
    return locked


def decline_claim(*, claim: Claim, by: User, reason: str) -> Claim:
    """Decline a claim. Raises Stale if the CORE is active and still its business's, ValidationError on "reason"."""
    with transaction.atomic():
        locked = locks.claim(claim.pk)
        steps.check(locked, ClaimState.DECLINED, by)
        policies.must_not_be_covered(locked)
        locked.reason = catalogue_policies.check_text("reason", reason, longest=200)
        locked.decided_by, locked.decided_at = by, timezone.now()
        locked.ended_at = locked.decided_at
        steps.take(locked, ClaimState.DECLINED, by)
        tell_owner(locked)
    return locked


def ask_for_old_core(core: Core, _actor: Actor) -> None:
    """Ask for the old CORE of a claim, inside the transaction that activates its replacement. core: the replacement."""
    found = Claim.objects.filter(replacement=core, state=ClaimState.REPLACEMENT_SHIPPED).first()
    if found is not None:
        locked = locks.claim(found.pk)
        locked.old_due_on = timezone.localdate() + OLD_UNIT_WITHIN
        steps.take(locked, ClaimState.OLD_UNIT_DUE, ACTOR, facts={"due_on": str(locked.old_due_on)})
        tell_owner(locked)


def replace_core(*, claim: Claim, by: User, new: Core | None) -> IssuedCode:
    """Send another CORE in place of a claim's CORE: cameras, rules and the rest of the paid year move to it.

    Returns the new CORE with the code for its parcel. Raises Stale, ValidationError on "serial".
    """
    with transaction.atomic():
        old = core_locks.core(claim.core_id)
        locked = locks.claim(claim.pk)
        steps.check(locked, ClaimState.REPLACEMENT_SHIPPED, by)
        issued = cores.replace(old=old, new=new, by=by)
        cores.ship(core=issued.core, by=by)
        _take_from_stock(issued.core, locked, by)
        locked.replacement, locked.replaced_at = issued.core, timezone.now()
        steps.take(locked, ClaimState.REPLACEMENT_SHIPPED, by)
        tell_owner(locked)
    return issued


def _take_from_stock(core: Core, claim: Claim, by: User) -> None:
    """Take a locked CORE, the replacement of a claim's CORE, out of stock.

    If all stock is reserved for orders, the CORE came from elsewhere, and the count of stock stays.
    """
    item = selectors.bought_as(claim)
    sold = item.line.product_id if item is not None else None
    products = Product.objects.filter(core_model=core.model_id).values_list("pk", flat=True)
    found = [stock for stock in catalogue.lock_stocks(products).values() if stock.free > 0]
    if found:
        best = max(found, key=lambda stock: (stock.product_id == sold, stock.free))
        catalogue.move_core(best, core, by, kind=MovementKind.SHIPPED, change=-1, note=claim.number)


def receive_old_core(*, claim: Claim, by: User, serial: str) -> Claim:
    """Close a claim because the old CORE came back, and cancel its bill. Raises Stale, ValidationError on "serial"."""
    with transaction.atomic():
        bill, locked = locks.with_bill(claim.pk)
        steps.check(locked, ClaimState.CLOSED, by)
        policies.must_be_the_old_one(locked, serial)
        locked.received_at = locked.ended_at = timezone.now()
        steps.take(locked, ClaimState.CLOSED, by)
        _settle_task(locked, by, "The old CORE came back")
        if bill is not None and bill.state == OrderState.ON_ACCOUNT:
            # Payments are refunded in full, and the rest is credited on the invoice.
            orders.end(order=bill, by=by)
            tell_owner(locked)
    return locked


def close_claim(*, claim: Claim, by: User, reason: str) -> Claim:
    """Close a claim without the old CORE, with a reason: the CORE is not billed, or the bill is paid.

    Raises Stale while a bill is unpaid, ValidationError on "reason".
    """
    with transaction.atomic():
        bill, locked = locks.with_bill(claim.pk)
        policies.must_be_settled(locked, owed=money.owed_of(bill) if bill else 0)
        locked.reason, locked.ended_at = catalogue_policies.check_text("reason", reason, longest=200), timezone.now()
        _settle_task(locked, by, locked.reason)
        return steps.take(locked, ClaimState.CLOSED, by)


def tell_owner(claim: Claim) -> None:
    """Send the owner of a CORE a message about the state of a locked claim."""
    context = {"claim": str(claim.pk), "state": claim.state}
    notifications.send(kind=MessageKind.CLAIM_PROGRESS, to=claim.registrant, about=claim.subject, context=context)


def _settle_task(claim: Claim, by: User, note: str) -> None:
    orders.settle_by_act(kind=TaskKind.OLD_UNIT_LATE, about=str(claim.pk), by=by, note=note)


def bill_old_core(*, claim: Claim, by: User) -> Claim:
    """Bill the value of a claim's old CORE, as a clerk, after the day by which it had to be back.

    Raises Refused, and Stale before that day, for a CORE that nobody bought here, and for a business that has left.
    """
    with transaction.atomic():
        locked = locks.claim(claim.pk)
        steps.check(locked, ClaimState.CHARGED, by)
        policies.must_be_late(locked, today=timezone.localdate())
        cents = selectors.worth_of_old(locked)
        owner = policies.check_billed(locked, cents)
        item = selectors.bought_as(locked)
        if item is None:
            raise ValueError("what has a worth was bought")
        order = locked.charge = _write_bill(locked, owner, item, cents)
        steps.take(locked, ClaimState.CHARGED, by, facts={"order": order.number, "cents": order.total})
        order.placed_at = order.bought_at = timezone.now()
        steps.take(order, OrderState.ON_ACCOUNT, by, facts={"number": order.number, "claim": locked.number})
        invoices.issue(order=order, actor=by.actor, due_on=timezone.localdate() + DUE_AFTER)
        _settle_task(locked, by, f"Billed by order {order.number}")
        tell_owner(locked)
    return locked


def _write_bill(claim: Claim, owner: Registrant, item: ShipmentItem, cents: int) -> Order:
    """Insert the order that bills a claim's old CORE, to the addresses of its purchase. cents: tax included."""
    bought = item.shipment.order
    rate = selectors.rate_for(item.line)
    exemption = exemption_of(owner, state=bought.ship_state, on=timezone.localdate())
    net = worth.net_within(cents, 0 if exemption else rate.basis_points)
    line = line_of(item.line.product, rate=rate, is_exempt=exemption is not None, unit_cents=net)
    # Nothing is sent for it, so its line is a service.
    line.kind, line.name, line.name_es = ProductKind.SERVICE, _bill_name(claim, "en"), _bill_name(claim, "es")
    return orders.insert(
        owner=owner,
        quoted=OrderQuote([line], exemption),
        method=PayMethod.CHARGE,
        ship_name=bought.ship_name,
        **orders_policies.address_columns("bill", bought.bill_to),
        **orders_policies.address_columns("ship", bought.ship_to),
    )


def _bill_name(claim: Claim, language: str) -> str:
    with override(language):
        name = _("Old CORE %(serial)s that did not come back") % {"serial": claim.core.serial}
    return name[:LONGEST_NAME]
