"""Returns: asked for, received, inspected, accepted, refunded; and the deductions from them.

The value of a CORE is recorded at once, as its owner saw it, and changes only for missing or broken parts. A return is
closed when its money has arrived, and opened again if the bank sends the money back.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _, override

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.lifecycle import find_or_refuse
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from integration.cores import locks as core_locks
from integration.cores.models import Core
from integration.cores.services import cores
from integration.cores.services.credentials import IssuedCode
from registry.places.models import Premises
from shop.catalogue import files
from shop.catalogue.money import dollars
from shop.catalogue.policies import check_text
from shop.connections.services import subscriptions
from shop.orders import locks
from shop.orders.models.orders import Order
from shop.orders.services import invoices
from shop.parcels import policies as parcel_policies
from shop.payments import locks as payment_locks, policies as payment_policies
from shop.payments.models import Payment, Refund, RefundSource
from shop.payments.services import refunds
from shop.payments.states import OPEN_REFUNDS, RefundState
from shop.returns import policies, worth
from shop.returns.models import AgeStep, DeductionSchedule, PartDeduction, Return, ReturnPart, ReturnPicture
from shop.returns.selectors import bought_item_of, quote_of_item, split_of_return
from shop.returns.states import NO_RETURNS, ReturnState

UNDONE = "undone"
"""News for an owner: the last message about the return was a mistake."""


def begin_return(core: Core, actor: Actor) -> None:
    """Open the return of a locked CORE that its owner gives back, if bought here, inside the caller's transaction."""
    _open_return(core, actor)


def request_return(*, core: Core, by: User) -> Return | None:
    """Open the return of a CORE that is coming back already, as its owner or as a clerk for the owner.

    An open return is returned as it is. None if the CORE was not bought here. Raises NotYours, Refused, Stale.
    """
    with transaction.atomic():
        if by.role in AGENCY_ROLES:
            demand(by, Permission.FULFILMENT, subject=core.subject)
            locked = core_locks.core(core.pk)
        else:
            locked = core_locks.own_core(core.pk, by=by)
        policies.must_be_away(locked)
        return _open_return(locked, by.actor)


def withdraw_return(*, back: Return, by: User, premises: Premises | None) -> IssuedCode:
    """End the return of a CORE that its owner has not sent; the owner keeps it at one of their places, with a new code.

    Raises NotYours, Stale once the CORE is on its way, ValidationError on "premises".
    """
    with transaction.atomic():
        core_locks.own_core(back.core_id, by=by)
        _order, locked = _return_with_order(back.pk, owner=by)
        locked.ended_at = timezone.now()
        steps.take(locked, ReturnState.WITHDRAWN, by)
        return cores.cancel_return(core=locked.core, by=by, premises=premises)


def approve_return(*, back: Return, by: User) -> Return:
    with transaction.atomic():
        _order, locked = _return_with_order(back.pk)
        policies.must_not_be_here(locked)
        locked.decided_at = timezone.now()
        steps.take(locked, ReturnState.APPROVED, by)
        _tell_owner(locked)
    return locked


def decline_return(*, back: Return, by: User, reason: str) -> Return:
    """Decline a return. Raises Stale if the business that bought the CORE is its owner, ValidationError on "reason"."""
    with transaction.atomic():
        _order, locked = _return_with_order(back.pk)
        steps.check(locked, ReturnState.DECLINED, by)
        policies.must_not_be_theirs(locked)
        locked.reason = check_text("reason", reason, longest=200)
        locked.decided_at = locked.ended_at = timezone.now()
        steps.take(locked, ReturnState.DECLINED, by)
        _tell_owner(locked)
    return locked


def label_return(*, back: Return, by: User, carrier: str, tracking: str) -> Return:
    """Record the label that a clerk sends the owner: the first one, or one that replaces an old one.

    Raises Stale while the old label is valid, ValidationError on "carrier" or "tracking".
    """
    with transaction.atomic():
        _order, locked = _return_with_order(back.pk)
        policies.may_be_labelled(locked, by=by)
        locked.tracking = parcel_policies.check_label(carrier=carrier, tracking=tracking)
        locked.carrier, locked.labelled_at = carrier, timezone.now()
        facts: dict[str, int | str] = {"carrier": carrier, "tracking": locked.tracking}
        if locked.state != ReturnState.LABEL_SENT:
            steps.take(locked, ReturnState.LABEL_SENT, by, facts=facts)
        else:
            locked.save(update_fields=["carrier", "tracking", "labelled_at"])
            record(event=Event.RETURN_LABELLED, actor=by.actor, subject=locked.subject, facts=facts)
        _tell_owner(locked)
    return locked


def send_return(*, back: Return, by: User) -> Return:
    """Record that the carrier has the return's parcel, as the owner or as a clerk. Raises NotYours, Stale."""
    with transaction.atomic():
        _order, locked = _return_with_order(back.pk, owner=None if by.role in AGENCY_ROLES else by)
        policies.must_not_be_here(locked)
        locked.sent_at = timezone.now()
        steps.take(locked, ReturnState.IN_TRANSIT, by)
    return locked


def _tell_owner(back: Return, *, news: str = "") -> None:
    """Send the owner a message about the state of a locked return, or about `news`."""
    context = {"return": str(back.pk), "state": news or back.state}
    notifications.send(kind=MessageKind.RETURN_PROGRESS, to=back.registrant, about=back.subject, context=context)


def _open_return(core: Core, actor: Actor) -> Return | None:
    found = bought_item_of(core)
    if found is None:
        return None
    order = locks.order(found.shipment.order_id)
    live = Return.objects.filter(item=found).exclude(state__in=NO_RETURNS).first()
    if live is not None:
        return live
    back = quote_of_item(found, core)
    back.order, back.registrant = order, core.registrant
    if policies.is_theirs(back):
        back.state, back.decided_at = ReturnState.APPROVED, timezone.now()
    back.save(force_insert=True)
    facts: dict[str, int | str] = {"core": core.serial, "order": order.number, "cents": back.expected}
    record(event=Event.RETURN_REQUESTED, actor=actor, subject=back.subject, facts=facts)
    _tell_owner(back)
    return back


def receive_return(*, back: Return, by: User, serial: str) -> Return:
    """Record that the parcel with the returned CORE arrived; the deadlines begin. serial: scanned or typed.

    Raises ValidationError on "serial" for another CORE, or none: then nothing is recorded.
    """
    with transaction.atomic():
        _order, locked = _return_with_order(back.pk)
        steps.check(locked, ReturnState.RECEIVED, by)
        locked.found = policies.check_scan(locked, serial)
        locked.received_by, locked.received_at = by, timezone.now()
        steps.take(locked, ReturnState.RECEIVED, by, facts={"found": locked.found})
        _tell_owner(locked)
    return locked


def inspect_return(
    *,
    back: Return,
    by: User,
    parts: Iterable[PartDeduction],
    note: str,
    pictures: "Sequence[File[bytes] | files.Sizes]",
) -> Return:
    """Record the inspection of a returned CORE: pictures, a note, and missing or broken parts with their deductions.

    Raises Refused, Stale, and ValidationError on "parts", "note" or "picture".
    """
    demand(by, Permission.FULFILMENT, subject=back.subject)
    policies.check_pictures(pictures)
    encoded = [files.sizes_of(picture, sender=by.pk) for picture in pictures]
    with transaction.atomic():
        _order, locked = _return_with_order(back.pk)
        steps.check(locked, ReturnState.INSPECTED, by)
        policies.must_hold_it(locked)
        missing = policies.check_parts(locked, parts)
        locked.note = check_text("note", note, longest=policies.LONGEST_NOTE, needed=False)
        each = worth.off_for(locked.device, [part.basis_points for part in missing])
        ReturnPart.objects.bulk_create(
            ReturnPart(of_return=locked, part=part, cents=cents) for part, cents in zip(missing, each, strict=True)
        )
        rows = _picture_rows(locked, len(encoded))
        locked.parts_off = sum(each)
        locked.inspected_by, locked.inspected_at = by, timezone.now()
        facts: dict[str, int | str] = {"parts": len(missing), "off": locked.parts_off, "pictures": len(encoded)}
        steps.take(locked, ReturnState.INSPECTED, by, facts=facts)
        files.keep_inspected((row.key for row in rows), encoded)
    return locked


def accept_return(*, back: Return, by: User) -> Return:
    """Accept an inspected CORE, and fix its refund, above zero in any case, and how much of it comes off the invoice.

    Raises Stale if it was not in the parcel.
    """
    with transaction.atomic():
        _order, locked = _return_with_order(back.pk)
        steps.check(locked, ReturnState.ACCEPTED, by)
        policies.must_hold_it(locked)
        locked.refund = policies.goes_back(locked)
        locked.off = split_of_return(locked).off
        steps.take(locked, ReturnState.ACCEPTED, by, facts={"cents": locked.refund})
        _tell_owner(locked)
    return locked


def report_missing_core(
    *, back: Return, by: User, serial: str, reason: str, pictures: "Sequence[File[bytes] | files.Sizes]"
) -> Return:
    """Record that a return's parcel came without the CORE, with pictures. The owner may still send the CORE.

    serial: of another CORE in the parcel, or "". reason: read by the owner. Raises ValidationError by field.
    """
    demand(by, Permission.FULFILMENT, subject=back.subject)
    policies.check_pictures(pictures)
    encoded = [files.sizes_of(picture, sender=by.pk) for picture in pictures]
    with transaction.atomic():
        _order, locked = _return_with_order(back.pk)
        locked.found = policies.check_other(locked, serial)
        locked.reason = check_text("reason", reason, longest=200)
        locked.received_by, locked.received_at = by, timezone.now()
        locked.ended_at = locked.received_at
        rows = _picture_rows(locked, len(encoded))
        facts: dict[str, int | str] = {"found": locked.found, "pictures": len(encoded)}
        steps.take(locked, ReturnState.REJECTED, by, facts=facts)
        _tell_owner(locked)
        files.keep_inspected((row.key for row in rows), encoded)
    return locked


def undo_parcel(*, back: Return, by: User, reason: str) -> Return:
    """Undo the record of a return's parcel: the return continues as before the parcel arrived.

    reason: for the log. Raises Stale once money has moved, ValidationError on "reason".
    """
    with transaction.atomic():
        core_locks.core(back.core_id)
        _order, locked = _return_with_order(back.pk)
        policies.may_be_undone(locked, by=by)
        why = check_text("reason", reason, longest=200)
        facts: dict[str, int | str] = {"was": locked.state, "found": locked.found, "parts": locked.parts.count()}
        locked.found = locked.note = locked.reason = ""
        locked.received_by = locked.received_at = locked.inspected_by = locked.inspected_at = None
        locked.parts_off = locked.refund = locked.off = locked.ended_at = None
        steps.take(locked, policies.way_back(locked), by, facts=facts, reason=why)
        locked.parts.all().delete()
        _tell_owner(locked, news=UNDONE)
    return locked


def _picture_rows(back: Return, number: int) -> Sequence[ReturnPicture]:
    return ReturnPicture.objects.bulk_create(
        ReturnPicture(of_return=back, key=files.new_key()) for _each in range(number)
    )


def pay_return(*, back: Return, by: User) -> Return:
    """Refund a return, as a person who did not inspect the CORE: two people answer for each return.

    From now on the CORE may be sold again, and its connection has ended. The unpaid part of the order comes off its
    invoice. A failed refund is made again, as another row. Earlier refunds of the same line are not paid twice. Raises
    Refused, and Stale if nothing is left to pay: if two people press in the same second, one pays.
    """
    with transaction.atomic():
        order, locked = _return_with_order(back.pk)
        demand(by, Permission.GIVE_BACK, subject=locked.subject)
        payment_policies.must_not_have_inspected(locked.inspected_by_id, by=by, subject=locked.subject)
        payment_locks.person(by)
        if locked.state in (ReturnState.REFUNDING, ReturnState.CLOSED):
            policies.must_be_owed(locked)
        else:
            off = split_of_return(locked).off
            steps.take(locked, ReturnState.REFUNDING, by, facts={"cents": locked.refund or 0})
            locked.item.back_at = timezone.now()
            locked.item.save(update_fields=["back_at"])
            subscriptions.end_for_return(back=locked, by=by)
            _credit_unpaid(locked, order, by, off)
        for payment in payment_locks.payments_of(order):
            _refund(locked, order, payment, by)
        _close_return_if_done(locked, by=by)
    return locked


def follow_refund(*, refund: Refund, by: User | Actor) -> None:
    """Close the return of a locked refund that arrived, or open it again if it failed, in the caller's transaction."""
    if refund.of_return_id is None:
        return
    _order, back = _return_with_order(refund.of_return_id)
    if refund.state == RefundState.SUCCEEDED:
        _close_return_if_done(back, by=by)
    elif back.state == ReturnState.CLOSED:
        back.ended_at = None
        steps.take(back, ReturnState.REFUNDING, by, facts={"refund": str(refund.pk)})


def _close_return_if_done(back: Return, *, by: User | Actor) -> None:
    """Close a locked return that has no refund under way and nothing left to pay."""
    on_its_way = back.refunds.filter(state__in=[RefundState.REQUESTED, *OPEN_REFUNDS]).exists()
    if back.state == ReturnState.REFUNDING and not on_its_way and not _can_pay_return(back):
        back.ended_at = timezone.now()
        steps.take(back, ReturnState.CLOSED, by)


def _can_pay_return(back: Return) -> bool:
    """True if a return still owes cents, and the payments and the line of its order can still refund some."""
    line = back.line
    payments = Payment.objects.filter(order=back.order_id)
    return policies.owed(back) > 0 and line.total > line.held and any(payment.refundable for payment in payments)


def _credit_unpaid(back: Return, order: Order, by: User, off: int) -> None:
    """Take `off` cents of the refund off the invoice of a locked order, as far as nobody has paid the invoice."""
    reason = _reason(back, order)
    note = invoices.credit_part(order=order, line=back.line, cents=off, reason=reason, actor=by.actor)
    back.credited = note.total if note else 0
    back.save(update_fields=["credited"])


def _refund(back: Return, order: Order, payment: Payment, by: User) -> None:
    """Refund what is still owed for a return from a locked payment, as far as payment and line allow."""
    line = order.lines.get(pk=back.line_id)
    cents = min(policies.owed(back), payment.refundable, line.total - line.held)
    if cents <= 0:
        return
    refund = Refund.objects.create(
        payment=payment,
        source=RefundSource.RETURN,
        cents=cents,
        reason=_reason(back, order),
        clerk=by,
        of_return=back,
    )
    refunds.record_lines(refund=refund, order=order, actor=by.actor, parts=[(line, cents)])
    refunds.submit(refund=refund, by=by)


def _reason(back: Return, order: Order) -> str:
    """Return the reason for the refund and its credit note, in the language of the order."""
    with override(order.language):
        sentence = _("Return %(number)s: %(device)s for the CORE, %(fee)s for unused months of the fee")
        device = (back.refund or 0) - back.fee_back
        return sentence % {"number": back.number, "device": dollars(device), "fee": dollars(back.fee_back)}


ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('shop.deductions'))"


def publish_deductions(
    *, by: User, lowest: int, steps: Mapping[int, int], parts: Sequence[policies.Part]
) -> DeductionSchedule:
    """Publish the deductions from now on, as a new version. COREs ordered earlier keep their version.

    lowest: smallest refund, in hundredths of a percent. steps: by the age in months from which they count. Raises
    Refused unless an administrator publishes, ValidationError on "lowest", "steps" or "parts".
    """
    demand(by, Permission.ADMINISTER)
    least = policies.check_lowest(lowest)
    ages, each = policies.check_steps(steps), policies.check_part_deductions(parts)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME)
        last = DeductionSchedule.objects.aggregate(last=Max("version"))["last"] or 0
        schedule = DeductionSchedule.objects.create(version=last + 1, lowest=least, published_by=by)
        AgeStep.objects.bulk_create(
            AgeStep(schedule=schedule, from_months=month, basis_points=off) for month, off in ages.items()
        )
        PartDeduction.objects.bulk_create(
            PartDeduction(schedule=schedule, position=number, name=name, name_es=name_es, basis_points=off)
            for number, (name, name_es, off) in enumerate(each, start=1)
        )
        facts: dict[str, int | str] = {"version": schedule.version, "lowest": least, "steps": len(ages)}
        record(event=Event.DEDUCTIONS_PUBLISHED, actor=by.actor, subject=schedule.subject, facts=facts)
    return schedule


def _return_with_order(pk: UUID, *, owner: User | None = None) -> tuple[Order, Return]:
    """Lock the order of a return, then the return; return both. owner: only a return of theirs. Raises NotYours."""
    rows = Return.objects.filter(pk=pk)
    own = (rows.filter(registrant__user=owner) if owner else rows).values_list("order", flat=True)
    order = locks.order(find_or_refuse(own, _("There is no such return."), subject=("return", str(pk))))
    locking = Return.objects.select_for_update(of=("self",), no_key=True)
    locked = locking.select_related("core__registrant", "line", "item", "registrant__user").get(pk=pk)
    locked.order = order
    return order, locked
