"""Who gives money back, and how much."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from fusus_portal.lifecycle import Refused, Stale
from shop.models import Order, OrderLine, Payment, PaymentMethod, Refund, Return, ShopLimits
from shop.money import dollars
from shop.policies.texts import check_text
from shop.states import OrderState

STAFF = (Role.CLERK, Role.ADMINISTRATOR)


def may_ask(by: User, *, subject: tuple[str, str] | None = None) -> None:
    """Raise Refused unless `by` is a clerk."""
    if by.role != Role.CLERK:
        raise Refused(_("Only clerks give refunds and record checks."), subject=subject)


def may_give_back(by: User, *, subject: tuple[str, str] | None = None) -> None:
    """Raise Refused unless `by` is a clerk or an administrator, who is the second where one clerk works."""
    if by.role not in STAFF:
        raise Refused(_("Only clerks and administrators give money back."), subject=subject)


def may_send(refund: Refund, *, by: User, is_within: bool) -> None:
    """Raise Refused unless `by` may send a refund. is_within: two stand for it, or it is within what one person may."""
    may_give_back(by, subject=refund.subject)
    if refund.of_return is not None:
        must_not_have_inspected(refund.of_return, by=by)
    if not is_within or (refund.needs_second and refund.clerk_id == by.pk):
        sentence = _("This is beyond what one person gives back alone: %(limit)s. Another person sends it.")
        raise Refused(sentence % {"limit": dollars(ShopLimits.current().clerk_refund)}, subject=refund.subject)


def must_not_have_inspected(back: Return, *, by: User) -> None:
    """Raise Refused for whoever inspected what came back: another person pays for it."""
    if back.inspected_by_id == by.pk:
        sentence = _("You inspected this CORE, so another person gives the money back: a clerk or an administrator.")
        raise Refused(sentence, subject=back.subject)


def check_amounts(amounts: Mapping[UUID, int], *, payment: Payment, lines: Mapping[UUID, OrderLine]) -> int:
    """Return the sum. Raises ValidationError on "amounts", or on the id of the line of which too much would go back."""
    for pk, cents in amounts.items():
        line = lines.get(pk)
        if line is None:
            raise ValidationError({"amounts": _("This line is not one of this order.")})
        check_amount(cents, line=line)
    return check_sum(amounts.values(), payment=payment)


def check_amount(cents: int, *, line: OrderLine) -> None:
    """Raise ValidationError on the id of a line for more than was paid for it and did not go back yet."""
    if cents > line.total - line.held:
        facts = {"left": dollars(line.total - line.held), "name": line.local_name}
        raise ValidationError({str(line.pk): _("Of “%(name)s” at most %(left)s can still go back.") % facts})


def check_sum(amounts: Collection[int], *, payment: Payment) -> int:
    """Return the sum. Raises ValidationError on "amounts" for nothing, and for more than was paid."""
    if not amounts or any(cents <= 0 for cents in amounts):
        raise ValidationError({"amounts": _("Write how much goes back, for at least one line.")})
    if sum(amounts) > payment.refundable:
        sentence = _("Of this payment at most %(left)s can still go back.") % {"left": dollars(payment.refundable)}
        raise ValidationError({"amounts": sentence})
    return sum(amounts)


def must_be_by_check(refund: Refund, payment: Payment) -> None:
    """Raise Stale for a refund that the payment service pays out."""
    if payment.method != PaymentMethod.CHECK:
        raise Stale(_("This refund goes back to the card by itself."), subject=refund.subject)


def must_not_be_owed(refund: Refund, order: Order) -> None:
    """Raise Stale for a refund of an order that was canceled: its buyer gets everything back."""
    if order.state == OrderState.CANCELLED:
        raise Stale(_("This order is canceled, so all of its money goes back."), subject=refund.subject)


def check_number(number: str) -> str:
    """Return the number of a check. Raises ValidationError on "check_number"."""
    return check_text("check_number", number, longest=40)
