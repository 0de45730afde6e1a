"""Returns and deductions as everybody reads them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from fusus_portal.ground.pages.components import Moment
from shop.catalogue.models import Price, Product
from shop.catalogue.money import dollars, share
from shop.connections.selectors import later_splits
from shop.orders.presenters.money import to_buyer
from shop.orders.presenters.orders import refund_words
from shop.orders.selectors.money import Split
from shop.payments.cards import check_words
from shop.payments.models import Refund
from shop.payments.states import LIVE_REFUNDS, RefundState
from shop.returns import policies, selectors, worth
from shop.returns.models import AgeStep, DeductionSchedule, Return
from shop.returns.states import NO_RETURNS, ReturnState
from shop.rules import ALL_BASIS_POINTS, INSPECTED_WITHIN, PAID_OUT_WITHIN

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
    _S.CLOSED: gettext_lazy("The money was paid out."),
    _S.DECLINED: gettext_lazy("Our records say that this CORE is not yours. Please call the office if that is wrong."),
    _S.WITHDRAWN: gettext_lazy("You kept the CORE."),
    _S.REJECTED: gettext_lazy("This CORE was not in the parcel. You may still send it."),
}
OFF_NEXT = {
    _S.ACCEPTED: gettext_lazy("It is accepted. We take it off your invoice next."),
    _S.CLOSED: gettext_lazy("It is off your invoice."),
}
TAGS = {_S.WITHDRAWN: gettext_lazy("You kept it")}
OFF_TAGS = {_S.CLOSED: gettext_lazy("Off the invoice")}
"""State of a return that comes off an unpaid invoice, so that nothing is paid out."""

NOTHING_LEFT = gettext_lazy("Nothing was left to refund")
"""State of a return that is done, and for which no money moved."""

KINDS = {_S.CLOSED: "good", _S.ACCEPTED: "good", _S.DECLINED: "bad", _S.REJECTED: "bad", _S.WITHDRAWN: "quiet"}


@dataclass(frozen=True)
class QuoteCard:
    """The refund for a CORE before it is packed. back: an unsaved Return, as it would be recorded now."""

    back: Return

    @cached_property
    def split(self) -> Split:
        return selectors.split_of_return(self.back)

    @property
    def money(self) -> str:
        return to_buyer(self.split) if self.has_more else refunded_words()

    @property
    def has_more(self) -> bool:
        """True if some of the amount was not refunded before."""
        return self.split.all > 0

    @property
    def lines(self) -> list[Line]:
        return [*money_lines(self.back), *sum_lines(self.split, self.back.expected)]

    @property
    def pace(self) -> str:
        return pace_words(is_off=self.is_off, has_more=self.has_more)

    @property
    def is_off(self) -> bool:
        """True if the whole amount comes off the invoice, so that nothing is paid out."""
        return self.split.off > 0 and not self.split.back

    @property
    def parts(self) -> list[Line]:
        schedule = self.back.schedule
        return part_lines(schedule) if schedule else []

    @property
    def version(self) -> str:
        return version_words(self.back.schedule)

    @property
    def later(self) -> str:
        return later_words(self.back, to_buyer)


@dataclass(frozen=True)
class ReturnCard(QuoteCard):
    @property
    def tag(self) -> tuple[str, str]:
        state = _S(self.back.state)
        words: str | Promise | None = OFF_TAGS.get(state) if self.is_off else TAGS.get(state)
        if state in selectors.PAID:
            words = (self._check_tag or words) if self.has_more else NOTHING_LEFT
        return KINDS.get(state, "warn"), str(words or self.back.get_state_display())

    @property
    def next_words(self) -> str:
        state = _S(self.back.state)
        if self.did_not_arrive:
            return _("Your refund did not arrive. We send it again.")
        said = self.money_words
        if not said:
            words = OFF_NEXT if self.is_off else NEXT
            said = str(words.get(state, NEXT[state]))
        return f"{said} {rest_words(self.split)}" if state == _S.CLOSED else said

    @cached_property
    def did_not_arrive(self) -> bool:
        """True if a refund of the return failed, and what it was to pay is still owed."""
        failed = any(refund.state == RefundState.FAILED for refund in self.back.refunds.all())
        return failed and self.back.state == _S.REFUNDING and selectors.left_of(self.back) > 0

    @property
    def money_words(self) -> str:
        """Sentences about the money of an accepted return, if nothing is left to refund or a check pays it; else ""."""
        if self.back.state in (_S.ACCEPTED, *selectors.PAID) and not self.has_more:
            said = f"{refunded_words()}."
            return f"{_('It is accepted.')} {said}" if self.back.state == _S.ACCEPTED else said
        if not any(check_words(refund) for refund in self._refunds):
            return ""
        return " ".join(f"{refund_words(refund)}." for refund in self._refunds)

    @property
    def _check_tag(self) -> str:
        """State of a return's check that is to be written, or of the check that paid it alone; else ""."""
        waiting = [refund for refund in self._refunds if refund.state != RefundState.SUCCEEDED]
        words = [check_words(refund) for refund in waiting or self._refunds]
        return capfirst(next(filter(None, words), "")) if waiting or len(words) == 1 else ""

    @cached_property
    def _refunds(self) -> list[Refund]:
        """The refunds of the return that did not fail, oldest first."""
        live = [refund for refund in self.back.refunds.all() if refund.state in LIVE_REFUNDS]
        return sorted(live, key=lambda refund: refund.requested_at)

    @property
    def amount(self) -> str:
        return dollars(self.split.all)

    @property
    def has_money(self) -> bool:
        return self.back.state not in NO_RETURNS

    @property
    def is_fixed(self) -> bool:
        return self.back.refund is not None or not self.has_more

    @property
    def lines(self) -> list[Line]:
        back = self.back
        parts = [(part.part.local_name, part.cents) for part in back.parts.all()]
        lines = money_lines(back)
        lines += [(_("Deducted for: %(part)s") % {"part": name}, f"-{dollars(cents)}") for name, cents in parts]
        total = selectors.worth_of(back)
        given = total - back.expected + sum(cents for _name, cents in parts)
        if back.refund is not None and given:
            lines.append((_("Not deducted, since you always get something back"), dollars(given)))
        return [*lines, *sum_lines(self.split, total)]

    @property
    def promises(self) -> tuple[str, str, str]:
        """Labels for the last day to inspect the CORE, to pay the refund, and to take it off an unpaid invoice."""
        return _("We inspect it by"), _("We pay you by"), _("We take it off the invoice by")

    @property
    def clock(self) -> list[Line]:
        """The last days for what is still to be done."""
        if self.back.state == _S.CLOSED:
            return []
        inspect, pay_out, take_off = self.promises
        last = take_off if self.is_off else pay_out
        days = [(last, policies.paid_by(self.back))] if self.has_more else []
        if self.back.inspected_at is None:
            days.insert(0, (inspect, policies.inspected_by(self.back)))
        return [(words, date_format(day)) for words, day in days if day is not None]

    @property
    def is_late(self) -> bool:
        return policies.is_late(self.back, today=timezone.localdate())

    @property
    def due(self) -> date | None:
        return policies.inspected_by(self.back) if self.back.state == _S.RECEIVED else policies.paid_by(self.back)

    @property
    def can_withdraw(self) -> bool:
        return self.back.state in (_S.REQUESTED, _S.APPROVED, _S.LABEL_SENT)

    @property
    def can_send(self) -> bool:
        return self.back.state == _S.LABEL_SENT

    @property
    def can_be_sent(self) -> bool:
        return self.back.state in (_S.APPROVED, _S.LABEL_SENT)

    @property
    def facts(self) -> list[Line]:
        back = self.back
        rows = [(_("CORE"), back.core.serial), (_("Order"), back.order.number)]
        if back.tracking or back.carrier:
            rows.append((_("Label"), f"{back.get_carrier_display()} {back.tracking}".strip()))
        if back.reason:
            rows.append((_("Reason"), back.reason))
        return [*rows, *self.clock]

    @property
    def timeline(self) -> list[Moment]:
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


def pace_words(*, is_off: bool = False, has_more: bool = True) -> str:
    """Return how soon the office inspects a parcel and pays the refund.

    is_off: the refund comes off an invoice. has_more: False if nothing is left to refund.
    """
    words = _(
        "We inspect the parcel within %(inspected)d working days after it arrives, and pay within %(paid)d working "
        "days after that."
    )
    if not has_more:
        words = _("We inspect the parcel within %(inspected)d working days after it arrives.")
    elif is_off:
        words = _(
            "We inspect the parcel within %(inspected)d working days after it arrives, and take the amount off the "
            "invoice within %(paid)d working days after that."
        )
    return words % {"inspected": INSPECTED_WITHIN, "paid": PAID_OUT_WITHIN}


def sum_lines(split: Split, whole: int) -> list[Line]:
    """Return the last lines of a refund: cents off the invoice, and paid back. whole: cents with earlier refunds."""
    before = whole - split.all
    lines = [(_("Refunded before"), f"-{dollars(before)}")] if before else []
    if split.undivided:
        return [*lines, (_("Comes off the invoice first; the rest goes back"), dollars(split.undivided))]
    if split.off:
        lines.append((_("Comes off the invoice"), dollars(split.off)))
    if split.back or not split.off:
        lines.append((_("Goes back"), dollars(split.back)))
    return lines


def rest_words(split: Split) -> str:
    """Return what is left to do once the money of a return has moved. split: of the return."""
    if not split.left:
        return _("Nothing is left to do.")
    facts = {"left": dollars(split.left), "invoice": split.invoice}
    return _("%(left)s of invoice %(invoice)s is left to pay.") % facts


def refunded_words() -> str:
    """Return the words for a return whose amount was refunded before, without the period."""
    return _("Nothing more goes back, since it was refunded before")


def money_lines(back: Return) -> list[Line]:
    """Return the lines of an expected refund, without the sums."""
    # The smallest refund may limit the deduction; the page shows the real one.
    age_off = back.device + back.fee_back - back.expected
    lines = [(_("Price of the CORE, with its tax"), dollars(back.device))]
    if age_off:
        words = ngettext("Deducted for %(months)d month", "Deducted for %(months)d months", back.age_months)
        lines.append((words % {"months": back.age_months}, f"-{dollars(age_off)}"))
    if back.fee_back:
        lines.append((_("Unused whole months of the fee"), dollars(back.fee_back)))
    return lines


def part_lines(schedule: DeductionSchedule) -> list[Line]:
    return [(part.local_name, percents(part.basis_points)) for part in schedule.parts.order_by("position")]


def version_words(schedule: DeductionSchedule | None) -> str:
    if schedule is None:
        return _("Nothing is deducted.")
    facts = {"version": schedule.version, "day": date_format(timezone.localdate(schedule.published_at))}
    return _("By version %(version)d of %(day)s, which was published when it was bought.") % facts


def later_words(back: Return, say: Callable[[Split], str]) -> str:
    """Return the refund of the CORE's later years in words, or "". say: `to_buyer` or `to_clerk`."""
    words = _("For the unused whole months of a later year: %(money)s.")
    splits = later_splits(back.item, back.requested_at)
    return " ".join(words % {"money": say(split)} for split in splits)


def percents(basis_points: int) -> str:
    """Return hundredths of a percent as text: "12.5 %"."""
    return f"{basis_points / 100:g} %"


EXAMPLES = (0, 6, 12, 24)
"""Ages in months for which the page of a product shows the refund."""


@dataclass(frozen=True, slots=True)
class ScheduleCard:
    schedule: DeductionSchedule

    @property
    def title(self) -> str:
        facts = {"version": self.schedule.version, "day": date_format(timezone.localdate(self.schedule.published_at))}
        return _("Version %(version)d of %(day)s") % facts

    @property
    def steps(self) -> list[Line]:
        words = _("From month %(month)d on")
        steps = self.schedule.steps.order_by("from_months")
        return [(words % {"month": step.from_months}, percents(step.basis_points)) for step in steps]

    @property
    def parts(self) -> list[Line]:
        return part_lines(self.schedule)

    @property
    def lowest(self) -> str:
        return percents(self.schedule.lowest)


def return_lines(product: Product, price: Price, published: Sequence[AgeStep]) -> list[Line]:
    """Return, by age, the refund for a CORE that is bought now and returned complete, without its sales tax."""
    fee = 0 if product.first_year_included else price.yearly_fee
    total = price.cents + fee
    piece = worth.Piece(1, total, price.cents, fee, price.yearly_fee, product.first_year_included)
    paid = piece.paid(1)
    steps = {step.from_months: step.basis_points for step in published}
    least = worth.lowest(paid.device, published[0].schedule.lowest if published else ALL_BASIS_POINTS)
    lines = []
    for months in EXAMPLES:
        off = worth.age_off(paid.device, steps, months)
        left = share_of_year(paid.fee, months)
        back = worth.goes_back(device=paid.device, off=off, least=least, fee_back=left)
        lines.append((_after(months), dollars(back)))
    return lines


def share_of_year(fee: int, months: int) -> int:
    return share(max(worth.MONTHS - months - 1, 0), worth.MONTHS, fee)


def _after(months: int) -> str:
    if not months:
        return _("In the first month")
    return ngettext("After %(months)d month", "After %(months)d months", months) % {"months": months}
