"""What people read about returns: the money line by line, the days, and what can be done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fusus_portal.ground.pages.timeline import Moment
from shop.catalogue.money import dollars
from shop.connections.selectors.subscriptions import later_splits
from shop.orders.presenters.money import to_buyer
from shop.orders.selectors.money import Split
from shop.returns import policies
from shop.returns.models import DeductionSchedule, Return
from shop.returns.selectors import returns as return_selectors
from shop.returns.states import NO_RETURNS, ReturnState
from shop.rules import INSPECTED_WITHIN, PAID_OUT_WITHIN

Line = tuple[str, str]
_S = ReturnState
NEXT = {
    _S.REQUESTED: gettext_lazy("We are checking that this CORE is yours, and will write to you."),
    _S.APPROVED: gettext_lazy("Pack the CORE and write this number on the parcel. We send a label, or you bring it."),
    _S.LABEL_SENT: gettext_lazy("Put the label on the parcel and give it to the carrier."),
    _S.IN_TRANSIT: gettext_lazy("The parcel is on its way to the office."),
    _S.RECEIVED: gettext_lazy("We have the parcel, and are inspecting it."),
    _S.INSPECTED: gettext_lazy("We have inspected it, and will decide."),
    _S.ACCEPTED: gettext_lazy("It is accepted. Your refund is next."),
    _S.REFUNDING: gettext_lazy("Your money is on its way back, the same way you paid."),
    _S.CLOSED: gettext_lazy("The money was paid out. Nothing is left to do."),
    _S.DECLINED: gettext_lazy("Our records say that this CORE is not yours. Please call the office if that is wrong."),
    _S.WITHDRAWN: gettext_lazy("You kept the CORE."),
    _S.REJECTED: gettext_lazy("This CORE was not in the parcel. You may still send it."),
}
OFF_NEXT = {
    _S.ACCEPTED: gettext_lazy("It is accepted. We take it off your invoice next."),
    _S.CLOSED: gettext_lazy("It is off your invoice. Nothing is left to do."),
}
TAGS = {_S.WITHDRAWN: gettext_lazy("You kept it")}
OFF_TAGS = {_S.CLOSED: gettext_lazy("Off the invoice")}
"""Where nobody paid, so that nothing is paid out."""

KINDS = {_S.CLOSED: "good", _S.ACCEPTED: "good", _S.DECLINED: "bad", _S.REJECTED: "bad", _S.WITHDRAWN: "quiet"}


@dataclass(frozen=True)
class QuoteCard:
    """What a CORE would bring now, before anything is packed. back: its return, as it would be recorded."""

    back: Return

    @cached_property
    def split(self) -> Split:
        """Where its money goes: off the invoice, or back."""
        return return_selectors.split_of(self.back)

    @property
    def money(self) -> str:
        """What becomes of its money, without the period."""
        return to_buyer(self.split) if self.has_more else refunded_words()

    @property
    def has_more(self) -> bool:
        """Whether anything is left of it that was not refunded before."""
        return self.split.off + self.split.back > 0

    @property
    def lines(self) -> list[Line]:
        """How the amount comes about."""
        return [*money_lines(self.back), *sum_lines(self.split, self.back.expected)]

    @property
    def pace(self) -> str:
        """How soon the office does what."""
        return pace_words(is_off=self.is_off)

    @property
    def is_off(self) -> bool:
        """Whether all of it comes off the invoice, so that nothing is paid out."""
        return self.split.off > 0 and not self.split.back

    @property
    def parts(self) -> list[Line]:
        """What would be deducted for parts."""
        schedule = self.back.schedule
        return part_lines(schedule) if schedule else []

    @property
    def version(self) -> str:
        """Which version of the deductions counts."""
        return version_words(self.back.schedule)

    @property
    def later(self) -> str:
        """What goes back for a later year, "" for nothing."""
        return later_words(self.back, to_buyer)


@dataclass(frozen=True)
class ReturnCard(QuoteCard):
    """One return, for its owner and for clerks."""

    @property
    def tag(self) -> tuple[str, str]:
        """Kind and words of its tag."""
        state = _S(self.back.state)
        words = OFF_TAGS.get(state) if self.is_off else TAGS.get(state)
        return KINDS.get(state, "warn"), str(words or self.back.get_state_display())

    @property
    def next_words(self) -> str:
        """What comes next."""
        words = OFF_NEXT if self.is_off else NEXT
        return str(words.get(_S(self.back.state), NEXT[_S(self.back.state)]))

    @property
    def amount(self) -> str:
        """What goes back, or went."""
        return dollars(self.split.off + self.split.back)

    @property
    def has_money(self) -> bool:
        """Whether money is to be given back for it, or was."""
        return self.back.state not in NO_RETURNS

    @property
    def is_fixed(self) -> bool:
        """Whether the amount does not change any more."""
        return self.back.refund is not None or not self.has_more

    @property
    def lines(self) -> list[Line]:
        """How the amount comes about."""
        back = self.back
        parts = [(part.part.local_name, part.cents) for part in back.parts.all()]
        lines = money_lines(back)
        lines += [(_("Deducted for: %(part)s") % {"part": name}, f"-{dollars(cents)}") for name, cents in parts]
        total = return_selectors.worth_of(back)
        given = total - back.expected + sum(cents for _name, cents in parts)
        if back.refund is not None and given:
            lines.append((_("Not deducted, since you always get something back"), dollars(given)))
        return [*lines, *sum_lines(self.split, total)]

    @property
    def clock(self) -> list[Line]:
        """By when the office does what, once it has the parcel."""
        last = _("Take it off the invoice by") if self.is_off else _("Pay out by")
        days = [(_("Inspect by"), policies.inspected_by(self.back)), (last, policies.paid_by(self.back))]
        return [(words, date_format(day)) for words, day in days if day is not None]

    @property
    def is_late(self) -> bool:
        """Whether the office is late."""
        return policies.is_late(self.back, today=timezone.localdate())

    @property
    def due(self) -> date | None:
        """The day of the next step of the office."""
        return policies.inspected_by(self.back) if self.back.state == _S.RECEIVED else policies.paid_by(self.back)

    @property
    def can_withdraw(self) -> bool:
        """Whether its owner may still keep the CORE."""
        return self.back.state in (_S.REQUESTED, _S.APPROVED, _S.LABEL_SENT)

    @property
    def can_send(self) -> bool:
        """Whether its owner may say that the carrier has it."""
        return self.back.state == _S.LABEL_SENT

    @property
    def can_be_sent(self) -> bool:
        """Whether the CORE is still to be packed and sent."""
        return self.back.state in (_S.APPROVED, _S.LABEL_SENT)

    @property
    def facts(self) -> list[Line]:
        """What is known of it."""
        back = self.back
        rows = [(_("CORE"), back.core.serial), (_("Order"), back.order.number)]
        if back.tracking or back.carrier:
            rows.append((_("Label"), f"{back.get_carrier_display()} {back.tracking}".strip()))
        if back.reason:
            rows.append((_("Reason"), back.reason))
        return [*rows, *self.clock]

    @property
    def timeline(self) -> list[Moment]:
        """What has happened, with dates."""
        back = self.back
        moments = [
            (back.requested_at, _("Asked for")),
            (back.labelled_at, _("The label was sent")),
            (back.sent_at, _("The carrier has it")),
            (back.received_at, _("The parcel was received")),
            (back.inspected_at, _("It was inspected")),
            (back.ended_at, self.tag[1]),
        ]
        return [Moment(at, text) for at, text in moments if at is not None]


def pace_words(*, is_off: bool = False) -> str:
    """Return how soon the office inspects a parcel and pays. is_off: nobody paid, so it comes off the invoice."""
    words = _(
        "We inspect the parcel within %(inspected)d working days after it arrives, and pay within %(paid)d working "
        "days after that."
    )
    if is_off:
        words = _(
            "We inspect the parcel within %(inspected)d working days after it arrives, and take it off the invoice "
            "within %(paid)d working days after that."
        )
    return words % {"inspected": INSPECTED_WITHIN, "paid": PAID_OUT_WITHIN}


def sum_lines(split: Split, whole: int) -> list[Line]:
    """Return the sum of an amount: what comes off the invoice, and what goes back. whole: with what went before."""
    before = whole - split.off - split.back
    lines = [(_("Refunded before"), f"-{dollars(before)}")] if before else []
    if split.off:
        lines.append((_("Comes off the invoice"), dollars(split.off)))
    if split.back or not split.off:
        lines.append((_("Goes back"), dollars(split.back)))
    return lines


def refunded_words() -> str:
    """Return what is said of a return for which nothing is left, without the period."""
    return _("Nothing more goes back, since it was refunded before")


def money_lines(back: Return) -> list[Line]:
    """Return how the amount comes about that is expected of a return, without its sum."""
    # Something goes back in any case: what is said to be taken off is what really is.
    age_off = back.device + back.fee_back - back.expected
    lines = [(_("Price of the CORE, with its tax"), dollars(back.device))]
    if age_off:
        words = ngettext("Deducted for %(months)d month", "Deducted for %(months)d months", back.age_months)
        lines.append((words % {"months": back.age_months}, f"-{dollars(age_off)}"))
    if back.fee_back:
        lines.append((_("Unused whole months of the fee"), dollars(back.fee_back)))
    return lines


def part_lines(schedule: DeductionSchedule) -> list[Line]:
    """Return what is taken off for each part that is missing or broken."""
    return [(part.local_name, percents(part.basis_points)) for part in schedule.parts.order_by("position")]


def version_words(schedule: DeductionSchedule | None) -> str:
    """Return which version counts."""
    if schedule is None:
        return _("Nothing is deducted.")
    facts = {"version": schedule.version, "day": date_format(timezone.localdate(schedule.published_at))}
    return _("By version %(version)d of %(day)s, which was published when it was bought.") % facts


def later_words(back: Return, say: Callable[[Split], str]) -> str:
    """Return what becomes of the money of later years, "" for nothing. say: `to_buyer` or `to_clerk`."""
    words = _("%(money)s, for the unused whole months of a later year.")
    splits = later_splits(back.item, back.requested_at)
    return " ".join(words % {"money": say(split)} for split in splits)


def percents(basis_points: int) -> str:
    """Return hundredths of a percent as text: "12.5 %"."""
    return f"{basis_points / 100:g} %"
