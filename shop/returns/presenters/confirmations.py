"""Confirmation pages for staff, before money moves or a decision counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from shop.catalogue.money import dollars
from shop.orders.models.orders import Order
from shop.payments.models import Payment, PaymentMethod, Refund
from shop.payments.presenters import pay_label
from shop.payments.selectors import given_alone
from shop.returns import policies
from shop.returns.models import Return
from shop.returns.presenters.cases import CaseCard
from shop.returns.selectors.returns import left_of
from shop.returns.states import ReturnState

Fact = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """title: the question. label: of the button. will: sentences on the result. lines: parts of an amount."""

    title: str
    label: str
    facts: list[Fact]
    will: list[str]
    lines: list[Fact]


def of_approval(back: Return) -> Confirmation:
    card = CaseCard(back)
    later = _("%(money)s once it is here and inspected, unless something is missing or broken.")
    will = [_("The business is asked to send the CORE."), later % {"money": card.money}]
    return Confirmation(_("Approve this return?"), _("Approve it"), _facts(back), will, card.lines)


def of_label(back: Return) -> Confirmation:
    will = [_("The business can't keep the CORE any more, and the parcel is waited for.")]
    return Confirmation(_("Does the carrier have the parcel?"), _("The carrier has it"), _facts(back), will, [])


def of_acceptance(back: Return) -> Confirmation:
    back.refund = policies.goes_back(back)
    card = CaseCard(back)
    will = [
        _("%(money)s. The amount does not change any more.") % {"money": card.money},
        _("The business is told by e-mail."),
        _("No money moves yet: a person who did not inspect the CORE does that."),
        _("It can be undone until then."),
    ]
    return Confirmation(_("Accept this return?"), _("Accept it"), _facts(back), will, card.lines)


def of_payment(back: Return) -> Confirmation:
    card = CaseCard(back)
    if back.state == ReturnState.ACCEPTED:
        will = [f"{card.money}."]
    else:
        left = {"amount": dollars(left_of(back)), "party": back.party}
        will = [_("%(amount)s goes back to %(party)s.") % left]
    if card.split.back:
        will += [_way(payment) for payment in back.order.payments.all() if payment.refundable > 0][:1]
    will += [card.later] if card.later else []
    will.append(_("The connection of the CORE ends. This can't be undone."))
    title = _("Take this return off the invoice?") if card.is_off else _("Give the money of this return back?")
    return Confirmation(title, pay_label(back), _facts(back), will, card.lines)


def of_sending(refund: Refund) -> Confirmation:
    """Confirm a refund that another person asked for."""
    order = refund.payment.order
    amount = {"amount": dollars(refund.cents), "party": order.party}
    will = [_("%(amount)s goes back to %(party)s.") % amount, _way(refund.payment), _("This can't be undone.")]
    asked = refund.clerk.pseudonym if refund.clerk else _("The portal")
    facts: list[Fact] = [(_("Business"), order.party), (_("Order"), order.number), (_("Asked for by"), asked)]
    facts.append((_("Reason"), refund.why))
    return Confirmation(_("Send this refund?"), _("Send it"), facts, will, [])


def of_request(order: Order, payment: Payment, user: User, *, amounts: Mapping[UUID, int], reason: str) -> Confirmation:
    """Confirm a refund of a part of an order."""
    cents = sum(amounts.values())
    amount = {"amount": dollars(cents), "party": order.party}
    given = given_alone(user, order)
    if given.has_room_for(cents):
        will = [_("%(amount)s goes back to %(party)s.") % amount, _way(payment), _("This can't be undone.")]
    else:
        words = _("You ask for it, and another person sends it: one person alone gives back %(bound)s at most.")
        will = [words % {"bound": dollars(given.bound)}, _("%(amount)s goes back to %(party)s then.") % amount]
    lines: list[Fact] = [(line.name, dollars(amounts[line.pk])) for line in order.lines.all() if line.pk in amounts]
    lines.append((_("Goes back"), dollars(cents)))
    facts: list[Fact] = [(_("Business"), order.party), (_("Order"), order.number), (_("Reason"), reason)]
    return Confirmation(_("Give this money back?"), _("Give it back"), facts, will, lines)


def _facts(back: Return) -> list[Fact]:
    return [(_("Business"), back.party), *CaseCard(back).facts]


def _way(payment: Payment) -> str:
    if payment.method == PaymentMethod.CHECK:
        return _("It was paid by check, so it goes back by check: write one, and note its number.")
    return _("It goes back to the card that it was paid with.")
