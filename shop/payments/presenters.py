"""Refunds as clerks read them, and confirmation pages before money moves."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.acts import ActPage, Way
from fusus_portal.ground.pages.components import Action
from shop.catalogue.money import dollars
from shop.catalogue.presenters import pieces as pieces_of
from shop.orders.models.orders import Order
from shop.orders.presenters.money import to_clerk
from shop.orders.presenters.orders import less_words
from shop.payments import policies, selectors
from shop.payments.cards import check_words
from shop.payments.models import Payment, PaymentMethod, Refund
from shop.payments.selectors import Giving
from shop.payments.states import RefundState

TAGS = {
    RefundState.PENDING: ("warn", gettext_lazy("On its way to the card")),
    RefundState.FAILED: ("bad", gettext_lazy("Did not arrive: give it back again")),
    RefundState.CANCELLED: ("quiet", gettext_lazy("Taken back before it was sent")),
}


@dataclass(frozen=True, slots=True)
class RefundRow:
    refund: Refund
    user: User

    @property
    def amount(self) -> str:
        return dollars(self.refund.cents)

    @property
    def tag(self) -> tuple[str, str]:
        refund = self.refund
        if check := check_words(refund):
            return "good" if refund.state == RefundState.SUCCEEDED else "warn", capfirst(check)
        if refund.state == RefundState.REQUESTED:
            return "warn", _("To be sent by a person") if _waits_for_person(refund) else _("Sent automatically, soon")
        if refund.state == RefundState.SUBMITTED:
            return "warn", _("At the payment service, no answer yet")
        if refund.state == RefundState.SUCCEEDED:
            return "good", _("Back on the card")
        if refund.state == RefundState.CANCELLED and refund.submitted_at is not None:
            return "quiet", _("Did not arrive, and was canceled")
        return TAGS[RefundState(refund.state)][0], str(TAGS[RefundState(refund.state)][1])

    @property
    def since(self) -> datetime:
        return self.refund.settled_at or self.refund.submitted_at or self.refund.requested_at

    @property
    def ago(self) -> str:
        return times.ago(self.since)

    @property
    def exactly(self) -> str:
        return times.moment(self.since)

    @property
    def way_out(self) -> str:
        """Label of the page that cancels the refund, "" if it can't be canceled."""
        refund = self.refund
        if why_not(partial(policies.may_be_taken_back, refund, refund.payment.order)):
            return ""
        if refund.state == RefundState.REQUESTED and _waits_for_person(refund):
            return _("Take it back")
        return _("Ship the goods after all") if refund.state == RefundState.FAILED else ""

    @property
    def action(self) -> Action | None:
        """The action that the user can take now, or why they can't; None if the refund waits for nobody."""
        refund = self.refund
        if refund.state == RefundState.REQUESTED and _waits_for_person(refund):
            name, words = "send", _("Send the refund of %(amount)s")
        elif waits_for_check(refund):
            name, words = "check", _("Note the check over %(amount)s")
        else:
            return None
        label, address = words % {"amount": self.amount}, reverse(f"refund_{name}", args=[refund.pk])
        return Action(f"{name}-{refund.pk}", label, address, why_not_send(refund, self.user), is_link=True)


def waits_for_check(refund: Refund) -> bool:
    return refund.state == RefundState.SUBMITTED and refund.payment.method == PaymentMethod.CHECK


def why_not_send(refund: Refund, user: User) -> str:
    """Return why a user can't send a refund, or record its check; "" if they can."""
    order = refund.payment.order
    is_within = refund.state != RefundState.REQUESTED or selectors.is_within(refund, order, user)
    bound = selectors.limit_alone(order)
    return why_not(partial(policies.may_send, refund, by=user, is_within=is_within, bound=bound))


def _waits_for_person(refund: Refund) -> bool:
    """True if a person has to send a requested refund: an automatic one to a card needs nobody."""
    return refund.clerk_id is not None or refund.payment.method == PaymentMethod.CHECK


Fact = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A page that asks before an act. title: the question. will: what happens then. lines: parts of an amount."""

    title: str
    label: str
    facts: list[Fact]
    will: list[str]
    lines: list[Fact]


def confirm_sending(refund: Refund) -> Confirmation:
    """Return the page that asks before sending a refund that another person asked for."""
    order = refund.payment.order
    amount = {"amount": dollars(refund.cents), "party": order.party}
    will = [_("%(amount)s goes back to %(party)s.") % amount, way_back(refund.payment), _("This can't be undone.")]
    asked = refund.clerk.pseudonym if refund.clerk else _("The portal")
    facts: list[Fact] = [(_("Business"), order.party), (_("Order"), order.number), (_("Asked for by"), asked)]
    facts.append((_("Reason"), refund.why))
    return Confirmation(_("Send this refund?"), _("Send it"), facts, will, [])


def cancel_page(refund: Refund) -> ActPage:
    """Return the page that asks before a refund is canceled."""
    facts = {"amount": dollars(refund.cents), "party": refund.payment.order.party}
    way = Way(reverse("refunds_waiting"), _("Money that waits"))
    if refund.state == RefundState.FAILED:
        held_back = [pieces_of(part.pieces, part.line.name) for part in refund.lines.all() if part.pieces]
        intro = _(
            "A refund of %(amount)s for %(party)s did not arrive. If you ship the goods, nothing is refunded. "
            "These ship then:"
        )
        title, label = _("Ship the goods after all?"), _("Ship them after all")
        return ActPage(title=title, intro=intro % facts, points=held_back, label=label, kind="secondary", way=way)
    intro = _("A refund of %(amount)s for %(party)s was asked for and not sent. If you cancel it, nothing is refunded.")
    title, label = _("Cancel this refund?"), _("Cancel the refund")
    return ActPage(title=title, intro=intro % facts, label=label, kind="secondary", way=way)


def confirm_giving(order: Order, giving: Giving, user: User, *, reason: str) -> Confirmation:
    """Return the page that asks a clerk before a part of an order is given back."""
    split, given = giving.split, selectors.given_alone(user, order)
    will = [f"{to_clerk(split, order.party)}."]
    if not split.back or given.has_room_for(giving.alone + split.back):
        will.append(_("This can't be undone."))
    else:
        words = _(
            "You ask for it, and another person sends it: one person alone gives back at most %(bound)s to one buyer, "
            "and in one day."
        )
        will.append(words % {"bound": dollars(given.bound)})
    amounts = dict(giving.back)
    for line, cents, _number in giving.off:
        amounts[line.pk] = amounts.get(line.pk, 0) + cents
    found = [line for line in order.lines.order_by("position") if line.pk in amounts]
    will += [less_words(line, giving.less[line.pk]) for line in found if line.pk in giving.less]
    lines: list[Fact] = [(line.name, dollars(amounts[line.pk])) for line in found]
    if split.off:
        lines.append((_("Comes off the invoice"), dollars(split.off)))
    if split.back:
        lines.append((_("Goes back"), dollars(split.back)))
    facts: list[Fact] = [(_("Business"), order.party), (_("Order"), order.number), (_("Reason"), reason)]
    label = _("Give it back") if split.back else _("Take it off the invoice")
    title = _("Give this money back?") if split.back else _("Take this off the invoice?")
    return Confirmation(title, label, facts, will, lines)


def way_back(payment: Payment) -> str:
    if payment.method == PaymentMethod.CHECK:
        return _("It was paid by check, so it goes back by check: write one, and note its number.")
    return _("It goes back to the card that it was paid with.")
