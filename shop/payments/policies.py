from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Subject
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from shop.catalogue.money import dollars
from shop.catalogue.policies import check_text
from shop.orders.models.orders import ON_ACCOUNT, Order, OrderLine
from shop.orders.policies import check_pieces, refunded_pieces
from shop.orders.states import CONFIRMED, OrderState
from shop.payments.models import Payment, PaymentMethod, Refund
from shop.payments.states import RefundState


def may_send(refund: Refund, *, by: User, is_within: bool, bound: int) -> None:
    """Raise Refused unless `by` may send a refund.

    is_within: two people answer for it, or it is within the limit of one person. bound: that limit, in cents.
    """
    demand(by, Permission.GIVE_BACK, subject=refund.subject)
    if refund.of_return is not None:
        must_not_have_inspected(refund.of_return.inspected_by_id, by=by, subject=refund.of_return.subject)
    if not is_within or (refund.needs_second and refund.clerk_id == by.pk):
        sentence = _(
            "This is beyond what one person gives back alone to one buyer, and in one day: %(limit)s. Another person "
            "sends it."
        )
        raise Refused(sentence % {"limit": dollars(bound)}, subject=refund.subject)


def must_not_have_inspected(inspector: UUID | None, *, by: User, subject: Subject) -> None:
    """Raise Refused if `by` inspected a returned CORE. inspector: None before it. subject: the return in the log."""
    if inspector == by.pk:
        sentence = _("You inspected this CORE, so another person does this: a clerk or an administrator.")
        raise Refused(sentence, subject=subject)


def check_amounts(
    amounts: Mapping[UUID, int], *, payment: Payment | None, lines: Mapping[UUID, OrderLine], owed: int = 0
) -> int:
    """Return the sum of `amounts`. Raises ValidationError on "amounts", or on the id of a line that gets too much.

    payment: the one to refund, None without one. owed: cents of the order that nobody paid.
    """
    for pk, cents in amounts.items():
        line = lines.get(pk)
        if line is None:
            raise ValidationError({"amounts": _("This line is not one of this order.")})
        check_amount(cents, line=line)
    return check_sum(amounts.values(), payment=payment, owed=owed)


def check_amount(cents: int | None, *, line: OrderLine) -> None:
    """Raise ValidationError on the id of a line if `cents` exceed what can still be refunded for it."""
    if cents is not None and cents > line.total - line.held:
        facts = {"left": dollars(line.total - line.held), "name": line.local_name}
        raise ValidationError({str(line.pk): _("Of “%(name)s” at most %(left)s can still go back.") % facts})


def check_sum(amounts: Collection[int], *, payment: Payment | None, owed: int = 0) -> int:
    """Return the sum of `amounts`. Raises ValidationError on "amounts" for nothing, or more than can be given back."""
    if not amounts or any(cents <= 0 for cents in amounts):
        raise ValidationError({"amounts": _("Write how much goes back, for at least one line.")})
    most = owed + (payment.refundable if payment else 0)
    if sum(amounts) > most:
        sentence = _("Of this payment at most %(left)s can still go back.")
        if owed:
            sentence = _("At most %(left)s can come off the invoice and go back at once.")
        raise ValidationError({"amounts": sentence % {"left": dollars(most)}})
    return sum(amounts)


def check_alone(*, has_room: bool, bound: int) -> None:
    """Raise ValidationError on "amounts" if a clerk would take more off an invoice than one person may."""
    if not has_room:
        sentence = _(
            "One person alone takes off at most %(bound)s for what is sent or done. More comes off when a CORE is "
            "returned. Once it is paid, another person can send it back."
        )
        raise ValidationError({"amounts": sentence % {"bound": dollars(bound)}})


def must_be_by_check(refund: Refund, payment: Payment) -> None:
    if payment.method != PaymentMethod.CHECK:
        raise Stale(_("This refund goes back to the card automatically."), subject=refund.subject)


def may_be_taken_back(refund: Refund, order: Order) -> None:
    """Raise Stale unless a refund may be canceled: before it is sent, or if its goods wait since it failed."""
    if order.state == OrderState.CANCELLED:
        raise Stale(_("This order is canceled, so all of its money goes back."), subject=refund.subject)
    if refund.state == RefundState.FAILED and not waits_for_decision(refund):
        raise Stale(_("This refund was made again, or holds no goods back."), subject=refund.subject)


def waits_for_decision(refund: Refund) -> bool:
    """True if a refund failed whose goods don't ship: a clerk gives it back again, or ships them after all.

    Never of a canceled order: nothing of it ships.
    """
    if refund.state != RefundState.FAILED or refund.payment.order.state not in CONFIRMED:
        return False
    lines = list(refund.lines.all())
    is_free = all(part.line.total - part.line.held >= part.cents for part in lines)
    return any(part.pieces for part in lines) and is_free


def waiting_for(lines: Iterable[UUID]) -> Sequence[Refund]:
    """Return the refunds of any of these lines that failed and whose goods wait for a clerk, oldest first."""
    rows = Refund.objects.filter(state=RefundState.FAILED, lines__line__in=list(lines)).distinct()
    rows = rows.select_related("payment__order").prefetch_related("lines__line").order_by("requested_at", "pk")
    return [refund for refund in rows if waits_for_decision(refund)]


def check_given_again(
    waiting: Iterable[Refund], *, amounts: Mapping[UUID, int], pieces: Mapping[UUID, int]
) -> Mapping[UUID, int]:
    """Return by line id the pieces that a new refund takes over from those that failed and wait.

    pieces: as far as a clerk wrote them. Raises ValidationError on the id of a line that gets less than failed, or on
    "pieces-" with it for fewer pieces: the new refund takes the place of those that failed, with all their lines.
    """
    cents, moved, names = Counter[UUID](), Counter[UUID](), dict[UUID, str]()
    for refund in waiting:
        for part in refund.lines.all():
            cents[part.line_id] += part.cents
            moved[part.line_id] += part.pieces
            names[part.line_id] = part.line.local_name
    for pk, name in names.items():
        facts = {"cents": dollars(cents[pk]), "number": moved[pk], "name": name}
        if amounts.get(pk, 0) < cents[pk]:
            sentence = _(
                "A refund of “%(name)s” failed. Give at least its %(cents)s back again, or ship the goods after all."
            )
            raise ValidationError({str(pk): sentence % facts})
        if pieces.get(pk, moved[pk]) < moved[pk]:
            sentence = _("A refund of “%(name)s” failed. Write at least its %(number)d, or ship the goods after all.")
            raise ValidationError({f"pieces-{pk}": sentence % facts})
    return moved


def must_be_on_account(order: Order) -> None:
    if order.method not in ON_ACCOUNT or order.state not in CONFIRMED:
        raise Stale(_("This order is not on account."), subject=order.subject)


def check_new_number(number: str, *, order: Order) -> str:
    """Return a check's number, tidied. Raises ValidationError on "check_number", also if the order has that check."""
    tidy = check_text("check_number", number, longest=40)
    if Payment.objects.filter(order=order, check_number=tidy).exists():
        raise ValidationError({"check_number": _("This check is recorded already.")})
    return tidy


def check_cents(cents: int, *, due: int) -> None:
    """Raise ValidationError on "cents" for more than is due, or nothing. due: the order's unpaid cents."""
    if not 0 < cents <= due:
        raise ValidationError({"cents": _("%(due)s is due. A check is above $0 and not more.") % {"due": dollars(due)}})


def check_day(received_on: date) -> None:
    """Raise ValidationError on "received_on" for a future day."""
    if received_on > timezone.localdate():
        raise ValidationError({"received_on": _("This day has not come yet.")})


def check_all_pieces(
    pieces: Mapping[UUID, int], *, amounts: Mapping[UUID, int], lines: Mapping[UUID, OrderLine]
) -> dict[UUID, int]:
    """Return by line id how many pieces don't ship any more after a refund. pieces: as far as a clerk wrote them.

    Those of a refund of these lines that failed are among them. Raises ValidationError on the id of a line, or on
    "pieces-" with it.
    """
    moved = check_given_again(waiting_for(amounts), amounts=amounts, pieces=pieces)
    free = {pk: without_failed(line) for pk, line in lines.items()}
    for pk, said in pieces.items():
        if pk in free:
            check_pieces(said, line=free[pk], cents=amounts.get(pk, 0), field=f"pieces-{pk}")
    return {
        pk: max(refunded_pieces(free[pk], cents, said=pieces.get(pk)), moved.get(pk, 0))
        for pk, cents in amounts.items()
    }


def without_failed(line: OrderLine) -> OrderLine:
    """Return a line as a new refund finds it: without the pieces of those that failed and wait. Not to be saved."""
    other = copy(line)
    waiting = waiting_for([line.pk]) if line.refunded else ()
    other.refunded -= sum(part.pieces for refund in waiting for part in refund.lines.all() if part.line_id == line.pk)
    return other


def being_processed() -> str:
    return _("The payment of this order is being processed. Please try again when it is through.")


def no_answer() -> str:
    return _("The payment service does not answer right now. Nothing was charged. Please try again in a few minutes.")
