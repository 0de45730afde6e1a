"""What clerks read about returns: how far each is, and what can be done now."""

from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages.actions import Action
from shop.payments.presenters.refunds import RefundRow, pay_action, waits_for_check
from shop.payments.states import RefundState
from shop.returns import policies
from shop.returns.models import Return
from shop.returns.presenters.returns import KINDS, ReturnCard
from shop.returns.selectors import returns
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
        gettext_lazy("The amount is fixed. Another person than who inspected the CORE gives the money back."),
    ),
    _S.REFUNDING: (
        gettext_lazy("Being paid back"),
        gettext_lazy("The money is on its way. The payment service says when it is there."),
    ),
    _S.CLOSED: (gettext_lazy("Paid back"), gettext_lazy("The money was paid out. Nothing is left to do.")),
    _S.DECLINED: (gettext_lazy("Declined"), gettext_lazy("The CORE was not theirs, so nothing goes back.")),
    _S.WITHDRAWN: (gettext_lazy("Kept by the business"), gettext_lazy("The business kept the CORE.")),
    _S.REJECTED: (
        gettext_lazy("The CORE was not in the parcel"),
        gettext_lazy("The business was told, and may still send the CORE."),
    ),
}
"""In a clerk's words: the state, and what comes next."""


@dataclass(frozen=True, slots=True)
class CaseCard(ReturnCard):
    """One return as a clerk reads it."""

    @property
    def tag(self) -> tuple[str, str]:
        """Kind and words of its tag."""
        state = ReturnState(self.back.state)
        return KINDS.get(state, "warn"), str(STATES[state][0])

    @property
    def next_words(self) -> str:
        """What comes next."""
        if self.back.state == _S.REFUNDING:
            refunds = list(self.back.refunds.all())
            if any(waits_for_check(refund) for refund in refunds):
                return _(
                    "The order was paid by check, so the money goes back by check: write one, and note its number."
                )
            if policies.owed(self.back) > 0 and any(refund.state == RefundState.FAILED for refund in refunds):
                return _("The money did not arrive. Give it back again.")
        return str(STATES[ReturnState(self.back.state)][1])


def tallies() -> list[tuple[ReturnState, str, int]]:
    """Return each state, in words, with how many returns there are."""
    counted = returns.counts()
    return [(state, str(words), counted.get(state, 0)) for state, (words, _next) in STATES.items()]


def actions(back: Return, user: User) -> list[Action]:
    """Return what can be done now. What only another person may do says why."""
    found = [
        _page(back, "approve", _("Approve it"), "return_press", _S.REQUESTED),
        _page(back, "decline", _("Decline it"), "return_do", *_decline_states(back), quiet=True),
        _page(back, "receive", _("Receive the parcel"), "return_do", *WAY),
        _page(back, "label", _label_words(back), "return_do", *_label_states(back), quiet=True),
        Action(
            "sent", _("The carrier has it"), reverse("return_press", args=[back.pk, "sent"]), _not(back, _S.LABEL_SENT)
        ),
        Action(
            "missing",
            _("The CORE is not in the parcel"),
            reverse("return_missing", args=[back.pk]),
            _not(back, *WAY),
            is_link=True,
            quiet=True,
        ),
        Action(
            "inspect",
            _("Inspect it"),
            reverse("return_inspect", args=[back.pk]),
            _not(back, _S.RECEIVED),
            is_link=True,
        ),
        _page(back, "accept", _("Accept it"), "return_press", _S.INSPECTED),
    ]
    usable = [action for action in found if not action.reason]
    return [*usable, *_money_actions(back, user), *_way_back(back, user)]


def _money_actions(back: Return, user: User) -> list[Action]:
    lines = [RefundRow(refund, user) for refund in back.refunds.all()]
    found = [line.action for line in lines if line.action is not None]
    if back.state == _S.ACCEPTED or (back.state == _S.REFUNDING and not why_not(partial(policies.must_be_owed, back))):
        return [pay_action(back, user), *found]
    return found


def _way_back(back: Return, user: User) -> list[Action]:
    if why_not(partial(policies.may_be_undone, back, by=user)):
        return []
    words = _("It was a mistake: take it back")
    return [Action("undo", words, reverse("return_do", args=[back.pk, "undo"]), is_link=True, quiet=True)]


def _decline_states(back: Return) -> tuple[ReturnState, ...]:
    return () if policies.is_theirs(back) else (_S.REQUESTED,)


def _label_states(back: Return) -> tuple[ReturnState, ...]:
    return (_S.APPROVED, _S.LABEL_SENT) if policies.has_old_label(back) else (_S.APPROVED,)


def _label_words(back: Return) -> str:
    return _("Send another label") if policies.has_old_label(back) else _("Send a label")


def _not(back: Return, *states: ReturnState) -> str:
    return "" if back.state in states else _("Not now.")


def _page(back: Return, name: str, label: str, address: str, *states: ReturnState, quiet: bool = False) -> Action:
    return Action(name, label, reverse(address, args=[back.pk, name]), _not(back, *states), is_link=True, quiet=quiet)
