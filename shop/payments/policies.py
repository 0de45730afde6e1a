from collections.abc import Collection, Mapping
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
from shop.orders.states import CONFIRMED, OrderState
from shop.payments.models import Payment, PaymentMethod, Refund


def may_send(refund: Refund, *, by: User, is_within: bool, bound: int) -> None:
    """Raise Refused unless `by` may send a refund.

    is_within: two people answer for it, or it is within the limit of one person. bound: that limit, in cents.
    """
    demand(by, Permission.GIVE_BACK, subject=refund.subject)
    if refund.of_return is not None:
        must_not_have_inspected(refund.of_return.inspected_by_id, by=by, subject=refund.of_return.subject)
    if not is_within or (refund.needs_second and refund.clerk_id == by.pk):
        sentence = _("This is beyond what one person gives back alone: %(limit)s. Another person sends it.")
        raise Refused(sentence % {"limit": dollars(bound)}, subject=refund.subject)


def must_not_have_inspected(inspector: UUID | None, *, by: User, subject: Subject) -> None:
    """Raise Refused if `by` inspected a returned CORE. inspector: None before it. subject: the return in the log."""
    if inspector == by.pk:
        sentence = _("You inspected this CORE, so another person does this: a clerk or an administrator.")
        raise Refused(sentence, subject=subject)


def check_amounts(amounts: Mapping[UUID, int], *, payment: Payment, lines: Mapping[UUID, OrderLine]) -> int:
    """Return the sum of `amounts`. Raises ValidationError on "amounts", or on the id of a line that gets too much."""
    for pk, cents in amounts.items():
        line = lines.get(pk)
        if line is None:
            raise ValidationError({"amounts": _("This line is not one of this order.")})
        check_amount(cents, line=line)
    return check_sum(amounts.values(), payment=payment)


def check_amount(cents: int | None, *, line: OrderLine) -> None:
    """Raise ValidationError on the id of a line if `cents` exceed what can still be refunded for it."""
    if cents is not None and cents > line.total - line.held:
        facts = {"left": dollars(line.total - line.held), "name": line.local_name}
        raise ValidationError({str(line.pk): _("Of “%(name)s” at most %(left)s can still go back.") % facts})


def check_sum(amounts: Collection[int], *, payment: Payment) -> int:
    """Return the sum of `amounts`. Raises ValidationError on "amounts" for nothing, or more than can be refunded."""
    if not amounts or any(cents <= 0 for cents in amounts):
        raise ValidationError({"amounts": _("Write how much goes back, for at least one line.")})
    if sum(amounts) > payment.refundable:
        sentence = _("Of this payment at most %(left)s can still go back.") % {"left": dollars(payment.refundable)}
        raise ValidationError({"amounts": sentence})
    return sum(amounts)


def must_be_by_check(refund: Refund, payment: Payment) -> None:
    if payment.method != PaymentMethod.CHECK:
        raise Stale(_("This refund goes back to the card automatically."), subject=refund.subject)


def must_not_be_owed(refund: Refund, order: Order) -> None:
    if order.state == OrderState.CANCELLED:
        raise Stale(_("This order is canceled, so all of its money goes back."), subject=refund.subject)


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


def check_refund(*, payment: Payment, amounts: Mapping[UUID, int], reason: str) -> None:
    """Raise ValidationError as `request` would, without asking for a refund: for the page that shows it first."""
    check_amounts(amounts, payment=payment, lines={line.pk: line for line in payment.order.lines.all()})
    check_text("reason", reason, longest=200)


def being_processed() -> str:
    return _("The payment of this order is being processed. Please try again when it is through.")


def no_answer() -> str:
    return _("The payment service does not answer right now. Nothing was charged. Please try again in a few minutes.")
