"""What clerks read about returns: what can be done now, and the refunds that pay one."""

from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from registry.policies import why_not
from registry.presenters.actions import Action
from shop.models import PaymentMethod, Refund, Return
from shop.money import dollars
from shop.policies import refunds as refund_policy
from shop.policies import returns as policy
from shop.presenters.returns import ReturnCard
from shop.selectors import returns as known
from shop.states import RefundState, ReturnState

__all__ = ["ReturnCard"]

_S = ReturnState


@dataclass(frozen=True, slots=True)
class Tally:
    """How many returns are at a state, and where they are listed."""

    label: str
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class RefundRow:
    """One refund of a return. action: what this person can do with it now, None for nothing."""

    words: str
    state: str
    action: Action | None


def tallies() -> list[Tally]:
    """Return how many returns there are at each state."""
    address, counted = reverse("returns_board"), known.counts()
    return [Tally(str(state.label), counted.get(state, 0), f"{address}?state={state}") for state in ReturnState]


def actions(back: Return, user: User) -> list[Action]:
    """Return the buttons that can be used now."""
    found = [
        _press(back, "approve", _("Approve it"), _S.REQUESTED),
        _page(back, "decline", _("Decline it"), _S.REQUESTED),
        _page(back, "label", _("Send a label"), _S.APPROVED),
        _page(back, "receive", _("Receive the parcel"), _S.APPROVED, _S.LABEL_SENT, _S.IN_TRANSIT),
        _press(back, "sent", _("The carrier has it"), _S.LABEL_SENT),
        Action("inspect", _("Inspect it"), reverse("return_inspect", args=[back.pk]), _not(back, _S.RECEIVED), True),
        _press(back, "accept", _("Accept it"), _S.INSPECTED),
        _page(back, "reject", _("Reject it"), _S.INSPECTED),
        Action("pay", _("Give the money back"), reverse("return_pay", args=[back.pk]), _no_pay(back), primary=True),
    ]
    if policy.has_old_label(back):
        found.append(Action("label", _("Send another label"), reverse("return_do", args=[back.pk, "label"]), "", True))
    usable = [action for action in found if not action.reason]
    return [action for action in usable if not _is_wrong(back, action.name)]


def refund_rows(back: Return, user: User) -> list[RefundRow]:
    """Return the refunds of a return, each with what this person can do."""
    return [
        RefundRow(
            f"{dollars(refund.cents)} · {refund.payment.get_method_display()}",
            str(refund.get_state_display()),
            _refund_action(back, refund, user),
        )
        for refund in back.refunds.all()
    ]


def _refund_action(back: Return, refund: Refund, user: User) -> Action | None:
    if refund.state == RefundState.REQUESTED:
        address = reverse("return_refund_send", args=[back.pk, refund.pk])
        reason = why_not(partial(refund_policy.may_send, refund, by=user))
        return Action(f"send-{refund.pk}", _("Send this refund"), address, reason)
    if refund.state == RefundState.SUBMITTED and refund.payment.method == PaymentMethod.CHECK:
        address = reverse("return_refund_check", args=[back.pk, refund.pk])
        return Action(f"check-{refund.pk}", _("Paid out by check"), address, is_link=True)
    return None


def _is_wrong(back: Return, name: str) -> bool:
    """Tell whether a decision is not for this return: what is theirs is taken back, what is not is not."""
    holds = policy.holds_it(back)
    return {
        "decline": policy.is_theirs(back),
        "accept": not holds,
        "reject": holds,
    }.get(name, False)


def _no_pay(back: Return) -> str:
    if back.state == _S.ACCEPTED:
        return ""
    return _not(back, _S.REFUNDING) or why_not(partial(policy.must_be_owed, back))


def _not(back: Return, *states: ReturnState) -> str:
    return "" if back.state in states else _("Not now.")


def _press(back: Return, name: str, label: str, *states: ReturnState) -> Action:
    return Action(name, label, reverse("return_press", args=[back.pk, name]), _not(back, *states), primary=True)


def _page(back: Return, name: str, label: str, *states: ReturnState) -> Action:
    return Action(
        name, label, reverse("return_do", args=[back.pk, name]), _not(back, *states), is_link=True, quiet=True
    )
