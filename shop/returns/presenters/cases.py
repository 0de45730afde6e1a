"""Returns as staff read them, and confirmation pages before money moves or a decision counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.acts import ActPage, Way
from fusus_portal.ground.pages.components import Action, Cell, ListPage, Table, link, number, tallies
from shop.catalogue.money import dollars
from shop.orders.presenters.money import to_clerk
from shop.payments import policies as payment_policies
from shop.payments.presenters import Confirmation, RefundRow, waits_for_check, way_back
from shop.returns import policies, selectors
from shop.returns.models import Return
from shop.returns.presenters.returns import (
    KINDS,
    NOTHING_LEFT,
    Line,
    ReturnCard,
    later_words,
    refunded_words,
    rest_words,
)
from shop.returns.selectors import left_of
from shop.returns.states import WAY, ReturnState

_S = ReturnState

STATES: dict[ReturnState, tuple[str | Promise, str | Promise]] = {
    _S.REQUESTED: (
        gettext_lazy("To be checked"),
        gettext_lazy("Somebody else bought this CORE. Find out whose it is, then approve or decline the return."),
    ),
    _S.APPROVED: (
        gettext_lazy("Waits for the parcel"),
        gettext_lazy("The business was asked to send the CORE or to bring it. Send a label, or receive the parcel."),
    ),
    _S.LABEL_SENT: (
        gettext_lazy("Label sent"),
        gettext_lazy("The business has the label. Receive the parcel when it comes."),
    ),
    _S.IN_TRANSIT: (
        gettext_lazy("On its way here"),
        gettext_lazy("The carrier has the parcel. Receive it when it comes."),
    ),
    _S.RECEIVED: (gettext_lazy("Received"), gettext_lazy("The CORE is here. Inspect it next.")),
    _S.INSPECTED: (
        gettext_lazy("Inspected"),
        gettext_lazy("What was seen is written down. Look at the amount, and accept the return."),
    ),
    _S.ACCEPTED: (
        gettext_lazy("Accepted"),
        gettext_lazy("The amount is fixed. A person who did not inspect the CORE gives the money back."),
    ),
    _S.REFUNDING: (
        gettext_lazy("Being paid back"),
        gettext_lazy("The money is on its way. The payment service says when it is there."),
    ),
    _S.CLOSED: (gettext_lazy("Paid back"), gettext_lazy("The money was paid out.")),
    _S.DECLINED: (gettext_lazy("Declined"), gettext_lazy("The CORE was not theirs, so nothing goes back.")),
    _S.WITHDRAWN: (gettext_lazy("Kept by the business"), gettext_lazy("The business kept the CORE.")),
    _S.REJECTED: (
        gettext_lazy("The CORE was not in the parcel"),
        gettext_lazy("The business was told, and may still send the CORE."),
    ),
}
"""State of a return and the next step, in words for clerks."""


OFF_STATES: dict[ReturnState, tuple[str | Promise, str | Promise]] = {
    _S.ACCEPTED: (
        gettext_lazy("Accepted"),
        gettext_lazy("The amount is fixed. A person who did not inspect the CORE takes it off the invoice."),
    ),
    _S.CLOSED: (gettext_lazy("Off the invoice"), gettext_lazy("It is off the invoice.")),
}
"""State and next step of a return that comes off an unpaid invoice, so that nothing is paid out."""

NONE_STATES: dict[ReturnState, tuple[str | Promise, str | Promise]] = {
    _S.ACCEPTED: (
        gettext_lazy("Accepted"),
        gettext_lazy("Nothing is left to refund. A person who did not inspect the CORE closes the return."),
    ),
    **dict.fromkeys(selectors.PAID, (NOTHING_LEFT, gettext_lazy("Nothing is left to refund."))),
}
"""State and next step of a return whose amount was refunded before."""


@dataclass(frozen=True)
class CaseCard(ReturnCard):
    @property
    def money(self) -> str:
        return to_clerk(self.split, self.back.party) if self.has_more else refunded_words()

    @property
    def later(self) -> str:
        return later_words(self.back, to_clerk)

    @property
    def promises(self) -> tuple[str, str, str]:
        return _("Inspect by"), _("Pay out by"), _("Take it off the invoice by")

    @property
    def known(self) -> list[Line]:
        return [(_("Business"), self.back.party), *self.facts]

    @property
    def tag(self) -> tuple[str, str]:
        return KINDS.get(ReturnState(self.back.state), "warn"), str(self._said[0])

    @property
    def _said(self) -> tuple[str | Promise, str | Promise]:
        state = ReturnState(self.back.state)
        other = OFF_STATES if self.is_off else {} if self.has_more else NONE_STATES
        return other.get(state, STATES[state])

    @property
    def next_words(self) -> str:
        if self.back.state == _S.REFUNDING and self.has_more:
            if any(waits_for_check(refund) for refund in self.back.refunds.all()):
                return _(
                    "The order was paid by check, so the money goes back by check: write one, and note its number."
                )
            if self.did_not_arrive:
                return _("The money did not arrive. Give it back again.")
        said = str(self._said[1])
        if self.back.state == _S.CLOSED and self.has_more:
            said = self.money_words or said
        return f"{said} {rest_words(self.split)}" if self.back.state == _S.CLOSED else said


def board(listed: Mapping[str, Any]) -> ListPage:
    """Return the page with the list of returns and their counts by state. listed: made by `filtered_list`."""
    counted = selectors.counts_by_state()
    states = [(state, words, counted.get(state, 0)) for state, (words, _next) in STATES.items()]
    filtered = _("Write the whole number or less of the name, or choose another state.")
    empty = _("COREs that businesses return appear here, with the days by which they are inspected and paid.")
    columns = [_("Number"), _("CORE"), _("State"), _("City"), number(_("Amount")), _("Due")]
    return ListPage(
        _("Returns"),
        Table(_("Returns"), columns, [_board_row(CaseCard(back)) for back in listed["page"]]),
        (_("No return like this"), filtered) if listed["is_filtered"] else (_("Nothing is coming back"), empty),
        back=link(_("Fulfilment"), "fulfilment"),
        tallies=tallies("returns_board", states),
        more=link(_("Open a return for an owner"), "return_open"),
    )


def _board_row(card: CaseCard) -> list[object]:
    back = card.back
    due = Cell(card.due and times.day(card.due), tags=[("bad", _("Late"))] if card.is_late else [])
    number_cell, state = link(back.number, "return_case", back.pk), Cell(tags=[card.tag])
    return [number_cell, back.core.serial, state, back.order.ship_city, card.amount, due]


def actions(back: Return, user: User) -> list[Action]:
    """Return what can be done with a return now. If only another person may do it, the action says why."""
    is_old = policies.has_old_label(back)
    label = _("Send another label") if is_old else _("Send a label")
    to_label = (_S.APPROVED, _S.LABEL_SENT) if is_old else (_S.APPROVED,)
    to_decline = () if policies.is_theirs(back) else (_S.REQUESTED,)
    found = [
        ((_S.REQUESTED,), _page(back, "approve", _("Approve it"), "return_press")),
        (to_decline, _page(back, "decline", _("Decline it"), "return_do", quiet=True)),
        (WAY, _page(back, "receive", _("Receive the parcel"), "return_do")),
        (to_label, _page(back, "label", label, "return_do", quiet=True)),
        ((_S.LABEL_SENT,), Action("sent", _("The carrier has it"), reverse("return_press", args=[back.pk, "sent"]))),
        (WAY, _page(back, "missing", _("The CORE is not in the parcel"), quiet=True)),
        ((_S.RECEIVED,), _page(back, "inspect", _("Inspect it"))),
        ((_S.INSPECTED,), _page(back, "accept", _("Accept it"), "return_press")),
    ]
    usable = [action for states, action in found if back.state in states]
    return [*usable, *_money_actions(back, user), *_way_back(back, user)]


def _money_actions(back: Return, user: User) -> list[Action]:
    lines = [RefundRow(refund, user) for refund in back.refunds.all()]
    found = [line.action for line in lines if line.action is not None]
    if back.state == _S.ACCEPTED or (back.state == _S.REFUNDING and selectors.left_of(back) > 0):
        return [pay_action(back, user), *found]
    return found


def _way_back(back: Return, user: User) -> list[Action]:
    if why_not(partial(policies.may_be_undone, back, by=user)):
        return []
    return [_page(back, "undo", _("It was a mistake: undo it"), "return_do", quiet=True)]


def _page(back: Return, name: str, label: str, shared: str = "", *, quiet: bool = False) -> Action:
    """Return a link to the page of an action. shared: URL name of a page for several actions, or "" for its own."""
    address = reverse(shared, args=[back.pk, name]) if shared else reverse(f"return_{name}", args=[back.pk])
    return Action(name, label, address, is_link=True, quiet=quiet)


def opening() -> ActPage:
    return ActPage(
        title=_("Open a return for an owner"),
        intro=_(
            "For a CORE whose return was begun at the office, for its owner. What goes back for it is written "
            "down at once, and the owner is told."
        ),
        label=_("Open the return"),
        way=Way(reverse("returns_board"), _("Returns")),
    )


def confirm_approval(back: Return) -> Confirmation:
    card = CaseCard(back)
    later = _("%(money)s once it is here and inspected, unless something is missing or broken.")
    money = later % {"money": card.money} if card.has_more else f"{card.money}."
    will = [_("The business is asked to send the CORE."), money]
    return Confirmation(_("Approve this return?"), _("Approve it"), card.known, will, card.lines)


def confirm_sent(back: Return) -> Confirmation:
    will = [_("The business can't keep the CORE any more, and the parcel is waited for.")]
    return Confirmation(_("Does the carrier have the parcel?"), _("The carrier has it"), CaseCard(back).known, will, [])


def confirm_acceptance(back: Return) -> Confirmation:
    back.refund = policies.goes_back(back)
    card = CaseCard(back)
    will = [
        _("%(money)s. The amount does not change any more.") % {"money": card.money},
        _("The business is told by e-mail."),
        _("No money moves yet: a person who did not inspect the CORE does that."),
        _("It can be undone until then."),
    ]
    return Confirmation(_("Accept this return?"), _("Accept it"), card.known, will, card.lines)


def confirm_payment(back: Return) -> Confirmation:
    card = CaseCard(back)
    if back.state == ReturnState.ACCEPTED:
        will = [f"{card.money}."]
    else:
        left = {"amount": dollars(left_of(back)), "party": back.party}
        will = [_("%(amount)s goes back to %(party)s.") % left]
    if card.split.back:
        will += [way_back(payment) for payment in back.order.payments.all() if payment.refundable > 0][:1]
    will += [card.later] if card.later else []
    will.append(_("The connection of the CORE ends. This can't be undone."))
    title = _("Take this return off the invoice?") if card.is_off else _("Give the money of this return back?")
    title = title if card.has_more else _("Close this return?")
    return Confirmation(title, pay_label(back), card.known, will, card.lines)


def returns_waiting(user: User) -> list[tuple[Return, str, Action]]:
    found = selectors.waiting_returns()
    buttons = [pay_action(back, user, name=f"pay-{back.pk}") for back in found]
    return [(back, dollars(waiting_of(back)), button) for back, button in zip(found, buttons, strict=True)]


def pay_action(back: Return, user: User, *, name: str = "pay") -> Action:
    reason = why_not(
        partial(payment_policies.must_not_have_inspected, back.inspected_by_id, by=user, subject=back.subject)
    )
    address = reverse("return_pay", args=[back.pk])
    return Action(name, pay_label(back), address, reason, is_link=True)


def pay_label(back: Return) -> str:
    split = selectors.split_of_return(back)
    if not split.all:
        return _("Close the return")
    return _("Take it off the invoice") if split.off and not split.back else _("Give the money back")


def waiting_of(back: Return) -> int:
    """Return the cents of a return that the next press refunds or takes off the invoice."""
    if back.state != ReturnState.ACCEPTED:
        return left_of(back)
    return selectors.split_of_return(back).all
